/**
 * `node test/bench/electron/start.ts`: what the app adds to the start of an empty Electron app, measured in turn. Needs a build, and
 * a user and a display with which Electron runs. Prints a table in Markdown.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noElectronReason } from '../../support/electron.ts'
import { renderTable } from '../report.ts'
import { median } from '../statistics.ts'

/** Milliseconds from the start of the process, and of processor time of the main process with its threads. */
interface Reading {
  wall: number
  cpu: number
}
type Moment = 'ready' | 'window' | 'painted'
type Times = Record<Moment, Reading>

const rounds = 15
const root = join(import.meta.dirname, '../../..')
const reason = noElectronReason()
if (reason) {
  process.stderr.write(`Not measured: ${reason}\n`)
  process.exit(1)
}
const electron = join(
  root,
  'node_modules/electron/dist',
  readFileSync(join(root, 'node_modules/electron/path.txt'), 'utf8'),
)
const folder = mkdtempSync(join(tmpdir(), 'carat-start-'))
const emptyApp = join(folder, 'empty')
mkdirSync(emptyApp)
writeFileSync(join(emptyApp, 'package.json'), JSON.stringify({ name: 'empty', version: '0.0.0', main: 'main.cjs' }))
writeFileSync(
  join(emptyApp, 'main.cjs'),
  `const { app, BrowserWindow } = require('electron')
  app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('data:text/html,<p>empty</p>'))`,
)
const apps = {
  empty: [emptyApp],
  ours: [root, `--data=${join(folder, 'data')}`],
}

const measured: Record<keyof typeof apps, Times[]> = { empty: [], ours: [] }
try {
  // The first start of each fills the caches of the disk and the data folder.
  for (let round = -1; round < rounds; round++) {
    for (const name of ['empty', 'ours'] as const) {
      const times = await startOnce(apps[name])
      if (round >= 0) measured[name].push(times)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

const moments: Record<Moment, string> = {
  ready: 'Electron is ready',
  window: 'the first window exists',
  painted: 'its page can be shown',
}
for (const [kind, title] of [
  ['wall', 'Medians in ms until …'],
  ['cpu', 'Processor time of the main process in ms until …'],
] as const) {
  const rows = (Object.keys(moments) as Moment[]).map((moment) => {
    const of = (all: Times[]) => median(all.map((times) => times[moment][kind]))
    const [empty, ours] = [of(measured.empty), of(measured.ours)]
    return [moments[moment], ...[empty, ours, ours - empty].map((ms) => String(Math.round(ms)))]
  })
  process.stdout.write(`${renderTable([title, 'empty app', 'this app', 'added'], rows)}\n\n`)
}

async function startOnce(args: string[]): Promise<Times> {
  const started = Date.now()
  const child = spawn(electron, ['-r', join(import.meta.dirname, 'report-start.cjs'), ...args], {
    env: { ...process.env, CARAT_BENCH_START: String(started) },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'exit')
  const [, times] = /^start (.*)$/m.exec(output) ?? []
  if (!times) throw new Error(`No times from ${args[0]}`)
  return JSON.parse(times)
}

/** Commands of the terminal on a copy of an account: their time on the clock and their highest memory. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Account, onCopy } from './accounts.ts'
import { now } from './calendar.ts'
import type { Goal, Reading } from './report.ts'
import { median } from './statistics.ts'

const rounds = 3
const script = join(import.meta.dirname, '../../scripts/carat.mjs')

/**
 * Loaded by the command and by the script that starts it: each prints the highest memory of its process. The system's own figure,
 * `maxRSS`, begins with that of the process which started it.
 */
const printMemory = `import{readFileSync,writeSync}from'node:fs';process.on('exit',()=>writeSync(2,/VmHWM:.*kB/.exec(readFileSync('/proc/self/status','utf8'))[0]+'\\n'))`
const preload = `--import=data:text/javascript,${encodeURIComponent(printMemory)}`

interface Run {
  seconds: number
  megabytes: number
  output: string
}

/** Medians of some runs. The first run after an installation compiles the code of the command, and does not count. */
function runCommand(dataDir: string, args: string[]): Run {
  const run = (): Run => {
    const begin = performance.now()
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [script, ...args, '--lang', 'en', '--data', dataDir],
      {
        env: { ...process.env, CARAT_NOW: new Date(now).toISOString(), NODE_OPTIONS: preload },
        encoding: 'utf8',
      },
    )
    const seconds = (performance.now() - begin) / 1_000
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    const memory = [...stderr.matchAll(/VmHWM:\s*(\d+) kB/g)].map(([, kilobytes]) => Number(kilobytes))
    return { seconds, megabytes: Math.max(...memory) / 1_024, output: stdout }
  }
  run()
  const runs = Array.from({ length: rounds }, run)
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    megabytes: median(runs.map(({ megabytes }) => megabytes)),
    output: runs[0]?.output ?? '',
  }
}

const reading = (account: Account, name: string, unit: string, value: number, goal?: Goal): Reading => ({
  table: 'Commands of the terminal',
  jobs: account.jobs,
  name,
  unit,
  values: [value],
  goal,
})

export const measureVerify = (account: Account): Promise<Reading[]> =>
  onCopy(account, async (dataDir) => {
    const { seconds, megabytes } = runCommand(dataDir, ['verify'])
    return [
      reading(account, 'verify', 's', seconds, { atMost: 60 }),
      reading(account, 'verify: highest memory', 'MB', megabytes),
    ]
  })

const formats = [
  { format: 'csv', goal: { atMost: 3 }, memoryGoal: { atMost: 100 } },
  { format: 'xlsx', goal: { atMost: 15 }, memoryGoal: { atMost: 100 } },
  { format: 'json' },
  { format: 'zip' },
]

export const measureExports = (account: Account): Promise<Reading[]> =>
  onCopy(account, async (dataDir) =>
    formats.flatMap(({ format, goal, memoryGoal }) => {
      const out = join(dataDir, `export.${format}`)
      const { seconds, megabytes, output } = runCommand(dataDir, ['export', '--format', format, '--out', out])
      const records = Number(/^\d+/.exec(output)?.[0])
      return [
        reading(account, `${format}: records`, '', records),
        reading(account, `${format}: 100,000 records`, 's', (100_000 * seconds) / records, goal),
        reading(account, `${format}: highest memory`, 'MB', megabytes, memoryGoal),
      ]
    }),
  )

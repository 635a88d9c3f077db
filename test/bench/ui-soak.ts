/**
 * Uses the built app in Chromium for hours of virtual time, and prints how much the host, the page, handles, threads and the data
 * folder grow per hour. A trend fails the run. Linux only: it reads /proc.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import Database from 'better-sqlite3'
import { type BrowserHost, type Host, startHost } from '../support/host.ts'
import { type BarePage, openBarePage } from './bare-page.ts'
import { launchBrowser } from './browser.ts'
import { soakRound } from './soak-round.ts'
import { type Sample, type Trend, trendOf } from './trend.ts'
import { type Ahead, installVirtualTime } from './virtual-time.ts'

const root = join(import.meta.dirname, '../..')
const preload = join(import.meta.dirname, 'virtual-time-thread.ts')
const compiled = join(root, '.cache', 'compiled')

/**
 * What is measured, with the growth per virtual hour that is no trend: the account gets some 60 jobs per hour, whose pictures are cached
 * once they were on screen. The page counts after a collection: before, Chromium keeps what it may as long as the machine has memory.
 */
const measures = {
  'host, MB': 5,
  'page, MB': 5,
  'page before a collection, MB': Number.POSITIVE_INFINITY,
  handles: 1,
  threads: 1,
  'data folder, MB': 5,
  'files of the data folder': 100,
} as const
type Measure = keyof typeof measures
const names = Object.keys(measures) as Measure[]

const roundsPerHour = 60
const roundMs = 60_000
const sleepMs = 30 * 60_000
/** Shorter than the pauses after which a connection counts as lost, so that its signs of life arrive in time. */
const stepMs = 5_000
/** Real time for what a step causes, such as a sync. */
const stepPauseMs = 40
const roundsPerSample = 2
const collectionMs = 1_000
const syncLimitMs = 10_000

export interface SoakResult {
  rounds: number
  trends: Record<Measure, Trend>
}

/** Runs for `hours`, a round per virtual minute, and calls `onSample` with what was measured. */
export async function soakUi(hours: number, onSample: (line: string) => void): Promise<SoakResult> {
  if (!process.env.NOBUILD)
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'ignore' })
  const host = await startHost({ args: ['--lang', 'ko'], env: { NODE_COMPILE_CACHE: compiled }, preload })
  const browser = await launchBrowser()
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Measure, Sample[]>
  try {
    const page = await openBarePage(browser, 'about:blank')
    const time = await startVirtualTime(host, page)
    await page.send('Page.navigate', { url: host.url })
    await page.waitFor(() => document.querySelector('#root[data-ready]') !== null)
    const rounds = hours * roundsPerHour
    for (let round = 0; round < rounds; round++) {
      const startedAt = time.clock()
      await soakRound(page, round)
      if (round % roundsPerSample === 0) {
        const values = await measure(host, page, browser)
        for (const name of names) samples[name].push({ at: time.seconds(), value: values[name] })
        const shown = names.map((name) => `${name} ${rounded(values[name])}`).join(' · ')
        onSample(`minute ${round + 1}: ${shown}`)
      }
      await time.endOfRound()
      await untilSynced(host, startedAt)
      if ((round + 1) % roundsPerHour > 0) continue
      await untilSynced(host, await time.sleepAndWake())
    }
    const trends = names.map((name) => [name, trendOf(samples[name], measures[name])])
    return { rounds, trends: Object.fromEntries(trends) as Record<Measure, Trend> }
  } finally {
    await browser.close()
    await host.stop()
  }
}

/** Virtual time of the host's threads and of the documents that the page opens from now on. */
async function startVirtualTime(host: BrowserHost, page: BarePage) {
  await page.send('Page.enable')
  await page.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `globalThis.setAhead = (${installVirtualTime})(globalThis)`,
  })
  const ahead: Ahead = { awake: 0, asleep: 0 }
  const startedAt = performance.now()
  const awake = () => performance.now() - startedAt + ahead.awake
  let roundEndsAt = roundMs

  async function skip(): Promise<void> {
    await page.waitFor(isQuiet)
    host.send(ahead)
    await page.evaluate((next) => (globalThis as { setAhead?: (ahead: object) => void }).setAhead?.(next), ahead)
    await wait(stepPauseMs)
  }
  return {
    /** Since the start, without sleep. */
    seconds: () => awake() / 1_000,
    /** Epoch milliseconds. */
    clock: () => Date.now() + ahead.awake + ahead.asleep,
    /** Lets the rest of the minute pass. */
    async endOfRound() {
      for (let left = roundEndsAt - awake(); left > 0; left = roundEndsAt - awake()) {
        ahead.awake += Math.min(stepMs, left)
        await skip()
      }
      roundEndsAt += roundMs
    },
    /** Returns when the machine woke up. The browser host hears of it by the focus of its window. */
    async sleepAndWake() {
      ahead.asleep += sleepMs
      await skip()
      const wokeAt = this.clock()
      await page.evaluate(() => window.dispatchEvent(new Event('focus')))
      return wokeAt
    },
  }
}

/** Waits for every stream to be read after a time. Rejects after ten seconds. */
async function untilSynced({ dataDir }: Host, time: number): Promise<void> {
  const database = new Database(join(dataDir, 'carat.db'), { readonly: true })
  try {
    const readAt = database.prepare('SELECT min(last_success_at) FROM sync_streams').pluck()
    for (const end = performance.now() + syncLimitMs; (readAt.get() as number) < time; await wait(stepPauseMs)) {
      if (performance.now() > end) throw new Error(`nothing was synced after ${new Date(time).toISOString()}`)
    }
  } finally {
    database.close()
  }
}

/** Runs in the page: whether neither the sync nor a picture is loading. Their time limits would be virtual. */
const isQuiet = () =>
  document.querySelector('[aria-describedby=sync-details] .spin') === null &&
  [...document.images].every(({ complete }) => complete)

async function measure({ pid, dataDir }: Host, page: BarePage, browser: Browser): Promise<Record<Measure, number>> {
  const before = await pageMegabytes(browser)
  await collect(page)
  const files = sizesIn(dataDir)
  return {
    'host, MB': statusOf(pid, 'VmRSS') / 1_000,
    'page, MB': await pageMegabytes(browser),
    'page before a collection, MB': before,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: statusOf(pid, 'Threads'),
    'data folder, MB': files.reduce((sum, size) => sum + size, 0) / 1e6,
    'files of the data folder': files.length,
  }
}

/** Lets the page give back what it does not need, as it does when a machine runs short of memory. */
async function collect(page: BarePage): Promise<void> {
  await page.send('HeapProfiler.collectGarbage')
  await page.send('Memory.simulatePressureNotification', { level: 'critical' })
  await page.send('HeapProfiler.collectGarbage')
  // The system gets the memory back a moment later.
  await wait(collectionMs)
}

/** The page's process is the largest renderer: Chromium keeps an empty one in reserve. */
async function pageMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => statusOf(id, 'VmRSS'))
  return Math.max(...renderers) / 1_000
}

/** A number of a process; memory in kilobytes. */
const statusOf = (pid: number, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** The sizes of all files of a folder, in bytes. */
function sizesIn(folder: string): number[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  // A temporary file may be gone by now.
  return files.flatMap(
    ({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? [],
  )
}

const rounded = (value: number): number => Math.round(value * 10) / 10

/** The result as a table in Markdown. */
export function renderSoak({ trends }: SoakResult): string {
  const rows = names.map((name) => {
    const { from, to, perHour, isRising } = trends[name]
    const allowed = Number.isFinite(measures[name]) ? String(measures[name]) : 'any'
    return `| ${name} | ${rounded(from)} | ${rounded(to)} | ${rounded(perHour)} | ${allowed} | ${isRising ? 'rises' : 'steady'} |`
  })
  return [
    '| After the warm-up | first window | last window | growth per hour | allowed | trend |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n')
}

/**
 * Uses the built app in Chromium for some minutes as a user does, and prints how much the host, the page, handles, threads and
 * the data folder grow per hour. A trend fails the run. Linux only: it reads /proc.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { type Host, startHost } from '../support/host.ts'
import { type BarePage, openBarePage } from './bare-page.ts'
import { launchBrowser } from './browser.ts'
import { type Sample, type Trend, trendOf } from './trend.ts'

const root = join(import.meta.dirname, '../..')

/**
 * What is measured, with the growth per hour that is no trend: the sample account goes on living, and its pictures are cached. The
 * page counts after a collection: before, Chromium keeps what it may as long as the machine has memory.
 */
const measures = {
  'host, MB': 100,
  'page, MB': 100,
  'page before a collection, MB': Number.POSITIVE_INFINITY,
  handles: 20,
  threads: 10,
  'data folder, MB': 100,
} as const
type Measure = keyof typeof measures
const collectionMs = 1_000
const names = Object.keys(measures) as Measure[]

export interface SoakResult {
  rounds: number
  trends: Record<Measure, Trend>
}

/** Runs for `seconds`, and calls `onSample` after each round with what was measured. */
export async function soakUi(seconds: number, onSample: (line: string) => void): Promise<SoakResult> {
  if (!process.env.NOBUILD)
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'ignore' })
  const host = await startHost({ args: ['--lang', 'ko'] })
  const browser = await launchBrowser()
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Measure, Sample[]>
  try {
    const page = await openBarePage(browser, host.url)
    await page.waitFor(() => document.querySelector('#root[data-ready]') !== null)
    const startedAt = performance.now()
    const passed = () => (performance.now() - startedAt) / 1_000
    let rounds = 0
    for (; passed() < seconds; rounds++) {
      await visitScreens(page, rounds)
      const values = await measure(host, page, browser)
      for (const name of names) samples[name].push({ at: passed(), value: values[name] })
      const shown = names.map((name) => `${name} ${round(values[name])}`).join(' · ')
      onSample(`${round(passed())} s, round ${rounds + 1}: ${shown}`)
    }
    const trends = names.map((name) => [name, trendOf(samples[name], measures[name])])
    return { rounds, trends: Object.fromEntries(trends) as Record<Measure, Trend> }
  } finally {
    await browser.close()
    await host.stop()
  }
}

const screens = ['overview', 'library', 'credits', 'refunds', 'help', 'support', 'import', 'settings']
const words = ['고양이', '서울', 'ㄱㅇㅇ', 'video', '봄']

/** One round: every screen, a scroll through the Library, a search, and a job that is opened and closed. */
async function visitScreens(page: BarePage, round: number): Promise<void> {
  for (const screen of screens) {
    await go(page, screen)
    for (let step = 0; step < 3; step++) {
      await page.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 700, y: 500, deltaX: 0, deltaY: 600 })
    }
  }
  await go(page, 'library')
  await type(page, words[round % words.length] as string)
  await page.waitFor(() => location.hash.includes('='))
  await type(page, '')
  await page.waitFor(() => !location.hash.includes('=') && document.querySelector('main [data-job-id]') !== null)
  await page.evaluate(() => document.querySelector<HTMLElement>('main [data-job-id]')?.click())
  await page.waitFor(() => document.querySelector('aside[data-job-id]') !== null)
  await press(page, 'Escape')
}

async function go(page: BarePage, screen: string): Promise<void> {
  await page.evaluate((path) => {
    location.hash = path
  }, `#/${screen}`)
  await page.waitFor(() => document.querySelector('h1') !== null)
}

/** Replaces the text of the search field, as a paste does. */
async function type(page: BarePage, text: string): Promise<void> {
  await page.waitFor(() => document.querySelector('main input[type=search]') !== null)
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('main input[type=search]')
    field?.focus()
    field?.select()
  })
  if (text === '') await press(page, 'Backspace')
  else await page.send('Input.insertText', { text })
}

async function press(page: BarePage, key: 'Escape' | 'Backspace'): Promise<void> {
  const windowsVirtualKeyCode = key === 'Escape' ? 27 : 8
  for (const type of ['rawKeyDown', 'keyUp']) {
    await page.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode })
  }
}

async function measure({ pid, dataDir }: Host, page: BarePage, browser: Browser): Promise<Record<Measure, number>> {
  const before = await pageMegabytes(browser)
  await collect(page)
  return {
    'host, MB': statusOf(pid, 'VmRSS') / 1_000,
    'page, MB': await pageMegabytes(browser),
    'page before a collection, MB': before,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: statusOf(pid, 'Threads'),
    'data folder, MB': bytesIn(dataDir) / 1e6,
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

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  // A temporary file may be gone by now.
  return files.reduce(
    (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

const round = (value: number): number => Math.round(value * 10) / 10

/** The result as a table in Markdown. */
export function renderSoak({ trends }: SoakResult): string {
  const rows = names.map((name) => {
    const { from, to, perHour, isRising } = trends[name]
    const allowed = Number.isFinite(measures[name]) ? String(measures[name]) : 'any'
    return `| ${name} | ${round(from)} | ${round(to)} | ${round(perHour)} | ${allowed} | ${isRising ? 'rises' : 'steady'} |`
  })
  return [
    '| After the warm-up | first window | last window | growth per hour | allowed | trend |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n')
}

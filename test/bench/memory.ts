/**
 * Memory that our processes hold: the host with its threads, and the page's process. Chromium's other processes are not
 * ours. RSS counts the code of Chromium and Node.js in full; PSS divides every page among the processes that share it.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import type { Host } from '../support/host.ts'
import { type Account, onCopy } from './accounts.ts'
import { type BarePage, openBarePage } from './bare-page.ts'
import { launchBrowser, startAppHost } from './browser.ts'
import type { Reading } from './report.ts'
import { scrollGesture, speeds } from './scroll.ts'

const scrollSeconds = 10
const restSeconds = 3
const syncSeconds = 10
const goal = { atMost: 450 } as const

/** Megabytes; `pss` only where the system tells it. */
interface Megabytes {
  rss: number
  pss?: number
}
interface Memory {
  host: Megabytes
  page: Megabytes
}

export async function measureMemory(account: Account): Promise<Reading[]> {
  const atRest = await inLibrary(account, async (app) => {
    await app.page.send('Input.synthesizeScrollGesture', scrollGesture(speeds[0], scrollSeconds))
    await wait(restSeconds * 1_000)
    return memoryOf(app)
  })
  await account.service.set({ feed: 'older', rounds: Number.MAX_SAFE_INTEGER })
  const peak = await inLibrary(account, peakMemory)
  await account.service.set({ rounds: 0 })
  return [...readings(account, 'after scrolling', atRest), ...readings(account, 'peak of a bulk sync', peak)]
}

interface App {
  browser: Browser
  page: BarePage
  host: Host
}

/** Runs `task` on the Library of an account, in a page that nothing else watches. */
async function inLibrary<T>(account: Account, task: (app: App) => Promise<T>): Promise<T> {
  return onCopy(account, async (dataDir) => {
    const browser = await launchBrowser()
    let host: Host | undefined
    try {
      host = await startAppHost(account, dataDir)
      const page = await openBarePage(browser, host.url)
      await page.waitFor(() => document.querySelector('#root[data-ready]') !== null)
      await page.evaluate(() => {
        location.hash = '#/library'
      })
      await page.waitFor(() => document.querySelector('main [data-tile]') !== null)
      return await task({ browser, page, host })
    } finally {
      await browser.close()
      await host?.stop()
    }
  })
}

async function peakMemory(app: App): Promise<Memory> {
  const samples: Memory[] = []
  for (const end = performance.now() + syncSeconds * 1_000; performance.now() < end; await wait(250)) {
    samples.push(await memoryOf(app))
  }
  return samples.reduce((one, other) => (sum(other) > sum(one) ? other : one))
}

const sum = ({ host, page }: Memory) => host.rss + page.rss

function readings({ jobs }: Account, column: string, memory: Memory): Reading[] {
  const common = { table: 'Memory', unit: 'MB', jobs, column } as const
  return [
    { ...common, name: 'host with its threads', values: [memory.host.rss] },
    { ...common, name: 'page', values: [memory.page.rss] },
    { ...common, name: 'all our processes', values: [sum(memory)], goal },
    ...(memory.host.pss !== undefined && memory.page.pss !== undefined
      ? [{ ...common, name: 'all our processes, PSS', values: [memory.host.pss + memory.page.pss] as const }]
      : []),
  ]
}

/** The page's process is the largest renderer: Chromium keeps an empty one in reserve. */
async function memoryOf({ browser, host }: App): Promise<Memory> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => megabytesOf(id))
  const [page] = renderers.toSorted((one, other) => other.rss - one.rss)
  if (!page) throw new Error('The browser has no page.')
  return { host: megabytesOf(host.pid), page }
}

function megabytesOf(pid: number): Megabytes {
  const rss = kilobytes(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
  const shares = `/proc/${pid}/smaps_rollup`
  if (!existsSync(shares)) return { rss }
  return { rss, pss: kilobytes(/^Pss:\s+(\d+)/m.exec(readFileSync(shares, 'utf8'))?.[1]) }
}

const kilobytes = (text: string | undefined) => (Number(text) * 1_024) / 1e6

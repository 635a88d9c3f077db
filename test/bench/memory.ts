/**
 * Memory that our processes hold: the host with its threads, and the page's process. Chromium's other processes are not
 * ours.
 */
import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from './accounts.ts'
import { type App, inLibrary } from './browser.ts'
import type { Reading } from './report.ts'
import { scroll, speeds } from './scroll.ts'

const scrollSeconds = 10
const restSeconds = 3
const syncSeconds = 10
const goal = { atMost: 450 } as const

interface Memory {
  host: number
  page: number
}

export async function measureMemory(account: Account): Promise<Reading[]> {
  const atRest = await inLibrary(account, async (app) => {
    await scroll(app.page, speeds[0], scrollSeconds)
    await wait(restSeconds * 1_000)
    return memoryOf(app)
  })
  await account.service.set({ feed: 'older', rounds: Number.MAX_SAFE_INTEGER })
  const peak = await inLibrary(account, peakMemory)
  await account.service.set({ rounds: 0 })
  return [...readings(account, 'after scrolling', atRest), ...readings(account, 'peak of a bulk sync', peak)]
}

async function peakMemory(app: App): Promise<Memory> {
  const samples: Memory[] = []
  for (const end = performance.now() + syncSeconds * 1_000; performance.now() < end; await wait(250)) {
    samples.push(await memoryOf(app))
  }
  return samples.reduce((one, other) => (sum(other) > sum(one) ? other : one))
}

const sum = ({ host, page }: Memory) => host + page

function readings({ jobs }: Account, column: string, memory: Memory): Reading[] {
  const common = { table: 'Memory', unit: 'MB', jobs, column } as const
  return [
    { ...common, name: 'host with its threads', values: [memory.host] },
    { ...common, name: 'page', values: [memory.page] },
    { ...common, name: 'all our processes', values: [sum(memory)], goal },
  ]
}

/** The page's process is the largest renderer: Chromium keeps an empty one in reserve. */
async function memoryOf({ browser, host }: App): Promise<Memory> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentMegabytes(id))
  return { host: residentMegabytes(host.pid), page: Math.max(...renderers) }
}

function residentMegabytes(pid: number): number {
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024) / 1e6
}

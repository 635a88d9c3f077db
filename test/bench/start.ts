/** From the start of the host's process to the first painted data, for accounts of different sizes in turn. */
import type { Browser } from '@playwright/test'
import { type Account, copyAccount } from './accounts.ts'
import { launchBrowser, newPage, startAppHost } from './browser.ts'
import type { Reading } from './report.ts'
import { median } from './statistics.ts'

const rounds = 7

/** The other accounts are compared with the smallest account. */
export async function measureStart(accounts: Account[]): Promise<Reading[]> {
  const browser = await launchBrowser()
  const starts = accounts.map((account) => ({ account, copy: copyAccount(account), times: [] as number[] }))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { account, copy, times } of starts) times.push(await startOnce(browser, account, copy.path))
    }
  } finally {
    await browser.close()
    for (const { copy } of starts) copy.remove()
  }
  const smallest = median(starts[0]?.times ?? [])
  const ratioName = `start / start at ${accounts[0]?.jobs.toLocaleString('en-US')} jobs`
  return starts.flatMap(({ account: { jobs }, times }): Reading[] => {
    const time = median(times)
    const common = { table: 'In Chromium', jobs } as const
    return [
      { ...common, name: 'start to first painted data', unit: 'ms', values: [time], goal: { atMost: 700 } },
      { ...common, name: ratioName, unit: '', values: [time / smallest], goal: { atMost: 1.05 } },
    ]
  })
}

/** Milliseconds of a start. The page reports the time of its frame; host and page use the same clock. */
async function startOnce(browser: Browser, account: Account, dataDir: string): Promise<number> {
  const page = await newPage(browser)
  await page.addInitScript(markPaint)
  const begin = performance.timeOrigin + performance.now()
  const host = await startAppHost(account, dataDir)
  try {
    await page.goto(host.url)
    const painted = await page.waitForFunction(() => {
      const mark = performance.getEntriesByName('data-painted')[0]
      return mark && performance.timeOrigin + mark.startTime
    })
    return ((await painted.jsonValue()) as number) - begin
  } finally {
    await page.close()
    await host.stop()
  }
}

/** Runs in the page: marks the end of the frame that shows the first data. */
function markPaint(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#root[data-ready]')) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => performance.mark('data-painted')))
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] })
}

/** From the event of a key to the results on screen, in the Library's search. */
import type { Page } from '@playwright/test'
import type { Account } from './accounts.ts'
import { inLibrary } from './browser.ts'
import type { Reading } from './report.ts'
import { quantile } from './statistics.ts'

const mark = 'results-painted'

/** The text of the field after each key. Neighbours share no results, so every key changes the list. */
const texts = (
  '고 바 cat 노을 고야 하느 city 강아ㅈ 사 rain ㄱㅇㅇ 비 neon 꽃 ㅂㄷ 밤 night 눈 바다 moon 하늘 ㄱㅇㅈ sky 사지 robot 카 forest 숲 ocean 별 카페 lake 우주 cloud 도시 ' +
  'train 거리 구름 ㅎㄴ 호수'
).split(' ')

/**
 * Every text is another search that waits for the results of the search before, as for a user who pauses after a key.
 */
export async function measureTyping(account: Account): Promise<Reading[]> {
  const { times, spent } = await inLibrary(account, async ({ page }) => {
    await page.evaluate(watchResults, mark)
    const spend = await watchWork(page)
    const field = page.getByRole('searchbox')
    const times: number[] = []
    for (const text of [...texts, ...texts]) {
      await field.fill(text)
      times.push(await paintedAfter(page, text))
    }
    const spent = await spend()
    return { times, spent }
  })
  const common = { table: 'In Chromium', unit: 'ms', jobs: account.jobs } as const
  return [
    { ...common, name: 'key to painted results, p50', values: [quantile(times, 0.5)] },
    { ...common, name: 'key to painted results, p95', values: [quantile(times, 0.95)], goal: { atMost: 100 } },
    ...spent.map(({ name, seconds }): Reading => {
      return { ...common, name: `${name} per key`, values: [(seconds * 1_000) / times.length] }
    }),
  ]
}

const work = {
  ScriptDuration: 'script',
  RecalcStyleDuration: 'style',
  LayoutDuration: 'layout',
  TaskDuration: 'all tasks',
}

/** The work of the page's thread from now on. It is the processor's time, so other programs change it little. */
async function watchWork(page: Page): Promise<() => Promise<{ name: string; seconds: number }[]>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return Object.keys(work).map((name) => metrics.find((metric) => metric.name === name)?.value ?? 0)
  }
  const before = await read()
  return async () => {
    const after = await read()
    return Object.values(work).map((name, index) => ({ name, seconds: (after[index] ?? 0) - (before[index] ?? 0) }))
  }
}

async function paintedAfter(page: Page, text: string): Promise<number> {
  const measured = await page
    .waitForFunction((name) => performance.getEntriesByName(name)[0]?.duration, mark)
    .catch((cause) => {
      throw new Error(`No other jobs were shown for "${text}".`, { cause })
    })
  await page.evaluate((name) => performance.clearMeasures(name), mark)
  return measured.jsonValue() as Promise<number>
}

/** Runs in the page: measures from each input to the first frame that shows other jobs than before. */
function watchResults(name: string): void {
  const shown = () =>
    [...document.querySelectorAll<HTMLElement>('main [data-job-id]')].map((job) => job.dataset.jobId).join()
  document.addEventListener(
    'input',
    (event) => {
      const before = shown()
      const look = () => {
        const ids = shown()
        if (ids === before || ids === '') return requestAnimationFrame(look)
        // The prepared frame is on screen once the next task runs.
        setTimeout(() => performance.measure(name, { start: event.timeStamp, end: performance.now() }))
      }
      requestAnimationFrame(look)
    },
    true,
  )
}

import { chromium, type Locator, type Page } from '@playwright/test'
import { findBrowser } from '../support/browser.ts'
import { expect, type LibraryPage, test as libraryTest } from '../support/library-page.ts'
import { simulateHistory } from '../support/long-history.ts'

const words = { grid: '격자로 보기', list: '목록으로 보기' }

/** A page with a scroll bar at a real pixel ratio: an emulated ratio does not change the limits of the browser. */
const test = libraryTest.extend<{ ratio: number }>({
  ratio: [1, { option: true }],
  async page({ ratio, locale, timezoneId }, use) {
    const browser = await chromium.launch({
      executablePath: findBrowser(),
      args: [`--force-device-scale-factor=${ratio}`, '--window-size=1280,900'],
      ignoreDefaultArgs: ['--hide-scrollbars'],
    })
    await use(await browser.newPage({ viewport: null, locale, timezoneId }))
    await browser.close()
  },
})

const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length)
const topOf = (job: Locator) => job.evaluate((element) => element.getBoundingClientRect().top)

/** Drags the thumb of the scroll bar between two positions, given as shares of the track. */
async function dragBar(page: Page, library: LibraryPage, from: number, to: number) {
  const { x, top, length } = await library.scrollBar()
  await page.mouse.move(x, top + from * length)
  await page.mouse.down()
  await page.mouse.move(x, top + ((from + to) / 2) * length)
  // A busy browser skips some thumb moves.
  await expect(async () => {
    await page.mouse.move(x, top + to * length)
    expect((await library.scrollBar()).share).toBeCloseTo(to, 1)
  }).toPass()
  await page.mouse.up()
}

for (const [view, ratio] of [
  ['grid', 1.25],
  ['list', 3],
] as const) {
  test.describe(() => {
    test.use({ ratio })

    test(`${view}: reaches the ends and the middle of a million jobs at a pixel ratio of ${ratio}`, async ({
      page,
      library,
    }) => {
      const jobs = 1_000_000
      await simulateHistory(page, { jobs, newest: Date.UTC(2026, 0, 28, 11), spacing: 61_000 })
      await library.open()
      await page.getByRole('button', { name: words[view] }).click()
      const newest = library.job('job-0')
      await expect(page.getByRole('listitem').filter({ has: newest })).toHaveAttribute('aria-setsize', String(jobs))

      await dragBar(page, library, 0, 1)
      const oldest = library.job(`job-${jobs - 1}`)
      await expect(oldest).toBeInViewport({ ratio: 1 })
      await expect(page.getByRole('listitem').filter({ has: oldest })).toHaveAttribute('aria-posinset', String(jobs))

      await dragBar(page, library, 1, 0.5)
      await expect.poll(() => library.numberInView()).toBeLessThan(jobs * 0.6)
      const middle = await library.numberInView()
      expect(middle).toBeGreaterThan(jobs * 0.4)
      expect(await nodes(page)).toBeLessThan(2_000)

      const seen = library.job(`job-${middle + 9}`)
      const before = await topOf(seen)
      await seen.hover()
      await page.mouse.wheel(0, 90)
      // Scroll offsets are whole pixels of the screen, which are up to 0.8 of a pixel of the page here.
      await expect.poll(async () => Math.abs((await topOf(seen)) - (before - 90))).toBeLessThan(0.8)

      await seen.focus()
      await page.keyboard.press('Control+End')
      await expect(oldest).toBeFocused()
      await page.keyboard.press('Control+Home')
      await expect(newest).toBeFocused()
    })
  })
}

test('scrolls half a year of jobs to the end, to a day and along the scrubber, and returns with Back', async ({
  page,
  library,
}) => {
  library.addMany(1_500, 180)
  await library.open()
  await expect(library.job('many-1')).toBeVisible()
  const pictures = new Set<string>()
  page.on('request', (request) => request.resourceType() === 'image' && pictures.add(request.url()))
  await dragBar(page, library, 0, 1)
  await expect(library.job('many-1500')).toBeInViewport({ ratio: 1 })
  await expect(library.job('many-1500').locator('img')).toBeVisible()
  expect(pictures.size).toBeLessThan(150)

  await page.getByRole('button', { name: '날짜로 이동' }).click()
  await page.getByLabel('날짜', { exact: true }).fill('2025-11-15')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '2025. 11. 15. 토요일' })).toBeVisible()
  await expect(library.job('many-591')).toBeFocused()
  await expect(library.job('many-591')).toBeInViewport({ ratio: 1 })

  const scrubber = page.getByRole('slider', { name: '날짜로 이동' })
  await scrubber.press('ArrowDown')
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^2025\. 11\. 14\. 금요일, 차감 \d+\s· /)
  await scrubber.press('PageDown')
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^2025\. 10\. 15\. 수요일/)
  await expect(page.getByRole('heading', { name: '2025. 10. 15. 수요일' })).toBeVisible()

  const { id } = await library.firstInView()
  await page.getByRole('button', { name: words.list }).click()
  await expect(library.job(id)).toBeInViewport()
  await page.getByRole('link', { name: '설정' }).click()
  await page.goBack()
  await expect(library.job(id)).toBeInViewport()
  await scrubber.press('Home')
  await expect(library.job('many-1500')).toBeInViewport()
  expect(await nodes(page)).toBeLessThan(2_000)
})

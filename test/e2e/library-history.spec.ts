import type { Locator, Page } from '@playwright/test'
import { findBrowser } from '../support/browser.ts'
import { expect, type LibraryPage, test } from '../support/library-page.ts'
import { pretendHistory } from '../support/long-history.ts'

// With a scroll bar, and at a pixel ratio that the browser itself knows: the emulated one leaves its limits as they are.
test.use({
  viewport: null,
  launchOptions: {
    executablePath: findBrowser(),
    args: ['--force-device-scale-factor=3', '--window-size=1280,900'],
    ignoreDefaultArgs: ['--hide-scrollbars'],
  },
})

const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length)
const topOf = (job: Locator) => job.evaluate((element) => element.getBoundingClientRect().top)

/** Drags the bar of the list by its thumb, from one share of its way to another. */
async function dragBar(page: Page, library: LibraryPage, from: number, to: number) {
  const { x, top, way } = await library.scrollBar()
  await page.mouse.move(x, top + from * way)
  await page.mouse.down()
  await page.mouse.move(x, top + to * way, { steps: 4 })
  await page.mouse.up()
}

test('a million jobs at three device pixels each: every place by the bar, and pixel by pixel from there', async ({
  page,
  library,
}) => {
  const jobs = 1_000_000
  await pretendHistory(page, { jobs, newest: Date.UTC(2026, 0, 28, 11), spacing: 61_000 })
  await library.open()
  await page.getByRole('button', { name: '목록으로 보기' }).click()
  const newest = library.job('job-0')
  await expect(newest).toBeVisible()
  await expect(page.getByRole('listitem').filter({ has: newest })).toHaveAttribute('aria-setsize', String(jobs))

  await dragBar(page, library, 0, 1)
  const oldest = library.job(`job-${jobs - 1}`)
  await expect(oldest).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('listitem').filter({ has: oldest })).toHaveAttribute('aria-posinset', String(jobs))

  await dragBar(page, library, 1, 0.5)
  await expect(library.jobs.first()).toBeInViewport()
  await expect.poll(() => library.numberInView()).toBeGreaterThan(jobs * 0.4)
  expect(await library.numberInView()).toBeLessThan(jobs * 0.6)
  expect(await nodes(page)).toBeLessThan(2_000)

  const seen = library.job(`job-${(await library.numberInView()) + 9}`)
  const before = await topOf(seen)
  await library.jobs.first().hover()
  await page.mouse.wheel(0, 90)
  await expect.poll(() => topOf(seen)).toBeCloseTo(before - 90, 0)

  await seen.focus()
  await page.keyboard.press('End')
  await expect(oldest).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(library.job(`job-${jobs - 2}`)).toBeFocused()
  await page.keyboard.press('Home')
  await expect(newest).toBeFocused()
})

test('half a year of jobs: to the end, to a day, along the scrubber, and back to where one was', async ({
  page,
  library,
}) => {
  library.addMany(1_500, 180)
  await library.open()
  await expect(library.job('many-1')).toBeVisible()
  await dragBar(page, library, 0, 1)
  await expect(library.job('many-1500')).toBeInViewport({ ratio: 1 })
  await expect(library.job('many-1500').locator('img')).toBeVisible()

  await page.getByRole('button', { name: '날짜로 이동' }).click()
  await page.getByLabel('날짜', { exact: true }).fill('2025-11-15')
  await page.keyboard.press('Enter')
  const ofDay = page.getByRole('heading', { name: '2025. 11. 15. 토요일' })
  await expect(ofDay).toBeVisible()
  const focused = await library.focused()
  expect(focused).toBe('many-593')
  await expect(library.job(focused ?? '')).toBeInViewport({ ratio: 1 })

  const scrubber = page.getByRole('slider', { name: '날짜로 이동' })
  await scrubber.press('ArrowDown')
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^2025\. 11\. 14\. 금요일, 차감 \d+ · /)
  await scrubber.press('PageDown')
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^2025\. 10\. 15\. 수요일/)
  await expect(page.getByRole('heading', { name: '2025. 10. 15. 수요일' })).toBeVisible()

  const seen = await library.firstInView()
  await page.getByRole('button', { name: '목록으로 보기' }).click()
  await expect(library.job(seen.id ?? '')).toBeInViewport()
  await page.getByRole('link', { name: '설정' }).click()
  await page.goBack()
  await expect(library.job(seen.id ?? '')).toBeInViewport()
  await scrubber.press('Home')
  await expect(library.job('many-1500')).toBeInViewport()
  expect(await nodes(page)).toBeLessThan(2_000)
})

test('a model narrows the list, the most used first', async ({ page, library }) => {
  library.addSamples()
  await library.open()
  await page.getByRole('button', { name: '모델' }).click()
  await expect(page.getByRole('menuitemcheckbox')).toHaveText(['Z Image5', 'Seedance 2.0' + '1', 'Seedream 4.01'])
  await page.getByRole('menuitemcheckbox', { name: 'Seedream 4.0' }).click()
  await expect(library.jobs).toHaveCount(1)
  expect(library.address()).toBe('#/library?model=Seedream+4.0')
})

import { expect, type Page } from '@playwright/test'
import { ago, expectAccessible, expectNoSidewaysScrolling, goTo, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { failure } from '../support/fake-service.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const app = withApp('/overview')

/** Failed jobs of models with long names, whose lines have to break. */
function addJobs(): void {
  for (const [minutes, model] of [
    [90, 'Carat Video (LTX)'],
    [80, 'Seedance 2.0'],
  ] as const) {
    const times = { createdAt: ago(minutes), finishedAt: ago(minutes - 1) }
    const failure = { code: 'x', origin: 'system', message: null }
    const { id, agent } = app.service.addJob({ ...times, model, status: 'failed', failure, results: [] })
    app.service.addTransaction({ jobId: id, agent, amount: -33, occurredAt: ago(minutes) })
  }
}

/** The dots between the pieces of a line, and those of them that start a line. */
const dots = (page: Page) =>
  page.evaluate(() => {
    const top = (node: Node, index: number) => {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + 1)
      return range.getBoundingClientRect().top
    }
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = { shown: 0, starting: [] as string[] }
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const text = node.textContent ?? ''
      const at = text.indexOf('·')
      // Texts for screen readers are one pixel wide.
      if (at < 1 || (node.parentElement?.getBoundingClientRect().width ?? 0) <= 1) continue
      found.shown += 1
      if (top(node, at) > top(node, at - 1) + 2) found.starting.push(text)
    }
    return found
  })

/** The texts that reach beyond the right edge of a box that hides what overflows, without an ellipsis. */
const cutTexts = (page: Page) =>
  page.evaluate(() => {
    const hides = (box: Element) => {
      const { overflowX, textOverflow } = getComputedStyle(box)
      return ['hidden', 'clip'].includes(overflowX) && textOverflow !== 'ellipsis'
    }
    const boxesOf = (box: Element | null): Element[] => (box ? [box, ...boxesOf(box.parentElement)] : [])
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const cut: string[] = []
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const range = document.createRange()
      range.selectNodeContents(node)
      const { right, width } = range.getBoundingClientRect()
      const boxes = boxesOf(node.parentElement)
      // Texts for screen readers are one pixel wide or high.
      const isShown = ({ width, height }: DOMRect) => Math.min(width, height) > 1
      if (width === 0 || !boxes.every((box) => isShown(box.getBoundingClientRect()))) continue
      const isEllipsis = boxes.some((box) => getComputedStyle(box).textOverflow === 'ellipsis')
      if (!isEllipsis && boxes.some((box) => hides(box) && box.getBoundingClientRect().right < right - 1))
        cut.push(node.textContent ?? '')
    }
    return cut
  })

for (const lang of ['ko', 'en'] as const) {
  test(`cuts off no text of a narrow window (${lang})`, async ({ page }) => {
    addJobs()
    await page.setViewportSize({ width: 420, height: 820 })
    await app.read(page, { lang })
    await goTo(page, '/refunds')
    await page.locator('[data-refund-status]').first().click()
    await expect(page.getByRole('article')).toBeVisible()
    const opened = new URL(page.url()).hash.slice(1)
    for (const path of [opened, '/refunds', '/overview', '/credits', '/library', '/help', '/settings', '/import']) {
      await goTo(page, path)
      await page.locator('#root[data-ready]').waitFor()
      for (const width of [420, 320]) {
        await page.setViewportSize({ width, height: 820 })
        // Charts are drawn again after the window has changed.
        await expect.poll(() => cutTexts(page), `${path} at ${width} px`).toEqual([])
      }
    }
  })

  test(`keeps the frame of a narrow window small, with targets of 24 px (${lang})`, async ({ page }) => {
    addJobs()
    await page.setViewportSize({ width: 420, height: 820 })
    await app.read(page, { lang })
    const frame = page.getByRole('banner').first()
    expect((await frame.boundingBox())?.height).toBeLessThan(110)
    const targets = await frame
      .locator('a, button')
      .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect()))
    expect(targets.length).toBeGreaterThan(10)
    for (const { width, height } of targets) expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
    await expectAccessible(page)
  })

  test(`starts no line of a narrow window with a dot (${lang})`, async ({ page }) => {
    addJobs()
    await page.setViewportSize({ width: 420, height: 820 })
    await app.read(page, { lang })
    for (const width of [420, 380, 320]) {
      await page.setViewportSize({ width, height: 820 })
      for (const path of ['/overview', '/refunds', '/credits', '/library']) {
        await goTo(page, path)
        await expect(page.getByText('33').first()).toBeVisible()
        const { shown, starting } = await dots(page)
        expect(starting, `${path} at ${width} px`).toEqual([])
        if (path === '/overview') expect(shown).toBeGreaterThan(4)
      }
      await expectNoSidewaysScrolling(page)
    }
  })
}

test('keeps the names of the screens apart in a narrow frame in both languages at once', async ({ page }) => {
  await page.setViewportSize({ width: 420, height: 820 })
  await app.read(page, { lang: 'both' })
  const names = await page
    .getByRole('navigation', { name: /Main/ })
    .locator('a > span:first-of-type')
    .evaluateAll((all) => all.map((name) => name.getBoundingClientRect()))
  expect(names.length).toBe(5)
  for (const [index, { left }] of names.entries()) {
    expect(left).toBeGreaterThanOrEqual(names[index - 1]?.right ?? 0)
  }
})

test('shows every command of the frame without scrolling on a laptop at 175 %', async ({ page }) => {
  await page.setViewportSize({ width: 731, height: 430 })
  await app.read(page)
  const frame = page.getByRole('banner').first()
  const targets = await frame
    .locator('a, button')
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect()))
  expect(targets.length).toBeGreaterThan(10)
  for (const { top, bottom, height } of targets) {
    expect(height).toBeGreaterThanOrEqual(24)
    expect([top >= 0, bottom <= 430]).toEqual([true, true])
  }
  const scrolls = await frame
    .locator('*')
    .evaluateAll(
      (all) =>
        all.filter((e) => e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY === 'auto').length,
    )
  expect(scrolls).toBe(0)
})

test('moves the focus through a narrow frame in the order on screen', async ({ page }) => {
  await page.setViewportSize({ width: 420, height: 820 })
  await app.read(page, { lang: 'en' })
  const positions = await page
    .getByRole('banner')
    .first()
    .locator('a, button')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const { left, top } = element.getBoundingClientRect()
        return Math.round(top / 20) * 1_000 + left
      }),
    )
  expect(positions).toEqual(positions.toSorted((a, b) => a - b))
})

for (const [what, media] of [
  ['in high contrast', { forcedColors: 'active' }],
  ['with reduced motion', { reducedMotion: 'reduce' }],
] as const) {
  test(`explains an error at 400 % ${what}, and its button works by keyboard`, async ({ page }) => {
    app.service.fault(/./, failure(403, 'forbidden'), 1_000)
    // 1280 × 1024 at 400 %.
    await page.setViewportSize({ width: 320, height: 256 })
    await app.open(page, { lang: 'en', synced: false })
    await page.emulateMedia(media)
    const explained = page.getByText('Carat does not allow this account').first()
    await expect(explained).toBeVisible()
    await expectNoSidewaysScrolling(page)
    await expectAccessible(page)
    const button = page.getByRole('button', { name: 'Sync now' }).last()
    const hasFocus = () => button.evaluate((element) => element === document.activeElement)
    for (let presses = 0; presses < 60 && !(await hasFocus()); presses++) await page.keyboard.press('Tab')
    expect(await hasFocus()).toBe(true)
    await expect(button).toBeInViewport()
    app.service.clearFaults()
    await page.keyboard.press('Enter')
    await expect(explained).toHaveCount(0)
  })
}

test('opens another screen of a narrow window at its top', async ({ page }) => {
  addJobs()
  await page.setViewportSize({ width: 420, height: 700 })
  await app.read(page)
  const scrollTo = (top: number) =>
    page.getByRole('main').evaluate((main, top) => {
      main.parentElement?.scrollTo({ top })
      return main.parentElement?.scrollTop
    }, top)
  const scrolled = () => page.getByRole('main').evaluate((main) => main.parentElement?.scrollTop)
  expect(await scrollTo(300)).toBe(300)
  await goTo(page, '/settings')
  expect(await scrolled()).toBe(0)
})

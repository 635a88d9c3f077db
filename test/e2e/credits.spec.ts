import { expect, type Locator, type Page } from '@playwright/test'
import {
  ago,
  breakableRoute,
  cannotBreakRoutes,
  expectAccessible,
  expectNoSidewaysScrolling,
  withApp,
} from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import type { FakeService } from '../support/fake-service.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const day = 24 * 60
const app = withApp('/credits')

type Transaction = NonNullable<Parameters<FakeService['addTransaction']>[0]>
const add = (id: string, minutesAgo: number, amount: number, more: Transaction = {}) =>
  app.service.addTransaction({ id, amount, occurredAt: ago(minutesAgo), ...more })

/** Adds two days with one row of each kind; the balance is 500 now. */
function addRows(): void {
  app.service.account.balance = 500
  const failed = { status: 'failed', failure: { code: 'broken', origin: 'system', message: null }, results: [] }
  app.service.addJob({
    id: 'bottle',
    agent: 'agent-1',
    ...failed,
    createdAt: ago(60),
    finishedAt: ago(59),
    prompt: '유리병',
  })
  app.service.addJob({
    id: 'jar',
    agent: 'agent-2',
    kind: 'audio',
    createdAt: ago(30),
    finishedAt: ago(29),
    prompt: '백자',
  })
  add('jar', 30, -40, { jobId: 'jar', agent: 'agent-2', model: 'Seedream 4.0', source: 'promotion' })
  add('back', 50, 33, { kind: 'refund', agent: 'agent-1', reverses: 'bottle', model: 'LTX', memo: '자동 환불' })
  add('bottle', 60, -33, { jobId: 'bottle', agent: 'agent-1', model: 'LTX', feature: 'video', source: 'subscription' })
  add('talk', 70, -2, { feature: 'chat', agent: 'agent-2', memo: '전시 포스터' })
  add('grant', day + 5, 100, { kind: 'grant', feature: undefined, source: 'promotion' })
  add('expiry', day + 10, -7, { kind: 'expiry', feature: undefined, source: 'daily_free' })
}

const table = (page: Page) => page.getByRole('table', { name: /사용 내역|Credit history/ }).first()
const row = (page: Page, id: string) => page.locator(`[data-transaction-id="${id}"]`)
const cells = (line: Locator) => line.getByRole('cell').allInnerTexts()
const shown = (page: Page) =>
  page
    .locator('[data-transaction-id]')
    .evaluateAll((all) => all.map((line) => line.getAttribute('data-transaction-id')))

const words = {
  ko: {
    header: ['시각', '내용', '에이전트', '크레딧 종류', '환불 상태', '변동', '잔액'],
    days: ['오늘 1. 28. 수요일\n차감 75 · 환불 33', '어제 1. 27. 화요일\n차감 0 · 환불 0'],
    jar: ['20:30', 'Seedream 4.0\n백자', '2.0', '프로모션', '완료', '−40', '500'],
    back: ['20:10', 'LTX\n자동 환불', '1.0', '', '20:00 차감을 되돌림', '+33', '540'],
    talk: ['19:50', '대화\n전시 포스터', '2.0', '', '', '−2', '540'],
    grant: ['20:55', '지급', '', '프로모션', '', '+100', '542'],
    chips: ['전체 6', '차감 3', '환불 1', '지급 1', '충전 0', '만료 1', '조정 0'],
    upgrade: /^충전·업그레이드/,
    left: '남은 크레딧',
    period: '최근 30일',
  },
  en: {
    header: ['Time', 'Item', 'Agent', 'Credit kind', 'Refund status', 'Change', 'Balance'],
    days: ['Today, Wednesday, Jan 28\nCharged 75 · refunded 33', 'Yesterday, Tuesday, Jan 27\nCharged 0 · refunded 0'],
    jar: ['20:30', 'Seedream 4.0\n백자', '2.0', 'Promotional', 'Completed', '−40', '500'],
    back: ['20:10', 'LTX\n자동 환불', '1.0', '', 'Reverses 20:00', '+33', '540'],
    talk: ['19:50', 'Chat\n전시 포스터', '2.0', '', '', '−2', '540'],
    grant: ['20:55', 'Grant', '', 'Promotional', '', '+100', '542'],
    chips: ['All 6', 'Charge 3', 'Refund 1', 'Grant 1', 'Top-up 0', 'Expiry 1', 'Adjustment 0'],
    upgrade: /^Top up or upgrade/,
    left: 'Credits left',
    period: 'Last 30 days',
  },
}

for (const lang of ['ko', 'en'] as const) {
  const text = words[lang]

  test(`${lang}: shows the purpose, refund status and balance of each row`, async ({ page }) => {
    addRows()
    await app.read(page, { lang })
    await expect(table(page).getByRole('columnheader')).toHaveText(text.header)
    const days = table(page)
      .getByRole('row')
      .filter({ has: page.locator('strong') })
    await expect(days).toHaveCount(2)
    expect(await days.allInnerTexts()).toEqual(text.days)
    for (const id of ['jar', 'back', 'talk', 'grant'] as const) {
      const found = (await cells(row(page, id))).map((cell) => cell.replace(/^(Agent|에이전트) \d\.0\n?/, ''))
      expect(found).toEqual(text[id])
    }
    await expect(row(page, 'jar')).toHaveAttribute('data-job-id', 'jar')
    await expect(row(page, 'jar')).toHaveAttribute('data-refund-status', 'completed')
    for (const chip of text.chips) await expect(page.getByRole('button', { name: chip, exact: true })).toBeVisible()

    await expect(page.getByRole('region', { name: text.left })).toContainText('500')
    const period = page.getByRole('region', { name: text.period })
    await expect(period.getByRole('row')).toHaveCount(1 + 30)
    await expect(period.getByRole('row').last().getByRole('cell')).toHaveText(['75', '33'])
    const upgrade = page.getByRole('main').getByRole('link', { name: text.upgrade })
    await expect(upgrade).toHaveAttribute('href', 'https://carat.im/en/upgrade')
    await expect(upgrade).toHaveAttribute('target', '_blank')
  })
}

test('links a charge to its job and its case', async ({ page }) => {
  addRows()
  await app.read(page)
  await row(page, 'bottle').getByRole('link', { name: '환불됨' }).click()
  await expect(page).toHaveURL(/#\/refunds\/job%3Aagent-1%3Abottle$/)
  await page.goBack()
  await row(page, 'jar').getByRole('link', { name: /백자/ }).click()
  await expect(page).toHaveURL(/#\/library\/agent-2\/jar$/)
})

test('filters the ledger by kind, feature and text, and updates the counts', async ({ page }) => {
  addRows()
  await app.read(page)
  await page.getByRole('button', { name: '차감 3' }).click()
  await expect(row(page, 'grant')).toHaveCount(0)
  expect(await shown(page)).toEqual(['jar', 'bottle', 'talk'])

  await page.getByRole('button', { name: '기능' }).click()
  await page.getByRole('menuitemcheckbox', { name: /^영상/ }).click()
  await page.keyboard.press('Escape')
  await expect(row(page, 'jar')).toHaveCount(0)
  expect(await shown(page)).toEqual(['bottle'])
  await expect(page).toHaveURL(/#\/credits\?kind=charge&feature=video$/)
  await expect(page.getByRole('button', { name: '전체 1' })).toBeVisible()
  await expect(page.getByRole('button', { name: '환불 0' })).toBeDisabled()

  const search = page.getByRole('searchbox', { name: '내역 검색' })
  await search.fill('없는 말')
  await expect(page.getByText('맞는 내역이 없어요')).toBeVisible()
  await page.getByRole('link', { name: '전체 보기' }).click()
  await expect(search).toHaveValue('')
  await expect(row(page, 'grant')).toBeVisible()
  await search.fill('포스')
  await expect(row(page, 'jar')).toHaveCount(0)
  expect(await shown(page)).toEqual(['talk'])
})

test('filters rows, counts and days by agent', async ({ page }) => {
  addRows()
  await app.read(page)
  await page.getByRole('button', { name: '에이전트 1.0' }).click()
  await expect(row(page, 'jar')).toHaveCount(0)
  expect(await shown(page)).toEqual(['back', 'bottle'])
  await expect(page.getByRole('button', { name: '전체 2' })).toBeVisible()
  await expect(page.getByRole('region', { name: '최근 30일' }).getByRole('row').last().getByRole('cell')).toHaveText([
    '33',
    '33',
  ])
})

/** Adds a new refund, `count` other rows, the charge of the refund, and ten older rows. */
function addMany(count: number): void {
  add('refund', 1, 5, { kind: 'refund', reverses: 'charge', memo: '늦은 환불' })
  for (let number = 0; number < count; number++) add(`row-${number}`, 10 + number * 7, -1, { feature: 'chat' })
  add('charge', 10 + count * 7, -5, { feature: 'chat', memo: '오래된 차감' })
  for (let number = 0; number < 10; number++) add(`old-${number}`, 20 + count * 7 + number, -1, { feature: 'chat' })
}

test('scrolls a long ledger to its last row with few elements and sticky headings', async ({ page }) => {
  test.slow()
  addMany(1_500)
  await app.read(page)
  await expect(row(page, 'refund')).toBeVisible()
  await page.locator('main').hover()
  await expect(async () => {
    await page.mouse.wheel(0, 20_000)
    await expect(row(page, 'old-9')).toBeVisible({ timeout: 200 })
  }).toPass({ intervals: [50] })
  expect(await page.locator('main *').count()).toBeLessThan(2_000)

  // The columns and the day stay above the rows.
  const columns = await table(page).getByRole('row').first().boundingBox()
  const heading = table(page).getByRole('row').nth(1)
  await expect(heading).toContainText(/^\d+\. \d+\./)
  expect((await heading.boundingBox())?.y).toBe((columns?.y ?? 0) + (columns?.height ?? 0))
})

test('jumps from a refund to its charge far below, and stays there after a reload', async ({ page }) => {
  addMany(1_500)
  await app.read(page)
  await row(page, 'refund')
    .getByRole('link', { name: /차감을 되돌림$/ })
    .focus()
  await page.keyboard.press('Enter')
  await expect(row(page, 'charge')).toBeInViewport()
  await expect(row(page, 'charge')).toHaveAttribute('aria-current', 'true')
  await expect(row(page, 'charge').getByRole('cell', { name: /오래된 차감/ })).toBeFocused()
  await expect(row(page, 'old-0')).toBeVisible()
  await page.reload()
  await expect(row(page, 'charge')).toBeInViewport()
  await page.getByRole('link', { name: '최신 내역부터 보기' }).click()
  await expect(row(page, 'refund')).toBeInViewport()
})

test('jumps within the viewport without moving other rows, and can jump again', async ({ page }) => {
  addRows()
  await app.read(page)
  const jump = row(page, 'back').getByRole('link', { name: '20:00 차감을 되돌림' })
  const charge = row(page, 'bottle').getByRole('cell', { name: /유리병/ })
  for (let time = 0; time < 2; time++) {
    await jump.focus()
    await page.keyboard.press('Enter')
    await expect(charge).toBeFocused()
  }
  expect(await shown(page)).toEqual(['jar', 'back', 'bottle', 'talk', 'grant', 'expiry'])
})

test('clears the filter if it hides the charge to jump to', async ({ page }) => {
  addRows()
  await app.read(page, { path: '/credits?kind=refund' })
  await expect(row(page, 'bottle')).toHaveCount(0)
  await row(page, 'back').getByRole('link', { name: '20:00 차감을 되돌림' }).click()
  await expect(row(page, 'bottle')).toHaveAttribute('aria-current', 'true')
  await expect(page).toHaveURL(/#\/credits\?row=bottle$/)
})

test('keeps the rows in view in place when a row arrives at the top', async ({ page }) => {
  addMany(300)
  await app.open(page)
  await row(page, 'row-3').hover()
  await page.mouse.wheel(0, 2_000)
  const idInTheMiddle = () =>
    page.evaluate(
      () => document.elementFromPoint(700, 500)?.closest<HTMLElement>('[data-transaction-id]')?.dataset.transactionId,
    )
  await expect.poll(idInTheMiddle).toMatch(/^row-[3-9]\d$/)
  const reading = row(page, (await idInTheMiddle()) ?? '')
  const place = async () => Math.round((await reading.boundingBox())?.y ?? 0)
  const before = await place()
  add('newest', 0, -3, { feature: 'chat' })
  await expect(page.getByRole('button', { name: '전체 313' })).toBeAttached()
  await expect.poll(place).toBe(before)
})

test('keeps and marks a retracted row, and leaves it out of the totals', async ({ page }) => {
  addRows()
  await app.open(page)
  await expect(row(page, 'talk')).toBeVisible()
  app.service.retractTransaction('talk')
  app.service.trimLog()
  await page.getByRole('button', { name: '지금 동기화' }).click()
  await expect(row(page, 'talk')).toContainText('Carat에 더 이상 없음')
  await expect(row(page, 'talk').locator('s')).toHaveText('−2')
  await expect(table(page).getByRole('row').filter({ hasText: '오늘 1. 28. 수요일' })).toContainText('차감 73')
})

for (const lang of ['ko', 'en', 'both'] as const) {
  test(`${lang}: fits every width and passes the accessibility rules`, async ({ page }) => {
    // Axe reads the whole page twice.
    test.slow()
    addRows()
    app.service.account.balances = [{ source: 'promotion', amount: 500, expiresAt: ago(-3 * day) }]
    add('long', 5, -1, { feature: 'image', memo: '아주 긴 메모 '.repeat(100), source: 'subscription' })
    await app.read(page, { lang })
    for (const width of [1280, 1000, 700, 320]) {
      await page.setViewportSize({ width, height: 900 })
      await expect(row(page, 'jar')).toBeVisible()
      await expectNoSidewaysScrolling(page)
    }
    const days = page.getByRole('region', { name: /최근 14일|Last 14 days/ }).getByRole('row')
    await expect(days).toHaveCount(1 + 14)
    const [item, time] = await Promise.all([
      row(page, 'jar').getByRole('cell', { name: /백자/ }).boundingBox(),
      row(page, 'jar').getByRole('cell', { name: '20:30' }).boundingBox(),
    ])
    expect(time?.y).toBeGreaterThanOrEqual((item?.y ?? 0) + (item?.height ?? 0))
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectAccessible(page)
  })
}

test('shows an empty history, then an error with a way to retry', cannotBreakRoutes, async ({ page }) => {
  const list = await breakableRoute(page, 'credits.list')
  await app.open(page)
  await expect(page.getByText('아직 내역이 없어요')).toBeVisible()
  await expect(page.getByText('최근 30일 동안 차감이나 환불이 없었어요.')).toBeVisible()
  list.isBroken = true
  await page.getByRole('button', { name: '에이전트 1.0' }).click()
  await expect(page.getByRole('alert')).toContainText('불러오지 못했어요')
  list.isBroken = false
  await page.getByRole('alert').getByRole('button', { name: '다시 시도' }).click()
  await expect(page.getByText('아직 내역이 없어요')).toBeVisible()
})

test('focuses the search field of the ledger when / is pressed', async ({ page }) => {
  addRows()
  await app.read(page)
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: '내역 검색' })).toBeFocused()
})

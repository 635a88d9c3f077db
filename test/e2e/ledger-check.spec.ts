import { expect, type Page } from '@playwright/test'
import {
  ago,
  breakableRoute,
  cannotBreakRoutes,
  expectAccessible,
  expectNoSidewaysScrolling,
  goTo,
  withApp,
} from '../support/app-page.ts'
import { test } from '../support/app-test.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const app = withApp()
test.beforeEach(() => {
  app.service.addTransaction({ id: 'gift', kind: 'grant', amount: 100, balanceAfter: 1_100, occurredAt: ago(300) })
})

const titles = { ko: '장부 확인', en: 'Check of the ledger', both: 'Check of the ledger' }
async function openCheck(page: Page, lang: 'ko' | 'en' | 'both', open = app.read) {
  Object.assign(app.service.account, { balanceAsOf: ago(0) })
  await open(page, { path: '/credits', lang })
  return page.getByRole('region', { name: titles[lang] })
}

/** Adds a prompt that was charged twice within a minute, and a refund without a charge. */
function addFindings(): void {
  for (const [id, at] of [
    ['a', ago(120)],
    ['b', ago(119.5)],
  ] as const) {
    app.service.addJob({ id, createdAt: at, prompt: '백자 달항아리' })
    app.service.addTransaction({ id: `${id}-charge`, jobId: id, agent: 'agent-1', occurredAt: at })
  }
  app.service.addTransaction({ id: 'stray', kind: 'refund', amount: 7, occurredAt: ago(60) })
}

for (const lang of ['ko', 'en'] as const) {
  test(`${lang}: shows one line if the ledger adds up`, async ({ page }) => {
    app.service.account.balance = 1_100
    const check = await openCheck(page, lang)
    await expect(check.getByRole('paragraph')).toHaveText([
      lang === 'ko'
        ? '내역을 모두 더하면 Carat이 알려 준 잔액과 같아요. 살펴볼 것도 없어요.'
        : 'The history adds up to the balance that Carat states, and nothing needs a look.',
    ])
    await expect(check.getByRole('listitem')).toHaveCount(0)
  })

  test(`${lang}: shows each finding with its amount and links to its case and rows`, async ({ page }) => {
    addFindings()
    app.service.account.balance = 1_000
    const check = await openCheck(page, lang)
    await expect(check).toContainText(
      lang === 'ko' ? '87 크레딧 적어요. 여기에 있는 기록으로는 설명되지 않아요.' : '87 credits less than',
    )
    await expect(check.locator('[data-finding]')).toHaveCount(2)
    await expect(check.locator('[data-finding="refund_without_charge"]')).toContainText(/7 (크레딧|credits)/)
    const twice = check.locator('[data-finding="double_charge"]')
    await expect(twice).toContainText('백자 달항아리')
    await expect(twice.getByRole('link').first()).toHaveAttribute('href', '#/refunds/job%3Aagent-1%3Ab')
    await twice.getByRole('link').last().click()
    await expect(page.locator('[data-transaction-id="b-charge"][aria-current]')).toBeVisible()
  })
}

test('explains a difference by a grant that lapsed without an entry', async ({ page }) => {
  app.service.addTransaction({ kind: 'grant', amount: 60, expiresAt: ago(1), occurredAt: ago(40) })
  app.service.account.balance = 1_120
  const check = await openCheck(page, 'ko')
  await expect(check).toContainText('40 크레딧 적어요. 이렇게 설명할 수 있어요.')
  await expect(check.getByRole('listitem')).toHaveText([
    '1. 28.까지 40 크레딧의 기한이 지났는데, 그 만료 1건이 내역에 없어요.',
  ])
})

for (const lang of ['ko', 'en'] as const) {
  test(`${lang}: offers a request to support about a difference that nothing explains`, async ({ page }) => {
    app.service.account.balance = 600
    const check = await openCheck(page, lang, app.open)
    const request = check.locator('[data-unexplained="-500"]')
    await expect(request).toContainText('account-1')
    await expect(request).toContainText('1,100')
    await expect(request).toContainText(lang === 'ko' ? '500 크레딧은 설명되지 않아요' : 'cannot explain 500 credits')
    await request.getByRole('button').click()
    const copied = page.getByText(lang === 'ko' ? '복사하고 문의 기록에 남겼어요' : 'Copied and kept in the diary')
    await expect(copied).toBeVisible()
    await expectAccessible(page)
    await request.getByRole('button').click()
    await goTo(page, '/support')
    const entry = page.getByRole('article', { name: lang === 'ko' ? '크레딧 잔액과 사용 내역이' : 'My balance and my' })
    await expect(entry).toHaveCount(1)
    await expect(entry).toHaveAttribute('data-state', 'draft')
  })

  test(`${lang}: shows a balance below zero in every screen`, async ({ page }) => {
    const { account } = app.service
    app.service.addTransaction({
      id: 'void',
      kind: 'adjustment',
      amount: -2_733,
      balanceAfter: -1_633,
      occurredAt: ago(60),
    })
    Object.assign(account, { balance: -1_633, balances: [] })
    const check = await openCheck(page, lang)
    const below = lang === 'ko' ? '0보다 1,633 크레딧 적어요' : '1,633 credits below zero'
    await expect(page.getByRole('main')).toContainText(below)
    await expect(page.locator('[data-transaction-id="void"]')).toContainText('−1,633')
    await expect(check).toContainText(lang === 'ko' ? 'Carat이 알려 준 잔액과 같아요' : 'adds up to the balance')
    await page.setViewportSize({ width: 320, height: 640 })
    await expectNoSidewaysScrolling(page)
    await goTo(page, '/overview')
    await expect(page.getByRole('main')).toContainText(below)
    await expectNoSidewaysScrolling(page)
  })
}

test('shows an error with a way to retry if the check fails', cannotBreakRoutes, async ({ page }) => {
  const reconcile = await breakableRoute(page, 'credits.reconcile')
  reconcile.isBroken = true
  app.service.account.balance = 1_100
  const check = await openCheck(page, 'ko')
  await expect(check.getByRole('alert')).toContainText('장부를 확인하지 못했어요')
  reconcile.isBroken = false
  await check.getByRole('button', { name: '다시 시도' }).click()
  await expect(check).toContainText('Carat이 알려 준 잔액과 같아요')
})

test('shows an error with a way to retry if the days cannot be read', cannotBreakRoutes, async ({ page }) => {
  const summary = await breakableRoute(page, 'credits.summary')
  summary.isBroken = true
  await openCheck(page, 'ko')
  const alert = page.getByRole('alert').filter({ hasText: '날짜별 차감과 환불을 불러오지 못했어요' })
  await expect(alert).toBeVisible()
  summary.isBroken = false
  await alert.getByRole('button', { name: '다시 시도' }).click()
  await expect(page.getByRole('heading', { name: '최근 30일' })).toBeVisible()
})

test('fits findings into a narrow window in both languages and passes the accessibility rules', async ({ page }) => {
  addFindings()
  await page.setViewportSize({ width: 320, height: 640 })
  const check = await openCheck(page, 'both')
  await expect(check.locator('[data-finding]')).toHaveCount(2)
  await expectNoSidewaysScrolling(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await expectAccessible(page)
})

import { expect } from '@playwright/test'
import {
  ago,
  breakableRoute,
  cannotBreakRoutes,
  expectAccessible,
  expectNoSidewaysScrolling,
  withApp,
} from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { type FakeService, failure } from '../support/fake-service.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const day = 24 * 60
const app = withApp('/overview')

type Job = Parameters<FakeService['addJob']>[0] & { id: string; amount: number; minutesAgo: number }

/** A job with its charge. The account waits 10 minutes for a refund and 30 for a result. */
function add({ amount, minutesAgo, ...job }: Job): void {
  const at = ago(minutesAgo)
  const made = app.service.addJob({ agent: 'agent-1', kind: 'audio', createdAt: at, finishedAt: at, ...job })
  const { id, agent } = made
  app.service.addTransaction({ id: `charge-${id}`, jobId: id, agent, amount: -amount, occurredAt: at })
}
const refund = (jobId: string, amount: number, minutesAgo: number) =>
  app.service.addTransaction({ kind: 'refund', jobId, amount, occurredAt: ago(minutesAgo) })
const failed = (origin: string) => ({
  status: 'failed',
  failure: { code: 'render_timeout', origin, message: null },
  results: [],
})
const talk = (amount: number, minutesAgo: number) =>
  app.service.addTransaction({ feature: 'chat', agent: 'agent-2', amount: -amount, occurredAt: ago(minutesAgo) })

/** Adds records for every segment of the flow. */
function addEverything(): void {
  app.service.account.balance = 846
  app.service.account.balances = [
    { source: 'subscription', amount: 746, expiresAt: ago(-20 * day) },
    { source: 'promotion', amount: 100, expiresAt: ago(-3 * day) },
  ]
  add({ id: 'done', amount: 10, minutesAgo: 700, prompt: '가지에 달린 감 두 개' })
  add({ id: 'new', amount: 20, minutesAgo: 60, agent: 'agent-2', prompt: '달빛 아래 밤바다' })
  talk(2, 650)
  add({ id: 'back', amount: 14, minutesAgo: 2 * day, ...failed('system') })
  refund('back', 14, 2 * day - 5)
  add({ id: 'waiting', amount: 40, minutesAgo: 4, ...failed('system') })
  add({ id: 'running', amount: 8, minutesAgo: 3, status: 'running', finishedAt: null, results: [] })
  add({ id: 'lost', amount: 33, minutesAgo: 90, model: 'Carat Video (LTX)', ...failed('system') })
  app.service.addTransaction({ id: 'alone', feature: 'video', agent: 'agent-2', amount: -30, occurredAt: ago(300) })
  // Before the period: open cases are shown nevertheless.
  add({ id: 'blocked', amount: 5, minutesAgo: 60 * day, agent: 'agent-2', ...failed('policy') })
}

const words = {
  ko: {
    period: '최근 30일 · 2025. 12. 30. – 1. 28.',
    sentence: '157 크레딧을 썼고, 그중 63 크레딧은 확인이 필요해요',
    flow: '크레딧이 간 곳',
    parts: {
      '결과를 받음': ['3019%', '/library?status=completed&status=partially_refunded&days=30'],
      '대화·검색 등': ['2', '/credits?kind=charge&feature=chat&feature=web_search&feature=file_analysis&feature=code'],
      환불됨: ['14', '/refunds?group=refunded'],
      '환불 예정': ['40', '/refunds?status=refund_pending'],
      '진행 중': ['8', '/refunds?status=in_progress'],
      '확인할 것': ['63', '/refunds?status=refund_missing&status=result_missing&status=needs_review'],
    },
    attention: '확인할 것',
    row: ['환불 내역이 없어요', '시스템 오류로 실패 · Carat Video (LTX) · 오늘 19:30', '33 크레딧', '1시간 지남'],
    review: '살펴보기 환불 내역이 없어요',
    waiting: /^기다리는 중 2건\s· 환불 예정 40 크레딧\s· \d분 남음\s· 진행 중 8 크레딧$/,
    credits: '내 크레딧',
    balance: ['846', '프로모션', '100', '1. 31. 만료 · 3일 후', '구독', '746', '2. 17. 만료'],
    topUp: /^충전/,
    newest: '새 결과',
    byDay: '날마다',
    today: ['1. 28. 수요일', '143', '0'],
  },
  en: {
    period: 'Last 30 days · Dec 30, 2025 – Jan 28',
    sentence: 'You used 157 credits. 63 of them need a look.',
    flow: 'Where the credits went',
    parts: {
      'Results received': ['3019%', '/library?status=completed&status=partially_refunded&days=30'],
      'Chat and search': [
        '2',
        '/credits?kind=charge&feature=chat&feature=web_search&feature=file_analysis&feature=code',
      ],
      Refunded: ['14', '/refunds?group=refunded'],
      'Refund expected': ['40', '/refunds?status=refund_pending'],
      'In progress': ['8', '/refunds?status=in_progress'],
      'To check': ['63', '/refunds?status=refund_missing&status=result_missing&status=needs_review'],
    },
    attention: 'To check',
    row: ['We can’t find the refund', 'System failure · Carat Video (LTX) · Today 19:30', '33 credits', '1h overdue'],
    review: 'Review We can’t find the refund',
    waiting: /^2 waiting\s· refund of 40 credits expected\s· \dm left\s· 8 credits in progress$/,
    credits: 'My Credits',
    balance: ['846', 'Promotional', '100', 'Expires Jan 31 · in 3 days', 'Subscription', '746', 'Expires Feb 17'],
    topUp: /^Top up/,
    newest: 'New results',
    byDay: 'By day',
    today: ['Wednesday, Jan 28', '143', '0'],
  },
}

for (const lang of ['ko', 'en'] as const) {
  const text = words[lang]

  test(`${lang}: shows the summary, its segments, open cases, credits and new results`, async ({ page }) => {
    addEverything()
    await app.read(page, { lang })
    await expect(page.getByText(text.period)).toBeVisible()
    await expect(page.getByRole('heading', { name: text.sentence })).toBeVisible()

    const parts = page.getByRole('list', { name: text.flow }).getByRole('listitem')
    await expect(parts).toHaveCount(Object.keys(text.parts).length)
    for (const [name, [amount, path]] of Object.entries(text.parts)) {
      const link = parts.getByRole('link', { name, exact: false }).and(page.getByText(`${name}${amount}`))
      await expect(link).toHaveAttribute('href', `#${path}`)
    }

    const attention = page.getByRole('region', { name: text.attention })
    const rows = attention.locator('li[data-refund-status]')
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-refund-status')))).toEqual([
      'refund_missing',
      'result_missing',
      'needs_review',
    ])
    const lost = attention.locator('[data-job-id="lost"]')
    await expect(lost).toHaveAttribute('data-agent', 'agent-1')
    for (const part of text.row) await expect(lost.getByText(part, { exact: true }).first()).toBeVisible()
    await expect(attention.locator('p', { hasText: text.waiting })).toBeVisible()

    const balance = page.getByRole('region', { name: text.credits })
    for (const part of text.balance) await expect(balance.getByText(part, { exact: true })).toBeVisible()
    const topUp = balance.getByRole('link', { name: text.topUp })
    await expect(topUp).toHaveAttribute('href', 'https://carat.im/en/upgrade')
    await expect(topUp).toHaveAttribute('target', '_blank')

    const newest = page.getByRole('region', { name: text.newest }).locator('[data-job-id]')
    expect(await newest.evaluateAll((all) => all.map((tile) => tile.getAttribute('data-job-id')))).toEqual([
      'new',
      'done',
    ])

    const days = page.getByRole('region', { name: text.byDay }).getByRole('row')
    await expect(days).toHaveCount(1 + 14)
    await expect(days.last().getByRole('rowheader')).toHaveText(text.today[0] ?? '')
    await expect(days.last().getByRole('cell')).toHaveText(text.today.slice(1))

    await attention.getByRole('link', { name: text.review }).click()
    await expect(page).toHaveURL(/#\/refunds\/job%3Aagent-1%3Alost$/)
  })
}

test('links each segment, the newest results and the days to their screens', async ({ page }) => {
  addEverything()
  await app.read(page)
  await page.getByRole('link', { name: /^환불됨/ }).click()
  await expect(page).toHaveURL(/#\/refunds\?group=refunded$/)
  await page.goBack()
  await page.getByRole('link', { name: '달빛 아래 밤바다' }).click()
  await expect(page).toHaveURL(/#\/library\/agent-2\/new$/)
  await page.goBack()
  await page.getByRole('link', { name: '사용 내역 보기' }).click()
  await expect(page).toHaveURL(/#\/credits$/)
})

test('filters everything but the balance by agent', async ({ page }) => {
  addEverything()
  await app.read(page)
  const main = page.getByRole('main')
  await page.getByRole('button', { name: '에이전트 1.0' }).click()
  await expect(page.getByRole('heading', { name: '105 크레딧을 썼고, 그중 33 크레딧은 확인이 필요해요' })).toBeVisible()
  await expect(main.locator('[data-agent="agent-2"]')).toHaveCount(0)
  await expect(main.locator('[data-job-id="lost"]')).toBeVisible()
  await page.getByRole('button', { name: '에이전트 2.0' }).click()
  await expect(page.getByRole('heading', { name: '52 크레딧을 썼고, 그중 30 크레딧은 확인이 필요해요' })).toBeVisible()
  await expect(main.locator('[data-agent="agent-1"]')).toHaveCount(0)
  await expect(main.locator('[data-job-id="blocked"]')).toBeVisible()
  await expect(page.getByRole('region', { name: '내 크레딧' })).toContainText('846')
})

test.describe('the summary', () => {
  const cases: [name: string, records: () => void, sentence: string][] = [
    [
      'an account with nothing to check',
      () => add({ id: 'done', amount: 10, minutesAgo: 60 }),
      '10 크레딧을 썼고, 확인할 것은 없어요',
    ],
    [
      'an account without recent use',
      () => add({ id: 'old', amount: 10, minutesAgo: 60 * day }),
      '이 기간에 쓴 크레딧이 없어요',
    ],
    [
      'an account without recent use but with an open case',
      () => add({ id: 'old', amount: 10, minutesAgo: 60 * day, ...failed('policy') }),
      '이 기간에 쓴 크레딧은 없지만, 확인할 것이 1건 있어요',
    ],
    ['an empty account', () => {}, '아직 쓴 크레딧이 없어요'],
  ]
  for (const [name, records, sentence] of cases) {
    test(`describes ${name}`, async ({ page }) => {
      records()
      await app.read(page)
      await expect(page.getByRole('heading', { name: sentence })).toBeVisible()
      const nothing = page.getByText('확인할 것이 없어요', { exact: true })
      await expect(nothing).toHaveCount(sentence.includes('1건') ? 0 : 1)
      await expect(page.getByText('아직 결과가 없어요')).toHaveCount(
        name === 'an empty account' ? 1 : sentence.includes('1건') ? 1 : 0,
      )
    })
  }
})

test('says that the history is unread, and updates the sentence after a sync', async ({ page }) => {
  addEverything()
  app.service.fault('/v1/credits/transactions', failure(503, 'unavailable'), 1_000)
  await app.open(page, { synced: false, lang: 'en' })
  await expect(page.getByRole('heading', { name: 'No history has been read yet.' })).toBeVisible()
  await expect(page.getByText('Nothing to check so far')).toBeVisible()
  await expect(page.getByRole('region', { name: 'By day' })).toContainText('No history has been read yet.')
  const syncNow = page.getByRole('main').getByRole('button', { name: 'Sync now' })
  // A run that is still under way would succeed by itself once the faults are cleared.
  await expect(syncNow).toBeEnabled()
  app.service.clearFaults()
  await syncNow.click()
  await expect(page.getByRole('heading', { name: 'You used 157 credits. 63 of them need a look.' })).toBeVisible()
})

test('updates the screen when a refund arrives', async ({ page }) => {
  add({ id: 'lost', amount: 33, minutesAgo: 90, ...failed('system') })
  await app.open(page)
  await expect(page.getByRole('heading', { name: '33 크레딧을 썼고, 그중 33 크레딧은 확인이 필요해요' })).toBeVisible()
  refund('lost', 33, 0)
  await expect(page.getByRole('heading', { name: '33 크레딧을 썼고, 확인할 것은 없어요' })).toBeVisible()
  await expect(page.locator('main [data-job-id="lost"]')).toHaveCount(0)
})

test('shows an error with a way to retry if the Overview cannot be read', cannotBreakRoutes, async ({ page }) => {
  add({ id: 'done', amount: 10, minutesAgo: 60 })
  const overview = await breakableRoute(page, 'overview.get')
  overview.isBroken = true
  await app.open(page, { path: '/credits' })
  await page.getByRole('link', { name: '한눈에 보기' }).click()
  await expect(page.getByRole('alert')).toContainText('불러오지 못했어요')
  overview.isBroken = false
  await page.getByRole('alert').getByRole('button', { name: '다시 시도' }).click()
  await expect(page.getByRole('heading', { name: '10 크레딧을 썼고, 확인할 것은 없어요' })).toBeVisible()
})

for (const lang of ['ko', 'en', 'both'] as const) {
  test(`${lang}: fits every width and passes the accessibility rules`, async ({ page }) => {
    addEverything()
    add({ id: 'long', amount: 1, minutesAgo: 30, prompt: '아주 긴 프롬프트 '.repeat(200) })
    // Axe reads the whole page twice.
    test.slow()
    await app.read(page, { lang })
    await expect(page.locator('main [data-job-id="lost"]')).toBeVisible()
    for (const width of [1280, 1000, 700, 320]) {
      await page.setViewportSize({ width, height: 800 })
      await expectNoSidewaysScrolling(page)
      const newest = page.locator('main [data-job-id="new"]')
      await expect(newest).toBeVisible()
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectAccessible(page)
  })
}

test('reaches every link with the keyboard', async ({ page }) => {
  addEverything()
  await app.read(page)
  const reached: string[] = []
  await page.getByRole('main').focus()
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute('href') ?? ''))
  }
  for (const href of [
    '#/refunds?group=refunded',
    '#/refunds/job%3Aagent-1%3Alost',
    '#/library/agent-2/new',
    '#/credits',
  ]) {
    expect(reached).toContain(href)
  }
})

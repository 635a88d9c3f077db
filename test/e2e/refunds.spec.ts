import { expect, type Locator, type Page } from '@playwright/test'
import { ago, expectAccessible, expectNoSidewaysScrolling, goTo, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { type FakeService, failure } from '../support/fake-service.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const app = withApp()

type Job = Parameters<FakeService['addJob']>[0] & { id: string; amount?: number; minutesAgo: number }

/** A job with its charge. The account waits 10 minutes for a refund and 30 for a result. */
function add({ amount = 10, minutesAgo, ...job }: Job): void {
  const at = ago(minutesAgo)
  app.service.addJob({ agent: 'agent-1', chatUrl: `https://carat.im/chat/${job.id}`, createdAt: at, ...job })
  if (amount > 0) charge({ id: `charge-${job.id}`, jobId: job.id, amount: -amount, occurredAt: at })
}
const charge = (row: Parameters<FakeService['addTransaction']>[0]) => app.service.addTransaction(row)
const refund = (jobId: string, amount: number, minutesAgo: number) =>
  charge({ id: `refund-${jobId}`, kind: 'refund', jobId, amount, occurredAt: ago(minutesAgo) })
const failed = (origin: string) => ({
  status: 'failed',
  failure: { code: 'render_timeout', origin, message: null },
  results: [],
})

/** Adds one case for each of most statuses. */
function addCases(): void {
  add({ id: 'lost', ...failed('system'), prompt: '노을 지는 종이학', amount: 33, minutesAgo: 90, finishedAt: ago(80) })
  charge({ id: 'alone', feature: 'video', amount: -30, occurredAt: ago(300), agent: 'agent-2', model: 'Seedance 2.0' })
  add({ id: 'blocked', ...failed('policy'), agent: 'agent-2', amount: 20, minutesAgo: 200, finishedAt: ago(199) })
  add({ id: 'waiting', ...failed('system'), amount: 40, minutesAgo: 6, finishedAt: ago(5) })
  add({ id: 'running', status: 'running', results: [], amount: 8, minutesAgo: 3, finishedAt: null })
  add({ id: 'back', ...failed('system'), amount: 14, minutesAgo: 500, finishedAt: ago(499) })
  refund('back', 14, 495)
  add({ id: 'part', kind: 'audio', amount: 40, minutesAgo: 600, finishedAt: ago(599) })
  refund('part', 10, 598)
  add({ id: 'done', kind: 'audio', minutesAgo: 700, finishedAt: ago(699) })
}

const open = (page: Page, path: string, lang: 'ko' | 'en' = 'ko', synced = true) =>
  app.open(page, { path, lang, synced })
const read = (page: Page, path: string, lang: 'ko' | 'en' = 'ko') => app.read(page, { path, lang })
const rows = (page: Page) => page.getByRole('list').locator('a[data-refund-status]')
const statuses = (list: Locator) => list.evaluateAll((all) => all.map((row) => row.getAttribute('data-refund-status')))
const panel = (page: Page) => page.getByRole('article')

const words = {
  ko: {
    chips: ['열린 건 5', '환불됨 2', '전체 8'],
    sections: ['확인할 것 3 83 크레딧', '기다리는 중 2 48 크레딧', '최근 끝난 건 2 24 크레딧'],
    row: ['환불 내역 없음', '33', '노을 지는 종이학', '1시간 지남', 'Z Image'],
    verdict: '환불 내역이 없어요',
    owed: '돌려받을 크레딧 33',
    evidence: [
      '시스템 오류로 실패했어요',
      '33 크레딧이 차감됐어요',
      '환불 기록이 없어요',
      '기한이 지난 뒤에 다시 읽었어요',
    ],
    source: '에이전트 1.0 · 21:00',
    track: ['실패', '환불 기한 10분', '1시간 10분 지남', '지금 21:00'],
    change: '환불 33 크레딧이 기록되거나 차감이 취소되면 ‘환불됨’으로 바뀌어요.',
    support: '문의 내용 만들기',
  },
  en: {
    chips: ['Open 5', 'Refunded 2', 'All 8'],
    sections: ['To check 3 83 credits', 'Waiting 2 48 credits', 'Recently closed 2 24 credits'],
    row: ['Refund not found', '33', '노을 지는 종이학', '1h overdue', 'Z Image'],
    verdict: 'We can’t find the refund',
    owed: 'Outstanding 33',
    evidence: [
      'It failed as a system failure',
      'Charged: 33 credits',
      'No refund is on record',
      'Read again after the wait ended',
    ],
    source: 'Agent 1.0 · 21:00',
    track: ['Failed', '10m wait', '1h 10m overdue', 'Now 21:00'],
    change: 'If a refund of 33 credits is recorded or the charge is withdrawn, this becomes “Refunded”.',
    support: 'Prepare a support request',
  },
}

for (const lang of ['ko', 'en'] as const) {
  const { chips, sections, row, verdict, owed, evidence, source, track, change, support } = words[lang]

  test(`${lang}: shows the verdict, then the evidence, then one next step`, async ({ page }) => {
    addCases()
    await read(page, '/refunds', lang)
    for (const chip of chips) await expect(page.getByRole('button', { name: chip, exact: true })).toBeVisible()
    for (const section of sections)
      await expect(page.getByRole('listitem').filter({ hasText: collapse(section) })).toBeVisible()
    expect(await statuses(rows(page))).toEqual([
      'refund_missing',
      'result_missing',
      'needs_review',
      'refund_pending',
      'in_progress',
      'refunded',
      'partially_refunded',
    ])
    await expect(rows(page).first()).toHaveAttribute('data-job-id', 'lost')
    await expect(rows(page).first()).toHaveAttribute('data-agent', 'agent-1')
    for (const text of row) await expect(rows(page).first()).toContainText(text)

    const opened = panel(page)
    await expect(opened.getByRole('heading', { name: verdict })).toBeVisible()
    await expect(opened.getByText(collapse(owed))).toBeVisible()
    for (const text of [...track, ...evidence, change])
      await expect(opened.getByText(text, { exact: true })).toBeVisible()
    await expect(opened.getByText(source, { exact: true })).toBeVisible()
    await expect(opened.getByRole('link', { name: support })).toHaveAttribute(
      'href',
      '#/support/new?case=job%3Aagent-1%3Alost',
    )
  })
}

/** Matches the text with any or no space between its words. */
const collapse = (text: string) => new RegExp(text.replaceAll(' ', '\\s*'))

test('opens the case of an address with any id', async ({ page }) => {
  const id = 'a/b?c#d 100% %2F:고양이'
  addCases()
  add({ id, kind: 'audio', minutesAgo: 800, finishedAt: ago(799) })
  await read(page, `/refunds/${encodeURIComponent(`job:agent-1:${id}`)}`, 'en')
  await expect(panel(page).getByRole('heading', { name: 'The result was delivered' })).toBeVisible()
  await goTo(page, '/refunds/charge%3Aalone?group=all')
  await expect(panel(page).getByRole('heading', { name: 'There is a charge, but no job' })).toBeVisible()
  await expect(page.locator('a[aria-current="true"]')).toHaveAttribute('data-refund-status', 'result_missing')
  await goTo(page, '/refunds/job%3Aagent-1%3Anothing')
  await expect(panel(page).getByRole('alert')).toContainText('This case could not be loaded')
})

test('filters the list by chip and by a status in the address', async ({ page }) => {
  addCases()
  await read(page, '/refunds')
  await page.getByRole('button', { name: '환불됨 2' }).click()
  await expect(page.getByRole('button', { name: '환불됨 2' })).toHaveAttribute('aria-pressed', 'true')
  await expect(rows(page)).toHaveCount(2)
  await expect(panel(page).getByRole('heading', { name: '환불됐어요' })).toBeVisible()
  await page.getByRole('button', { name: '전체 8' }).click()
  await expect(rows(page)).toHaveCount(8)
  await goTo(page, '/refunds?group=all&status=completed')
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: '환불 상태 필터 지우기' }).click()
  await expect(rows(page)).toHaveCount(8)
})

test('makes the list one tab stop and moves through it with the arrow keys', async ({ page }) => {
  addCases()
  await read(page, '/refunds')
  await expect(rows(page)).toHaveCount(7)
  await page.getByRole('button', { name: '전체 8' }).focus()
  await page.keyboard.press('Tab')
  await expect(rows(page).nth(0)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(rows(page).nth(2)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panel(page).getByRole('heading', { name: '콘텐츠 정책에 따라 중단됐어요' })).toBeVisible()
  await page.keyboard.press('End')
  await expect(rows(page).last()).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(rows(page).last()).not.toBeFocused()
  await expect(rows(page).and(page.locator(':focus'))).toHaveCount(0)
})

test('shows the refund rule before any way to support for a case to review', async ({ page }) => {
  addCases()
  await read(page, '/refunds/job%3Aagent-2%3Ablocked')
  const rule = panel(page).getByRole('region', { name: 'Carat의 환불 규칙' })
  await expect(rule).toContainText('이용약관 제26조')
  await expect(rule.getByRole('link', { name: '원하지 않는 결과 도움말' })).toHaveAttribute(
    'href',
    /^https:\/\/carat\.im\//,
  )
  await expect(rule.getByRole('link', { name: 'Carat 이용약관 제26조' })).toHaveAttribute(
    'href',
    /^https:\/\/carat\.im\//,
  )
  const chat = panel(page).getByRole('link', { name: '채팅 열기' }).last()
  await expect(chat).toHaveAttribute('href', 'https://carat.im/chat/blocked')
  const contact = panel(page).getByRole('link', { name: '문의 내용 만들기' })
  const follows = await rule.evaluate(
    (first, second) => Boolean(first.compareDocumentPosition(second as Node) & Node.DOCUMENT_POSITION_FOLLOWING),
    await contact.elementHandle(),
  )
  expect(follows).toBe(true)
})

test('names unread streams, and decides the case after a sync', async ({ page }) => {
  add({ id: 'lost', ...failed('system'), amount: 33, minutesAgo: 15, finishedAt: ago(14) })
  // More rows than the first page of a listing has.
  for (let number = 0; number < 110; number++) charge({ feature: 'chat', amount: -1, occurredAt: ago(20 + number) })
  const credits = '/v1/credits/transactions'
  app.service.fault((request) => request.path === credits && 'page' in request.query, failure(500, 'internal'), 1_000)
  await open(page, '/refunds', 'ko', false)

  const row = page.locator('a[data-job-id="lost"]')
  await expect(row).toHaveAttribute('data-refund-status', 'cannot_tell')
  await expect(row).toContainText('사용 내역 아직 다 읽지 않음')
  await expect(panel(page).getByRole('heading', { name: '환불됐는지 아직 알 수 없어요' })).toBeVisible()
  await expect(panel(page).getByText('아직 끝까지 읽지 못했어요')).toBeVisible()

  const syncNow = panel(page).getByRole('button', { name: '지금 동기화' })
  // A run that is still under way would succeed by itself once the faults are cleared.
  await expect(syncNow).toBeEnabled()
  app.service.clearFaults()
  await syncNow.click()
  await expect(row).toHaveAttribute('data-refund-status', 'refund_missing')
  await expect(panel(page).getByRole('heading', { name: '환불 내역이 없어요' })).toBeVisible()
})

test('updates the open case when a refund arrives', async ({ page }) => {
  addCases()
  await open(page, '/refunds/job%3Aagent-1%3Alost', 'en')
  await expect(panel(page).getByRole('heading', { name: 'We can’t find the refund' })).toBeVisible()
  refund('lost', 33, 0)
  await expect(panel(page).getByRole('heading', { name: 'It was refunded' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Refunded 3' })).toBeVisible()
})

test('counts down the wait by the minute', async ({ page }) => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  app.service.addJob({ id: 'waiting', ...failed('system'), createdAt: minutesAgo(6), finishedAt: minutesAgo(5) })
  charge({ id: 'charge-waiting', jobId: 'waiting', amount: -40, occurredAt: minutesAgo(6) })
  await app.open(page, { path: '/refunds/job%3Aagent-1%3Awaiting', realClock: true, pageClock: true })
  const left = panel(page)
    .getByText(/^\d분 남음$/)
    .first()
  await expect(left).toHaveText('4분 남음')
  await page.clock.fastForward('01:00')
  await expect(left).toHaveText('3분 남음')
})

test('shows the list, then the case, then the list again in a narrow window', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  addCases()
  await read(page, '/refunds')
  await expect(rows(page).first()).toBeVisible()
  await expect(panel(page)).toHaveCount(0)
  await rows(page).nth(1).click()
  await expect(panel(page)).toBeFocused()
  await expect(panel(page)).toHaveAttribute('data-refund-status', 'result_missing')
  await expect(rows(page)).toHaveCount(0)
  await expectNoSidewaysScrolling(page)
  await page.getByRole('main').getByRole('link', { name: '환불', exact: true }).click()
  await expect(rows(page).nth(1)).toBeFocused()
})

test('says that no case is open, and links to all cases', async ({ page }) => {
  add({ id: 'done', kind: 'audio', minutesAgo: 700, finishedAt: ago(699) })
  await read(page, '/refunds')
  await expect(page.getByRole('heading', { name: '열린 건이 없어요' })).toBeVisible()
  await page.getByRole('link', { name: '전체 보기' }).click()
  await expect(rows(page)).toHaveCount(1)
})

test('passes the accessibility rules', async ({ page }) => {
  addCases()
  await read(page, '/refunds/job%3Aagent-2%3Ablocked')
  await expect(panel(page).getByRole('heading').first()).toBeVisible()
  await expectAccessible(page)
})

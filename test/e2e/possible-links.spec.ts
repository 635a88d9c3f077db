import { expect, type Page } from '@playwright/test'
import { ago, expectAccessible, goTo, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'

const app = withApp()

const failed = { status: 'failed', failure: { code: 'timeout', origin: 'system', message: null }, results: [] }

/** Two failed jobs of one price with one refund between them, a charge near an uncharged job, and half of four results. */
function addHistory(): void {
  for (const [id, prompt, minutes] of [
    ['first', '비 오는 골목의 고양이', 300],
    ['second', '눈 내리는 산사의 아침', 290],
  ] as const) {
    const at = ago(minutes)
    app.service.addJob({ id, ...failed, prompt, kind: 'video', model: 'Kling', createdAt: at, finishedAt: at })
    app.service.addTransaction({ id: `charge-${id}`, jobId: id, feature: 'video', amount: -33, occurredAt: at })
  }
  app.service.addTransaction({ id: 'nameless', kind: 'refund', feature: 'video', amount: 33, occurredAt: ago(280) })
  const at = ago(200)
  app.service.addJob({ id: 'free', prompt: '벚꽃 길을 걷는 여우', agent: 'agent-2', createdAt: at, finishedAt: at })
  app.service.addTransaction({ id: 'loose', amount: -10, occurredAt: at })
  app.service.addJob({
    id: 'half',
    prompt: '바다 위의 등대 네 장',
    requestedResults: 4,
    createdAt: ago(100),
    finishedAt: ago(99),
  })
  app.service.addTransaction({ id: 'charge-half', jobId: 'half', amount: -132, occurredAt: ago(100) })
}

const words = {
  ko: {
    refund: '환불됐을 수 있어요',
    line: '33 크레딧 환불이 어느 작업의 것인지 기록에 없어요',
    cases: '이 환불을 받았을 수 있는 다른 건',
    job: '차감에 작업이 적혀 있지 않아요',
    jobs: '이 차감이 쓰였을 수 있는 작업',
    half: '결과는 일부만 나왔는데 전부 차감됐어요',
    results: '결과 4개 가운데 1개가 나왔어요',
  },
  en: {
    refund: 'It may have been refunded',
    line: 'A refund of 33 credits names no job on record',
    cases: 'Other cases to which the refund may belong',
    job: 'The charge names no job',
    jobs: 'Jobs that this charge may be for',
    half: 'Only some results came, at the full price',
    results: '1 of 4 results came',
  },
} as const

const panel = (page: Page) => page.getByRole('article')

for (const lang of ['ko', 'en'] as const) {
  test(`names the other case of a refund without ids, and the job near a charge, in ${lang}`, async ({ page }) => {
    addHistory()
    const said = words[lang]
    await app.open(page, { path: '/refunds/job:agent-1:first', lang, synced: true })
    await expect(panel(page).getByRole('heading', { name: said.refund })).toBeVisible()
    await expect(panel(page).getByText(said.line)).toBeVisible()
    const others = panel(page).getByRole('region', { name: said.cases })
    await expect(others.getByRole('link')).toHaveText(['눈 내리는 산사의 아침'])
    await expectAccessible(page)
    await others.getByRole('link').click()
    await expect(panel(page).getByRole('region', { name: said.cases }).getByRole('link')).toHaveText([
      '비 오는 골목의 고양이',
    ])

    await goTo(page, '/refunds/charge:loose')
    await expect(panel(page).getByRole('heading', { name: said.job })).toBeVisible()
    await panel(page)
      .getByRole('region', { name: said.jobs })
      .getByRole('link', { name: '벚꽃 길을 걷는 여우' })
      .click()
    await expect(page).toHaveURL(/\/library\/agent-2\/free/)

    await goTo(page, '/refunds/job:agent-1:half')
    await expect(panel(page).getByRole('heading', { name: said.half })).toBeVisible()
    await expect(panel(page).getByText(said.results)).toBeVisible()
  })
}

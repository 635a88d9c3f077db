// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

/** The three paths of the help, each followed to its answer with the records of the account. */
import { expect, type Page } from '@playwright/test'
import { ago, expectAccessible, expectNoSidewaysScrolling, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { failure } from '../support/fake-service.ts'

const app = withApp()

type Lang = 'ko' | 'en' | 'both'
const open = (page: Page, path: string, lang: Lang = 'ko') => app.open(page, { path, lang })
const read = (page: Page, path: string, lang: Lang = 'ko') => app.read(page, { path, lang })
const main = (page: Page) => page.getByRole('main')
const answer = (page: Page, kind: string) => main(page).locator(`[data-answer="${kind}"]`)

/** Adds a charge without a job from two hours ago, and a result of the other agent four minutes later. */
function addLostCharge(): void {
  const model = 'Seedance 2.0'
  app.service.addTransaction({
    id: 'lost',
    feature: 'video',
    model,
    agent: 'agent-1',
    amount: -30,
    occurredAt: ago(120),
  })
  const made = {
    kind: 'video',
    model,
    agent: 'agent-2',
    prompt: '달빛 아래 잔잔한 밤바다',
    createdAt: ago(116),
  } as const
  app.service.addJob({ ...made, id: 'sea', chatUrl: 'https://carat.im/?tab=v2&chat=sea' })
  app.service.addTransaction({
    id: 'sea-charge',
    feature: 'video',
    agent: 'agent-2',
    jobId: 'sea',
    occurredAt: ago(116),
  })
}

const words = {
  ko: {
    notRefunded: '이 차감의 환불 기록이 없어요. 오늘 21:00까지 읽었어요.',
    choose: '이 결과예요',
    notHere: '여기에 없어요',
    inAgent2: '에이전트 2.0에 있어요',
    chat: '채팅 열기',
    wider: '더 넓은 시간대에서 찾기',
    noOther: '다른 로그인은 쓰지 않았어요',
    other: '다른 로그인으로 만들었어요',
    elsewhere: '다른 로그인에 있어요',
    unexplained: '차감만 있고 작업이 없어요',
    prepare: '문의 내용 만들기',
    anotherOne: '나온 결과는 찾던 것이 아니었어요.',
    delivered: '결과가 나왔어요',
    notThis: '이 결과가 아니에요',
    unwanted: '결과가 마음에 들지 않아요',
    again: '다른 결과 고르기',
    search: '프롬프트나 채팅 제목으로 찾기',
    kept: 'Carat의 목록에서는 사라졌지만 여기에는 남아 있어요.',
    nowhere: '이 컴퓨터에서는 찾지 못했어요',
    rule: 'Carat의 환불 규칙',
  },
  en: {
    notRefunded: 'No refund of this charge is on record. Read up to today 21:00.',
    choose: 'This is it',
    notHere: 'It is not here',
    inAgent2: 'It is in Agent 2.0',
    chat: 'Open chat',
    wider: 'Search a wider time',
    noOther: 'I used no other sign-in',
    other: 'I used another sign-in',
    elsewhere: 'It belongs to another sign-in',
    unexplained: 'There is a charge, but no job',
    prepare: 'Prepare a support request',
    anotherOne: 'The result that was made is not the one you want.',
    delivered: 'The result was delivered',
    notThis: 'This is not it',
    unwanted: 'The result is not what I wanted',
    again: 'Choose another result',
    search: 'Search prompts and chat titles',
    kept: 'Carat no longer lists it, but it is kept here.',
    nowhere: 'It was not found on this computer',
    rule: 'Carat’s refund rule',
  },
}

for (const lang of ['ko', 'en'] as const) {
  const say = words[lang]

  test(`${lang}: finds a missing result in the other agent, and returns one step with Back`, async ({ page }) => {
    addLostCharge()
    await read(page, '/help/no-result', lang)
    await main(page).locator('[data-refund-status="result_missing"]').getByRole('link').click()
    await expect(main(page).getByText(say.notRefunded)).toBeVisible()
    const candidate = main(page).locator('[data-job-id="sea"][data-agent="agent-2"]')
    await candidate.getByRole('link', { name: say.choose }).click()
    await expect(answer(page, 'found').getByRole('heading', { name: say.inAgent2 })).toBeFocused()
    await expect(answer(page, 'found').getByRole('link', { name: say.chat })).toHaveAttribute(
      'href',
      'https://carat.im/?tab=v2&chat=sea',
    )
    await page.goBack()
    await expect(candidate).toBeVisible()
    await expect(answer(page, 'found')).toHaveCount(0)
  })

  test(`${lang}: offers a message to support if nothing explains a missing result`, async ({ page }) => {
    addLostCharge()
    app.service.addJob({ id: 'earlier', agent: 'agent-1', createdAt: ago(8 * 60) })
    await read(page, '/help/no-result?case=charge%3Alost', lang)
    const candidates = main(page).locator('li[data-job-id]')
    await expect(candidates).toHaveCount(1)
    await main(page).getByRole('link', { name: say.wider }).click()
    await expect(candidates).toHaveCount(2)
    await main(page).getByRole('link', { name: say.notHere }).click()
    await expect(main(page).getByText('haneul@example.com')).toBeVisible()
    await main(page).getByRole('link', { name: say.noOther }).click()
    await expect(answer(page, 'contact').getByRole('heading', { name: say.unexplained })).toBeVisible()
    await answer(page, 'contact').getByRole('link', { name: say.prepare }).click()
    await expect(page).toHaveURL(/#\/support\/new\?case=charge%3Alost$/)
  })

  test(`${lang}: finds missing works in the other agent, on this computer or nowhere`, async ({ page }) => {
    addLostCharge()
    app.service.addJob({ id: 'moon', agent: 'agent-1', prompt: '백자 달항아리' })
    await open(page, '/help/missing', lang)
    await main(page).getByRole('searchbox', { name: say.search }).fill('밤바다')
    await main(page).locator('[data-job-id="sea"]').getByRole('link', { name: say.choose }).click()
    await expect(answer(page, 'found').getByRole('heading', { name: say.inAgent2 })).toBeVisible()

    app.service.deleteJob('moon')
    await page
      .getByRole('button', { name: lang === 'ko' ? '지금 동기화' : 'Sync now' })
      .first()
      .click()
    await main(page)
      .getByRole('link', { name: lang === 'ko' ? '처음부터' : 'Start over' })
      .click()
    await expect(main(page).getByText(/1개도 여기에 남아|1 job that Carat no longer lists/)).toBeVisible()
    await main(page).getByRole('searchbox', { name: say.search }).fill('달항아리')
    await main(page).locator('[data-job-id="moon"]').getByRole('link', { name: say.choose }).click()
    await expect(answer(page, 'found').getByText(say.kept)).toBeVisible()

    await page.goBack()
    await main(page).getByRole('link', { name: say.notHere }).click()
    await main(page).getByRole('link', { name: say.other }).click()
    await expect(answer(page, 'otherSignIn').getByRole('heading', { name: say.elsewhere })).toBeVisible()
    await page.goBack()
    await main(page).getByRole('link', { name: say.noOther }).click()
    await expect(answer(page, 'elsewhere').getByRole('heading', { name: say.nowhere })).toBeVisible()
  })

  test(`${lang}: offers no support for a delivered charge, even if the user wanted another result`, async ({
    page,
  }) => {
    addLostCharge()
    await read(page, '/help/no-result?case=job%3Aagent-2%3Asea', lang)
    await expect(answer(page, 'found').getByRole('heading', { name: say.inAgent2 })).toBeVisible()
    await main(page).getByRole('link', { name: say.notThis }).click()
    await main(page).getByRole('link', { name: say.notHere }).click()
    await main(page).getByRole('link', { name: say.noOther }).click()
    const ending = answer(page, 'delivered')
    await expect(ending.getByRole('heading', { name: say.delivered })).toBeVisible()
    await expect(main(page).getByText(say.anotherOne)).toBeVisible()
    await expect(main(page).locator('a[href*="/support"], a[href^="mailto:"]')).toHaveCount(0)
    await ending.getByRole('link', { name: say.unwanted }).click()
    await expect(page).toHaveURL(/#\/help\/unwanted\?result=agent-2%2Fsea$/)
  })

  test(`${lang}: shows the rule, the verdict and the chat of an unwanted result, but not support`, async ({ page }) => {
    addLostCharge()
    await read(page, '/help/unwanted', lang)
    const rule = main(page).getByRole('region', { name: say.rule })
    await expect(rule).toContainText(/제26조|Article 26/)
    await main(page).locator('[data-job-id="sea"]').getByRole('link').click()
    const chosen = answer(page, 'completed')
    await expect(chosen.getByRole('heading', { name: say.delivered })).toBeVisible()
    await expect(rule).toBeVisible()
    await expect(main(page).getByRole('link', { name: say.chat })).toHaveAttribute(
      'href',
      'https://carat.im/?tab=v2&chat=sea',
    )
    await expect(main(page).locator('a[href^="mailto:"], a[href*="/refunds"], a[href*="/support"]')).toHaveCount(0)
    await main(page).getByRole('link', { name: say.again }).click()
    await expect(chosen).toHaveCount(0)
  })
}

test('shows no further step for a refunded charge', async ({ page }) => {
  addLostCharge()
  app.service.addTransaction({ id: 'back', kind: 'refund', amount: 30, reverses: 'lost', occurredAt: ago(100) })
  await read(page, '/help/no-result?case=charge%3Alost')
  await expect(answer(page, 'explained')).toContainText('환불')
  await expect(main(page).locator('[aria-current="step"] ~ li')).toHaveCount(0)
})

test('finds a charge by its time, and explains that a chat charge leaves no result', async ({ page }) => {
  addLostCharge()
  app.service.addTransaction({ id: 'talk', feature: 'chat', amount: -2, occurredAt: ago(115) })
  await read(page, '/help/no-result')
  await main(page).getByLabel('차감된 때를 알면 그 시각으로 찾기').fill('2026-01-28T19:05')
  const around = main(page).getByRole('region', { name: '오늘 19:05 앞뒤의 차감' })
  await expect(around.getByRole('link')).toHaveCount(2)
  const talk = main(page).getByRole('region', { name: '대화나 검색에 쓴 크레딧' })
  await expect(talk.getByRole('link', { name: '대화' })).toHaveAttribute('href', '#/credits?row=talk')
  await around.locator('[data-refund-status="result_missing"]').getByRole('link').click()
  await expect(page).toHaveURL(/case=charge%3Alost/)
})

test('asks for a sync of unread streams before support', async ({ page }) => {
  addLostCharge()
  await open(page, '/help/no-result?case=charge%3Alost&step=signIn')
  app.service.fault('/v1/credits/transactions/changes', failure(500, 'internal'), 50)
  await page.getByRole('button', { name: '지금 동기화' }).first().click()
  await expect(main(page).getByRole('heading', { name: '아직 읽지 않은 곳 확인하기' })).toBeVisible()
  await main(page).getByRole('link', { name: '다른 로그인은 쓰지 않았어요' }).click()
  await expect(main(page).getByRole('button', { name: '지금 동기화' })).toBeVisible()
  await main(page).getByRole('link', { name: '그래도 다음으로' }).click()
  await expect(answer(page, 'contact')).toBeVisible()
})

test('fits the steps into 320 px in both languages and passes the accessibility rules', async ({ page }) => {
  addLostCharge()
  await page.setViewportSize({ width: 320, height: 640 })
  await read(page, '/help/no-result?case=charge%3Alost', 'both')
  await expect(main(page).locator('[data-job-id="sea"]')).toBeVisible()
  await expectNoSidewaysScrolling(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await expectAccessible(page)
})

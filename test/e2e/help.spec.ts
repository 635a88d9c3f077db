import { expect, type Locator, type Page } from '@playwright/test'
import links from '../../resources/links.json' with { type: 'json' }
import { expectAccessible, expectNoSidewaysScrolling, goTo, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const app = withApp()
test.beforeEach(() => {
  app.service.addJob({ id: 'first', kind: 'audio', agent: 'agent-1' })
  app.service.addJob({ id: 'second', kind: 'audio', agent: 'agent-2' })
  app.service.addJob({ id: 'third', kind: 'audio', agent: 'agent-2' })
  app.service.addTransaction({ id: 'alone', feature: 'video', amount: -30 })
})

const open = (page: Page, path: string, lang: 'ko' | 'en' | 'both' = 'ko') => app.read(page, { path, lang })
const main = (page: Page) => page.getByRole('main')

/** Whether the elements are in this order in the document. */
async function expectInOrder(...parts: Locator[]): Promise<void> {
  const places = await Promise.all(parts.map(async (part) => (await part.boundingBox())?.y ?? Number.NaN))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(new Set(places).size).toBe(parts.length)
}

const paths = {
  ko: {
    'no-result': '크레딧은 차감됐는데 결과가 없어요',
    unwanted: '결과가 마음에 들지 않아요',
    missing: '채팅이나 작업물이 안 보여요',
  },
  en: {
    'no-result': 'Credits were deducted, but there is no result',
    unwanted: 'The result is not what I wanted',
    missing: 'Chats or works are missing',
  },
}

for (const lang of ['ko', 'en'] as const) {
  test(`${lang}: opens each of the three help paths and returns to the start`, async ({ page }) => {
    await open(page, '/help', lang)
    for (const [path, title] of Object.entries(paths[lang])) {
      await main(page).getByRole('link', { name: title }).click()
      await expect(page).toHaveURL(new RegExp(`#/help/${path}$`))
      await expect(main(page).getByRole('heading', { level: 2, name: title })).toBeVisible()
      await main(page)
        .getByRole('link', { name: lang === 'ko' ? '도움말' : 'Help', exact: true })
        .click()
    }
    await goTo(page, '/help/nothing')
    await expect(main(page).getByRole('heading', { level: 1 })).toHaveText(
      lang === 'ko' ? '없는 화면이에요' : 'There is no such page',
    )
  })
}

test('lists the streams that were searched for a missing result, and when each was read', async ({ page }) => {
  await open(page, '/help/no-result')
  for (const place of [
    '에이전트 1.0 라이브러리 · 1건 · 오늘 21:00까지',
    '에이전트 2.0 라이브러리 · 2건 · 오늘 21:00까지',
    '사용 내역 · 1건 · 오늘 21:00까지',
  ]) {
    await expect(main(page).getByText(place)).toBeVisible()
  }
  const toCheck = main(page).getByRole('region', { name: '확인이 필요한 차감' })
  await expect(toCheck.locator('[data-refund-status="result_missing"]')).toHaveCount(1)
})

test('shows the refund rule first, and no mail to support, for an unwanted result', async ({ page }) => {
  await open(page, '/help/unwanted')
  const rule = main(page).getByRole('region', { name: 'Carat의 환불 규칙' })
  await expect(rule).toContainText('원칙적으로 환불하거나 복구하지 않아요')
  await expect(rule.getByRole('link', { name: 'Carat 이용약관 제26조' })).toHaveAttribute('href', links.terms.en)
  await expect(rule.getByRole('link', { name: '전자상거래법 제17조(청약철회등)' })).toHaveAttribute(
    'href',
    links.law17.ko,
  )
  const tips = main(page).getByRole('heading', { name: '원하는 결과에 가까워지려면' })
  const again = main(page).getByRole('link', { name: '라이브러리에서 고르기' })
  const upgrade = main(page).getByRole('link', { name: '업그레이드·충전' })
  await expectInOrder(rule, tips, again, upgrade)
  await expect(upgrade).toHaveAttribute('href', 'https://carat.im/en/upgrade')
  await expect(main(page).locator('a[href^="mailto:"]')).toHaveCount(0)
})

test('suggests the other agent, another sign-in and Carat itself for missing works', async ({ page }) => {
  await open(page, '/help/missing?step=signIn', 'en')
  await expect(main(page).getByText('김하늘 · Google sign-in · haneul@example.com')).toBeVisible()
  await expect(main(page).getByRole('link', { name: 'Agent 1.0', exact: false }).last()).toHaveAttribute(
    'href',
    'https://carat.im/?tab=v1',
  )
  await goTo(page, '/help/missing')
  await expect(main(page).getByRole('link', { name: 'Agent 1.0 library' })).toContainText('1 job')
  const second = main(page).getByRole('link', { name: 'Agent 2.0 library' })
  await expect(second).toContainText('2 jobs')
  await second.click()
  await expect(page.locator('main [data-agent="agent-2"][data-job-id]')).toHaveCount(2)
  await expect(page.locator('main [data-agent="agent-1"][data-job-id]')).toHaveCount(0)
})

test("links to Carat's pages, or to the addresses of the account", async ({ page }) => {
  const own = 'https://carat.im/docs/ko/mine'
  app.service.account.links = { helpFailed: own, terms: 'https://elsewhere.example.com/' }
  await open(page, '/help')
  const addresses: Record<string, string> = {
    '생성에 실패했을 때': own,
    '원하지 않는 결과 도움말': links.helpUnwanted.en,
    '채팅 기록이 안 보일 때': links.helpMissingChats.en,
    '사용 내역 보는 법': links.helpHistory.en,
    '이용약관과 환불 정책': links.terms.en,
    업그레이드·충전: 'https://carat.im/en/upgrade',
    '고객센터 문의': 'mailto:help@carat.im',
  }
  for (const [name, address] of Object.entries(addresses)) {
    const link = main(page).getByRole('link', { name })
    await expect(link).toHaveAttribute('href', address)
    await expect(link).toHaveAttribute('rel', /noopener/)
  }
})

test('fits every help page into a window of 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await open(page, '/help', 'both')
  for (const path of ['', '/no-result', '/unwanted', '/missing']) {
    await goTo(page, `/help${path}`)
    await expect(main(page).getByRole('heading', { level: 2 }).first()).toBeVisible()
    await expectNoSidewaysScrolling(page)
  }
})

for (const path of ['/help', '/help/no-result', '/help/unwanted', '/help/missing']) {
  test(`passes the accessibility rules on ${path}`, async ({ page }) => {
    await open(page, path)
    await expect(main(page).getByRole('heading', { level: 2 }).first()).toBeVisible()
    await expectAccessible(page)
  })
}

import { expect, type Page } from '@playwright/test'
import { ago, axeViolations, expectAccessible, goTo } from '../support/app-page.ts'
import { pageOnly, startApp, test } from '../support/app-test.ts'
import { createFakeService } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'
import { paste } from '../support/import-page.ts'
import { filesWith } from '../support/traces.ts'

/** A table of the user's own. */
const table = `일시,내용,크레딧
2026-01-28 19:05,이미지 생성,-33
2026-01-28 18:40,영상 생성,-40
2026-01-27 09:00,지급,100
`
const heading = (page: Page) => page.getByRole('heading', { level: 2 }).first()
const rows = (page: Page) => page.locator('[data-transaction-id]')

let host: Host | undefined
test.beforeEach(async ({ page }) => {
  host = await startApp(page, { args: ['--lang=ko'], env: { CARAT_NOW: ago(0) } })
  await expect(page.locator('#root[data-ready]')).toBeAttached()
})
test.afterEach(async () => {
  await host?.stop()
})
const banner = (page: Page) => page.getByRole('complementary', { name: '예시 계정' })
const welcome = (page: Page) => page.getByRole('region', { name: '어떻게 시작할까요?' })

test('offers three ways to start and remembers that they were closed', pageOnly, async ({ page }) => {
  await expect(welcome(page).getByRole('heading', { level: 3 })).toHaveText([
    '내 사용 내역 가져오기',
    '서비스 연결',
    '예시 둘러보기',
  ])
  await expectAccessible(page)
  await welcome(page).getByRole('button', { name: '둘러보기' }).click()
  await expect(welcome(page)).toBeHidden()
  await page.reload()
  await expect(banner(page)).toBeVisible()
  await expect(welcome(page)).toBeHidden()
})

test('connects a service after it has answered, and goes back to the sample', async ({ page }) => {
  const service = await createFakeService()
  service.addJob({ id: 'own', prompt: '내가 만든 그림' })
  const dialog = page.getByRole('dialog', { name: '서비스 연결' })
  const send = async (address: string) => {
    await dialog.getByLabel('주소').fill(address)
    await page.keyboard.press('Enter')
  }
  await welcome(page).getByRole('button', { name: '연결하기' }).click()
  await expectAccessible(page)
  await send('http://service.test')
  await expect(dialog.getByRole('alert')).toContainText('http 주소로는 토큰이 암호화되지 않고 나가요.')
  await send(service.url)
  await expect(dialog.getByRole('status')).toHaveText('이 서비스에는 브라우저 로그인이 없어서 접근 토큰이 필요해요.')
  await expectAccessible(page)
  await dialog.getByLabel('접근 토큰').fill(service.token)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(banner(page)).toBeHidden()
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id]')).toHaveCount(1)

  await goTo(page, '/settings')
  await expect(page.getByText(service.url)).toBeVisible()
  await page.getByRole('button', { name: '연결 끊기' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '연결 끊기' }).click()
  await expect(banner(page)).toBeVisible()
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await expect(page.getByRole('menuitemradio')).toHaveText([/예시/, new RegExp(service.account.displayName)])
  await service.close()
})

test(
  'says on every screen that it is a sample, with the way out, until the history is there',
  pageOnly,
  async ({ page }) => {
    for (const path of ['/library', '/credits', '/refunds', '/help', '/settings']) {
      await goTo(page, path)
      await expect(banner(page)).toContainText('예시 계정을 보고 있어요.')
    }
    await banner(page).getByRole('link', { name: '내 사용 내역 가져오기' }).click()
    await paste(page, table)
    await expect(page.getByLabel('가져올 계정')).toHaveValue('')
    await page.getByRole('button', { name: '3줄 가져오기' }).click()
    await expect(heading(page)).toHaveText('새 내역 3줄을 가져왔어요.')
    await expect(banner(page)).toBeHidden()
    await goTo(page, '/credits')
    await expect(rows(page)).toHaveCount(3)
    await expect(page.getByText('가져온 내역')).toBeVisible()
  },
)

for (const width of [1280, 420]) {
  test(`switches between the accounts by keyboard in a menu at ${width} px`, pageOnly, async ({ page }) => {
    await page.setViewportSize({ width, height: 720 })
    await goTo(page, '/import')
    await paste(page, table)
    await page.getByRole('button', { name: '3줄 가져오기' }).click()
    await expect(heading(page)).toHaveText('새 내역 3줄을 가져왔어요.')
    await goTo(page, '/overview')
    const trigger = page.getByRole('button', { name: /계정 메뉴/ })
    await trigger.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitemradio', { name: /내 사용 내역/ })).toBeChecked()
    // The colours of a menu that still fades in are not its colours.
    await page.getByRole('menu').evaluate(async (menu) => {
      await Promise.all(menu.getAnimations({ subtree: true }).map(({ finished }) => finished))
    })
    expect(await axeViolations(page, '[role="menu"]')).toEqual([])
    await page.getByRole('menuitemradio', { name: /예시/ }).press('Enter')
    await expect(banner(page)).toBeVisible()
    await expect(trigger).toBeFocused()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: '내 사용 내역 가져오기' }).press('Enter')
    await expect(page.getByLabel('여기에 붙여 넣기')).toBeVisible()
  })
}

test('deletes an imported account after it has listed what goes, and leaves no trace of it', async ({ page }) => {
  await goTo(page, '/import')
  await paste(page, table.replace('이미지 생성', '달빛유리고래그리기'))
  await page.getByRole('button', { name: '3줄 가져오기' }).click()
  await expect(heading(page)).toHaveText('새 내역 3줄을 가져왔어요.')
  await goTo(page, '/settings')
  await page.getByRole('button', { name: '백업 만들기' }).click()
  await expect(page.getByRole('list', { name: '백업' }).getByRole('listitem')).toHaveCount(1)
  const withTrace = () => filesWith(host?.dataDir ?? '', '달빛유리고래그리기').length
  expect(withTrace()).toBeGreaterThan(1)

  await page.getByRole('button', { name: '지우기…' }).click()
  const dialog = page.getByRole('dialog', { name: '이 계정의 기록을 모두 지울까요?' })
  await expect(dialog.getByRole('listitem')).toHaveText(['사용 내역 3건', '가져온 표와 폴더 1개', '백업 1개'])
  expect(await axeViolations(page, '[role="dialog"]')).toEqual([])
  await dialog.getByRole('button', { name: '모두 지우기' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('남은 것이 없는지 확인했어요.').first()).toBeVisible()
  await expect(banner(page)).toBeVisible()
  expect(withTrace()).toBe(0)
  await expect(page.getByRole('button', { name: '지우기…' })).toHaveCount(0)
  await goTo(page, '/credits')
  await expect(rows(page).first()).toBeVisible()
})

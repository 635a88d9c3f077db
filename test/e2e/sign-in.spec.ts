import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { SignInFaults } from '../../src/sandbox/authorization.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ago, expectAccessible, goTo } from '../support/app-page.ts'
import { electronOf, isElectron, startApp, test } from '../support/app-test.ts'
import type { Host } from '../support/host.ts'
import { answerConsent } from '../support/sign-in.ts'

let folder: string
let faults: SignInFaults
let sandbox: Sandbox
let host: Host | undefined

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carat-sign-in-'))
  faults = {}
  sandbox = await startSandbox({ dir: folder, fixedNow: Date.parse(ago(0)), faults })
})
test.afterEach(async () => {
  await host?.stop()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(page: Page, args: string[] = []): Promise<void> {
  host = await startApp(page, { args: ['--lang=ko', ...args], env: { CARAT_NOW: ago(0), CARAT_TOKEN: '' } })
  await expect(page.locator('#root')).toBeAttached()
  if (!isElectron(page)) return
  await electronOf(page).app.evaluate(({ shell }) => {
    shell.openExternal = async (address) => void Object.assign(globalThis, { openedAddress: address })
  })
}

/** Begins the sign-in, and answers the consent page in the system's browser. Returns what the browser shows at the end. */
async function signIn(page: Page, begin: () => Promise<void>, decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  if (isElectron(page)) {
    await begin()
    const opened = () => electronOf(page).app.evaluate(() => (globalThis as { openedAddress?: string }).openedAddress)
    await expect.poll(opened).toContain(sandbox.url)
    const address = (await opened()) as string
    await electronOf(page).app.evaluate(() => Object.assign(globalThis, { openedAddress: undefined }))
    return (await answerConsent(address, decision)) ?? ''
  }
  const [tab] = await Promise.all([page.context().waitForEvent('page'), begin()])
  await expectAccessible(tab)
  await tab.getByRole('button', { name: decision === 'allow' ? '허용' : '거절' }).click()
  await expect(tab.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(tab)
  const text = await tab.locator('main').innerText()
  await tab.close()
  return text
}

/** A toast is a dialog as well. */
const dialog = (page: Page) => page.getByRole('dialog', { name: /^(서비스 연결|다시 로그인|로그아웃할까요\?)$/ })
const waiting = (page: Page) => dialog(page).getByText('브라우저에 열린 페이지에서 로그인해 주세요.')
/** Asks to connect the sandbox, from the welcome of the sample account. */
async function connect(page: Page): Promise<void> {
  await page.getByRole('region', { name: '어떻게 시작할까요?' }).getByRole('button', { name: '연결하기' }).click()
  await dialog(page).getByLabel('주소').fill(sandbox.url)
  await dialog(page).getByRole('button', { name: '로그인' }).click()
}

test('signs in with the browser, keeps the records after signing out, and says where the sign-in is', async ({
  page,
}) => {
  await start(page)
  const end = await signIn(page, () => connect(page))
  expect(end).toContain('이 창을 닫고 Carat Companion으로 돌아가세요.')
  expect(end).toContain('You can close this window')
  await expect(dialog(page)).toBeHidden()
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()

  await goTo(page, '/settings')
  await expect(page.getByText(sandbox.url)).toBeVisible()
  await expect(page.getByText(/로그인 정보는 (데이터 폴더|시스템)/)).toBeVisible()
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await page.getByRole('menuitem', { name: '로그아웃' }).click()
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: '로그아웃' }).click()
  await expect(page.getByText('로그아웃했어요.')).toBeVisible()
  await expect(page.getByText('내장된 예시 계정을 보고 있어요.')).toBeVisible()
})

test('deletes the history on signing out if the user says so, after a list of what goes', async ({ page }) => {
  await start(page)
  await signIn(page, () => connect(page))
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await page.getByRole('menuitem', { name: '로그아웃' }).click()
  const records = dialog(page).getByRole('group', { name: '이 컴퓨터의 기록' })
  await expect(records.getByRole('button', { name: '남기기' })).toHaveAttribute('aria-pressed', 'true')
  await records.getByRole('button', { name: '지우기' }).click()
  await expect(
    dialog(page)
      .getByRole('listitem')
      .filter({ hasText: /^작업 \d+개$/ }),
  ).toBeVisible()
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: '로그아웃하고 지우기' }).click()
  await expect(dialog(page)).toBeHidden()
  await expect(page.getByText('계정의 기록을 지우고, 남은 것이 없는지 확인했어요.').first()).toBeVisible()
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await expect(page.getByRole('menuitemradio')).toHaveCount(1)
  await expect(page.getByRole('menuitemradio')).toHaveText(/예시/)
})

test('says why a sign-in did not work, and starts again', async ({ page }) => {
  await start(page)
  const end = await signIn(page, () => connect(page), 'deny')
  expect(end).toContain('로그인하지 못했어요')
  await expect(dialog(page).getByRole('alert')).toContainText('로그인을 거절해서 아무것도 저장하지 않았어요')
  await expectAccessible(page)

  faults.redirectState = 'another'
  await signIn(page, () => dialog(page).getByRole('button', { name: '로그인' }).click())
  await expect(dialog(page).getByRole('alert')).toContainText('로그인에 맞지 않는 답이 돌아와서')

  faults.noMetadata = true
  await dialog(page).getByRole('button', { name: '로그인' }).click()
  await expect(dialog(page)).toContainText('이 서비스에는 브라우저 로그인이 없어서 접근 토큰이 필요해요.')
  await dialog(page).getByLabel('접근 토큰').fill(sandbox.token)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
})

test('waits for the browser until the user cancels', async ({ page }) => {
  await start(page)
  await connect(page)
  await expect(waiting(page)).toBeVisible()
  await expect(dialog(page).getByText('페이지 다시 열기')).toBeVisible()
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: '취소' }).click()
  await expect(dialog(page)).toBeHidden()
  await expect(page.getByRole('region', { name: '어떻게 시작할까요?' })).toBeVisible()
})

test('asks to sign in again once the service has ended the sign-in, and shows the records meanwhile', async ({
  page,
}) => {
  await start(page, [`--api=${sandbox.url}`])
  const notice = page.getByRole('status').filter({ hasText: '로그인이 끝났어요' })
  await expect(notice).toBeVisible()
  const signInAgain = () =>
    signIn(page, async () => {
      await page.getByRole('button', { name: '로그인', exact: true }).click()
      await dialog(page).getByRole('button', { name: '로그인' }).click()
    })
  await signInAgain()
  await expect(notice).toBeHidden()
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()

  sandbox.authorization.revokeAll()
  await page.getByRole('button', { name: '지금 동기화' }).click()
  await expect(notice).toContainText('다시 로그인하면 이어서 동기화해요')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  await signInAgain()
  await expect(notice).toBeHidden()
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { ago, expectAccessible, goTo, openApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'

/** Two sign-ins with one e-mail address, whose services use the same ids, and a table of the user's own. */
let google: FakeService
let kakao: FakeService
let folder: ReturnType<typeof temporaryFolder>
let host: Host | undefined
test.beforeEach(async ({ page }) => {
  folder = temporaryFolder()
  const table = join(folder.path, 'table.csv')
  writeFileSync(table, '일시,내용,크레딧,잔액\n2026-01-27 14:21,이미지,-33,120\n')
  expect(await carat(['import', table, '--yes'])).toMatchObject({ code: 0, err: '' })
  google = await createFakeService()
  kakao = await createFakeService()
  Object.assign(kakao.account, { id: 'account-2', signInMethod: 'kakao', balance: 70 })
  for (const [service, prompt] of [
    [google, '달빛 아래 고양이'],
    [kakao, '비 오는 골목'],
  ] as const) {
    service.addJob({ id: 'same', prompt, createdAt: ago(service === google ? 600 : 500) })
    service.addTransaction({ id: 'same-charge', jobId: 'same', agent: 'agent-1', amount: -10, occurredAt: ago(600) })
    service.addTransaction({ id: 'lost', feature: 'video', amount: -40, occurredAt: ago(400) })
    const env = { CARAT_TOKEN: service.token, CARAT_NOW: ago(0) }
    expect(await carat(['sync', '--api', service.url], env)).toMatchObject({ code: 0 })
  }
  host = await openApp(page, google, { path: '/library', dataDir: join(folder.path, 'data') })
})
test.afterEach(async () => {
  await host?.stop()
  await Promise.all([google.close(), kakao.close()])
  folder.remove()
})

const carat = (args: string[], env: Record<string, string> = {}) =>
  runCli([...args, '--data', join(folder.path, 'data')], { CARAT_NOW: ago(0), ...env })

async function choose(page: Page, name: RegExp | string): Promise<void> {
  await page.getByRole('button', { name: /계정 메뉴/ }).click()
  await page.getByRole('menuitemradio', { name }).click()
  await expect(page.getByRole('menu')).toBeHidden()
}
const jobs = (page: Page) => page.getByRole('main').locator('[data-job-id="same"]')
const favorite = (page: Page) => page.getByRole('button', { name: '즐겨찾기' })

test('shows the records of all accounts together, and marks one in its own account', async ({ page }) => {
  await choose(page, /모든 계정/)
  await expect(jobs(page)).toHaveCount(2)
  expect(await jobs(page).evaluateAll((found) => found.map((one) => one.getAttribute('data-account')))).toEqual([
    'account-2',
    'account-1',
  ])
  await jobs(page).first().click()
  const panel = page.getByRole('complementary', { name: '고른 작업' })
  await expect(panel).toHaveAttribute('data-account', 'account-2')
  await expect(panel).toContainText('비 오는 골목')
  await favorite(page).click()
  await expect(favorite(page)).toHaveAttribute('aria-pressed', 'true')
  await goTo(page, '/library/agent-1/same?account=account-1')
  await expect(panel).toContainText('달빛 아래 고양이')
  await expect(favorite(page)).toHaveAttribute('aria-pressed', 'false')
  await expectAccessible(page)
})

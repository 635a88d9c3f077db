import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { ago, axeViolations, goTo, openApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'

/** A service with three charges, and a table with one of them and two others. */
let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let host: Host | undefined
test.beforeEach(async ({ page }) => {
  folder = temporaryFolder()
  service = await createFakeService()
  const table = join(folder.path, 'table.csv')
  const dataDir = join(folder.path, 'data')
  writeFileSync(
    table,
    '일시,내용,크레딧\n2026-01-27 14:21,이미지,-33\n2026-01-27 15:00,영상,-40\n2026-01-27 16:00,영상,-41\n',
  )
  const times = ['2026-01-27T05:21:00Z', '2026-01-27T08:00:00Z', '2026-01-27T09:00:00Z']
  for (const [index, occurredAt] of times.entries()) {
    service.addTransaction({ id: `listed-${index}`, feature: 'image', amount: -33, occurredAt })
  }
  const imported = await runCli(['import', table, '--yes', '--data', dataDir], { CARAT_NOW: ago(0) })
  expect(imported).toMatchObject({ code: 0, err: '' })
  host = await openApp(page, service, { path: '/credits', dataDir })
})
test.afterEach(async () => {
  await host?.stop()
  await service.close()
  folder.remove()
})

const rows = (page: Page) => page.locator('[data-transaction-id]')
const menu = (page: Page) => page.getByRole('button', { name: /계정 메뉴/ })
const choices = (page: Page) => page.getByRole('menuitemradio')

test('joins imported history to an account after a list of what moves, and separates it again', async ({ page }) => {
  await expect(rows(page)).toHaveCount(3)
  await menu(page).click()
  await expect(page.getByRole('menuitem', { name: '다른 계정에 합치기…' })).toHaveCount(0)
  await choices(page).filter({ hasText: '내 사용 내역' }).click()
  await expect(rows(page)).toHaveCount(3)

  await menu(page).click()
  await page.getByRole('menuitem', { name: '다른 계정에 합치기…' }).click()
  const join = page.getByRole('dialog', { name: '이 내역을 합칠까요?' })
  await expect(join.getByRole('combobox', { name: '합칠 계정' }).getByRole('option')).toHaveText([
    service.account.displayName,
  ])
  await expect(join.getByRole('listitem')).toHaveText([
    '가져온 표와 폴더 1개',
    '표의 내역 3건',
    '그중 그 계정에 이미 있는 내역 1건',
  ])
  expect(await axeViolations(page, '[role="dialog"]')).toEqual([])
  await join.getByRole('button', { name: '합치기' }).click()
  await expect(join).toBeHidden()
  await expect(menu(page)).toContainText(service.account.displayName)
  await expect(rows(page)).toHaveCount(5)
  await menu(page).click()
  await expect(choices(page)).toHaveCount(1)
  await page.keyboard.press('Escape')

  await goTo(page, '/settings')
  await expect(page.getByText('‘내 사용 내역’에서 온 표와 폴더가 이 계정에 합쳐져 있어요.')).toBeVisible()
  await page.getByRole('button', { name: '나누기…' }).click()
  const separate = page.getByRole('dialog', { name: '합친 내역을 다시 나눌까요?' })
  await expect(separate.getByRole('listitem')).toHaveText(['가져온 표와 폴더 1개', '표의 내역 3건'])
  expect(await axeViolations(page, '[role="dialog"]')).toEqual([])
  await separate.getByRole('button', { name: '나누기' }).click()
  await expect(separate).toBeHidden()
  await expect(page.getByRole('button', { name: '나누기…' })).toHaveCount(0)
  await goTo(page, '/credits')
  await expect(rows(page)).toHaveCount(3)
  await menu(page).click()
  await expect(choices(page).filter({ hasText: '내 사용 내역' })).toHaveCount(1)
})

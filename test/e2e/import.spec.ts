import { expect, type Page } from '@playwright/test'
import { expectAccessible, goTo, withApp } from '../support/app-page.ts'
import { pageOnly, test } from '../support/app-test.ts'
import { drop, paste } from '../support/import-page.ts'

const app = withApp('/import')

/** Lines as they are copied from a page that is no table. */
const list = `사용 내역
2026. 1. 28. 오후 7:05
이미지 생성
-33 크레딧
2026. 1. 28. 오후 6:40
영상 생성
-40 크레딧
2026. 1. 27. 오전 9:00
지급
+100 크레딧
`

/** A download: the credits of one row cannot be read, and nothing says which column is which. */
const file = `일시,메모,수량
2026-01-28 19:05,이미지 생성,-33
2026-01-28 18:40,영상 생성,많이
2026-01-27 09:00,지급,100
`

const heading = (page: Page) => page.getByRole('heading', { level: 2 }).first()
const understood = (page: Page) => page.getByRole('table', { name: '이렇게 이해했어요' }).getByRole('row')
const rows = (page: Page) => page.locator('[data-transaction-id]')
const intoNewAccount = (page: Page) => page.getByLabel('가져올 계정').selectOption('새 계정: 내 사용 내역')

test('brings a pasted list to the ledger and to an answer, and takes it back and in again', async ({ page }) => {
  await app.open(page)
  await paste(page, list)
  await expect(heading(page)).toHaveText('새 내역 3줄을 가져올 수 있어요.')
  await expect(page.getByText('이 표에는 환불이 없어요.')).toBeVisible()
  await intoNewAccount(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: '3줄 가져오기' }).click()
  await expect(heading(page)).toHaveText('새 내역 3줄을 가져왔어요.')
  await expect(page.getByRole('banner').first()).toContainText('내 사용 내역')

  await page.getByRole('link', { name: '환불 보기' }).click()
  await expect(page.locator('[data-refund-status="cannot_tell"]').first()).toBeVisible()
  await expect(page.getByText('표에 환불이 없음').first()).toBeVisible()
  await goTo(page, '/credits')
  await expect(rows(page)).toHaveCount(3)
  await expect(rows(page).first()).toContainText('−33')

  await goTo(page, '/settings')
  const batch = page.locator('[data-batch]')
  await expect(batch).toContainText('붙여 넣은 사용 내역')
  await batch.getByRole('button', { name: '되돌리기' }).click()
  await expect(batch).toContainText('되돌림')
  await goTo(page, '/credits')
  await expect(rows(page)).toHaveCount(0)
  await goTo(page, '/settings')
  await batch.getByRole('button', { name: '다시 넣기' }).click()
  await expect(batch).not.toContainText('되돌림')
  await goTo(page, '/credits')
  await expect(rows(page)).toHaveCount(3)
})

test('reads a dropped file, and reads it again with the roles that the user gives its columns', async ({ page }) => {
  await app.open(page)
  await drop(page, '내역.csv', file)
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져올 수 있어요.')
  await expect(page.getByRole('region', { name: /읽지 못한 줄/ })).toContainText('크레딧을 숫자로 읽을 수 없어요.')
  await expect(understood(page).nth(2)).toContainText('−33')

  await page.getByLabel('열의 뜻: 수량').selectOption('잔액')
  await expect(heading(page)).toHaveText('크레딧 내역으로 읽은 줄이 없어요.')
  await expect(page.getByRole('button', { name: '가져오기', exact: true })).toBeDisabled()
  await page.getByLabel('열의 뜻: 수량').selectOption('크레딧')
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져올 수 있어요.')

  await page.getByLabel('더하기와 빼기').selectOption({ index: 1 })
  await expect(page.getByText(/직접 골랐어요/)).toBeVisible()
  await expect(page.getByLabel('더하기와 빼기')).toHaveAccessibleDescription(/직접 골랐어요/)
  await page.getByRole('button', { name: '취소' }).click()
  await expect(page.getByLabel('여기에 붙여 넣기')).toBeVisible()
})

test('recognises what it has, and reads an import again in another zone', pageOnly, async ({ page }) => {
  await app.open(page)
  await drop(page, '내역.csv', file)
  await intoNewAccount(page)
  await page.getByRole('button', { name: '2줄 가져오기' }).click()
  await page.getByRole('button', { name: '더 가져오기' }).click()
  await drop(page, '다시.csv', file)
  await expect(heading(page)).toHaveText('모두 이미 있는 내역이에요.')
  await expect(understood(page).nth(2)).toContainText('이미 있음')

  await goTo(page, '/settings')
  await page.getByRole('link', { name: '다른 설정으로 다시 읽기' }).click()
  await expect(page.getByRole('button', { name: '이 설정으로 다시 읽기' })).toBeDisabled()
  await page.getByLabel('시간대').selectOption('UTC')
  await expect(understood(page).nth(2)).toContainText('1. 29. 04:05')
  await page.getByRole('button', { name: '이 설정으로 다시 읽기' }).click()
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져왔어요.')
  await goTo(page, '/credits')
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).first()).toContainText('04:05')
})

test('says what to do about a source that it cannot read', pageOnly, async ({ page }) => {
  await app.open(page)
  await drop(page, '빈 파일.csv', '')
  await expect(page.getByRole('alert')).toContainText('비어 있어서 읽을 것이 없어요.')
  await expectAccessible(page)
  await page.getByRole('button', { name: '다른 것으로 하기' }).click()
  await expect(page.getByLabel('여기에 붙여 넣기')).toBeVisible()
  await expectAccessible(page)
})

test('needs no mouse from the paste to the import', pageOnly, async ({ page }) => {
  await app.open(page)
  await page.getByLabel('여기에 붙여 넣기').fill(list)
  await page.getByRole('button', { name: '이 글 읽기' }).focus()
  await page.keyboard.press('Enter')
  await expect(heading(page)).toBeFocused()
  await page.getByRole('button', { name: '3줄 가져오기' }).focus()
  await page.keyboard.press('Enter')
  await expect(heading(page)).toBeFocused()
  await expect(heading(page)).toHaveText('새 내역 3줄을 가져왔어요.')
})

test('writes a day without a time for a row that is known to the day', pageOnly, async ({ page }) => {
  await app.open(page)
  await paste(page, '날짜,내용,크레딧\n2026. 1. 28.,이미지 생성,-33\n2026. 1. 27.,영상 생성,-40\n')
  await expect(understood(page).nth(2)).toContainText('1. 28.')
  await intoNewAccount(page)
  await page.getByRole('button', { name: '2줄 가져오기' }).click()
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져왔어요.')
  await goTo(page, '/credits')
  await expect(rows(page).first().getByRole('cell').first()).toHaveText('')
  for (const path of ['/refunds', '/help/no-result']) {
    await goTo(page, path)
    await expect(page.getByText(/어제/).first()).toBeVisible()
    await expect(page.getByText(/00:00/)).toHaveCount(0)
  }
  await goTo(page, '/library')
  await expect(page.getByText('표에는 결과가 없어요')).toBeVisible()
})

test('asks whether equal rows at the seam of two tables are the same', pageOnly, async ({ page }) => {
  await app.open(page)
  await paste(page, list)
  await intoNewAccount(page)
  await page.getByRole('button', { name: '3줄 가져오기' }).click()
  await page.getByRole('button', { name: '더 가져오기' }).click()
  await paste(page, '2026. 1. 27. 오전 9:00\n지급\n+100 크레딧\n2026. 1. 26. 오전 8:00\n이미지 생성\n-33 크레딧')
  await expect(heading(page)).toHaveText('새 내역 1줄을 가져올 수 있어요.')
  await page.getByRole('checkbox', { name: '1번째 줄은 다른 내역이에요' }).check()
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져올 수 있어요.')
  await expectAccessible(page)
  await page.getByRole('button', { name: '2줄 가져오기' }).click()
  await expect(heading(page)).toHaveText('새 내역 2줄을 가져왔어요.')

  await goTo(page, '/settings')
  await page.locator('[data-batch]').first().getByRole('link', { name: '다른 설정으로 다시 읽기' }).click()
  await page.getByRole('checkbox', { name: '1번째 줄은 다른 내역이에요' }).uncheck()
  await page.getByRole('button', { name: '이 설정으로 다시 읽기' }).click()
  await expect(heading(page)).toHaveText('새 내역 1줄을 가져왔어요.')
})

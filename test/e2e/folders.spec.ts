import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { expectAccessible, goTo, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { credentialsChunk, madeByAi } from '../support/credentials-bytes.ts'
import { colourPng, textChunk } from '../support/picture-bytes.ts'

const app = withApp('/import')

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carat-results-'))
  for (let index = 0; index < 3; index++) {
    const prompt = textChunk('parameters', `벚꽃 길 ${index}\nSteps: 20, Model: bloom`)
    writeFileSync(join(folder, `carat_20260127_14213${index}.png`), colourPng(index * 90, [prompt]))
  }
  writeFileSync(join(folder, 'notes.txt'), 'hello')
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

const row = (page: Page) => page.locator('[data-folder]')
const tiles = (page: Page) => page.locator('[data-job-id^="file:"]')

async function addFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel('폴더', { exact: true }).fill(path)
  await page.getByRole('button', { name: '폴더 읽기' }).click()
}

test('shows the pictures of a folder in the Library, and takes them out and in again', async ({ page }) => {
  await app.open(page)
  await page.getByRole('link', { name: '폴더 가져오기' }).click()
  await addFolder(page, folder)
  await expect(row(page)).toHaveAttribute('data-state', 'complete')
  await expect(row(page)).toContainText('파일 3개')
  await row(page).getByRole('button', { name: '제외한 파일 1개' }).click()
  await expect(row(page)).toContainText('notes.txt')
  await expect(row(page)).toContainText('이미지, 영상, 오디오, 자막이 아니에요')
  await expectAccessible(page)

  await row(page).getByRole('link', { name: '라이브러리에서 보기' }).click()
  await expect(tiles(page)).toHaveCount(3)
  await expect
    .poll(() =>
      tiles(page)
        .first()
        .locator('img')
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBe(96)
  await tiles(page).first().click()
  const panel = page.getByRole('complementary', { name: '고른 작업' })
  await expect(panel).toContainText('벚꽃 길 2')
  await expect(panel).toContainText('carat_20260127_142132.png')
  await expect(panel).toContainText('파일 이름에 적힌 시각')

  await goTo(page, '/import/folders')
  await row(page).getByRole('button', { name: '되돌리기' }).click()
  await expect(row(page)).toHaveAttribute('data-state', 'undone')
  await goTo(page, '/library')
  await expect(tiles(page)).toHaveCount(0)
  await goTo(page, '/import/folders')
  await row(page).getByRole('button', { name: '다시 넣기' }).click()
  await expect(row(page)).toHaveAttribute('data-state', 'complete')
})

test('says what is wrong with a folder, and keeps everything while it is away or half there', async ({ page }) => {
  await app.open(page, { path: '/import/folders' })
  await addFolder(page, join(folder, 'none'))
  await expect(page.getByRole('alert')).toContainText('폴더가 없어요')
  await addFolder(page, folder)
  await expect(row(page)).toHaveAttribute('data-state', 'complete')

  renameSync(folder, `${folder}-away`)
  await row(page).getByRole('button', { name: '다시 읽기' }).click()
  await expect(row(page)).toHaveAttribute('data-state', 'away')
  await expect(row(page).getByRole('alert')).toContainText('아무것도 지우지 않았어요')
  renameSync(`${folder}-away`, folder)
  for (const index of [0, 1]) rmSync(join(folder, `carat_20260127_14213${index}.png`))
  await row(page).getByRole('button', { name: '다시 읽기' }).click()
  await expect(row(page)).toHaveAttribute('data-state', 'shrunk')
  await row(page).getByRole('button', { name: '사라진 게 맞아요' }).click()
  await expect(row(page)).toContainText('사라진 파일 2개')
  await goTo(page, '/library')
  await expect(tiles(page)).toHaveCount(3)
})

test('shows the content credentials of a file once the user asks, and says that they are not verified', async ({
  page,
}) => {
  writeFileSync(join(folder, 'carat_20260127_142140.png'), colourPng(200, [credentialsChunk(madeByAi())]))
  await app.open(page, { path: '/import/folders' })
  await addFolder(page, folder)
  await expect(row(page)).toHaveAttribute('data-state', 'complete')
  await row(page).getByRole('link', { name: '라이브러리에서 보기' }).click()
  await tiles(page).first().click()
  const button = page.getByRole('button', { name: '콘텐츠 자격 증명' })
  const answer = page.getByRole('region', { name: '콘텐츠 자격 증명' })
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(answer).toContainText('서명은 확인하지 않았어요')
  for (const text of [
    'Bloom Studio 2.1',
    'Example Pictures',
    '벚꽃이 핀 길',
    '새로 만듦 · AI로 만듦',
    '크기 조정 · drawing',
  ]) {
    await expect(answer).toContainText(text)
  }
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(answer).toHaveCount(0)

  await tiles(page).nth(1).click()
  await button.click()
  await expect(page.getByRole('status').getByText('이 파일에는 콘텐츠 자격 증명이 없어요')).toBeVisible()
})

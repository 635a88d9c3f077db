import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScrolling, goTo, withApp } from '../support/app-page.ts'
import { pageOnly, test } from '../support/app-test.ts'
import { changeManifest, manifestOf, putTogether, replaceEntry, takeApart } from '../support/archives.ts'
import { temporaryFolder } from '../support/core.ts'
import { exportedFile } from '../support/exported-file.ts'

const app = withApp('/settings')

const words = {
  ko: {
    archive: '보관 파일 ZIP',
    name: 'Carat 보관 파일 2026-01-28.zip',
    open: '파일 열기',
    title: '보관 파일에 계정 1개가 있어요.',
    known: '이 계정은 여기에 이미 있어요.',
    apply: '보관 파일 가져오기',
    done: '보관 파일을 가져왔어요.',
    differs: '크기나 체크섬이 맞지 않아요.',
    newer: '더 새로운 Carat Companion에서 만들었어요.',
    cancel: '취소',
    other: '다른 것으로 하기',
  },
  en: {
    archive: 'Archive, ZIP',
    name: 'Carat archive 2026-01-28.zip',
    open: 'Open a file',
    title: 'This archive has 1 account.',
    known: 'This account is here already.',
    apply: 'Import the archive',
    done: 'The archive is imported.',
    differs: 'its size or checksum differs',
    newer: 'written by a newer version',
    cancel: 'Cancel',
    other: 'Try something else',
  },
}

/** Exports an archive of the app that is open, and puts it on the disk. */
async function exportArchive(page: Page, button: string, folder: { path: string }) {
  const { name, content } = await exportedFile(page, button)
  const path = join(folder.path, 'archive.zip')
  writeFileSync(path, content)
  return { name, path }
}

async function openFile(page: Page, button: string, path: string): Promise<void> {
  await goTo(page, '/import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles(path)
}

/** Changes the account of an archive, as if it came from another sign-in. */
async function asAccount(path: string, id: string): Promise<string> {
  const entries = await takeApart(path)
  const account = JSON.parse((entries.get('accounts/1/account.json') as Buffer).toString())
  const text = `[\n${JSON.stringify({ ...account[0], id, display_name: '다른 하늘' })}\n]\n`
  replaceEntry(entries, 'accounts/1/account.json', Buffer.from(text))
  changeManifest(entries, ({ accounts: [first] }) => Object.assign(first as object, { id, displayName: '다른 하늘' }))
  const changed = path.replace('.zip', `-${id}.zip`)
  await putTogether(changed, entries)
  return changed
}

for (const lang of ['ko', 'en'] as const) {
  const say = words[lang]

  test(`exports an archive and imports it as another account, in ${lang}`, async ({ page }) => {
    const folder = temporaryFolder()
    app.service.addJob({ id: 'one', prompt: '벚꽃 핀 골목' })
    app.service.addTransaction({ id: 'charge', jobId: 'one', amount: -33 })
    await app.open(page, { lang })
    const { name, path } = await exportArchive(page, say.archive, folder)
    expect(name).toBe(say.name)
    expect(manifestOf(await takeApart(path)).accounts).toHaveLength(1)

    await openFile(page, say.open, path)
    await expect(page.getByText(say.title)).toBeVisible()
    await expect(page.getByText(say.known)).toBeVisible()
    await expectAccessible(page)

    await page.getByRole('button', { name: say.cancel }).click()
    await openFile(page, say.open, await asAccount(path, 'account-other'))
    await expect(page.locator('[data-account="account-other"]')).toContainText('다른 하늘')
    await expect(page.getByText(say.known)).toHaveCount(0)
    await page.getByRole('button', { name: say.apply }).click()
    await expect(page.getByRole('heading', { name: say.done })).toBeVisible()
    await expectAccessible(page)
    await page.setViewportSize({ width: 420, height: 800 })
    await expectNoSidewaysScrolling(page)
    folder.remove()
  })

  test(`says what is wrong with an archive, in ${lang}`, pageOnly, async ({ page }) => {
    const folder = temporaryFolder()
    app.service.addJob({ id: 'one' })
    await app.open(page, { lang })
    const { path } = await exportArchive(page, say.archive, folder)
    const entries = await takeApart(path)
    entries.set('accounts/1/marks.json', Buffer.from('[\n] \n'))
    const differing = join(folder.path, 'differing.zip')
    await putTogether(differing, entries)
    await openFile(page, say.open, differing)
    await expect(page.getByRole('alert')).toContainText(say.differs)
    await expectAccessible(page)

    const manifest = { ...manifestOf(await takeApart(path)), schemaVersion: 999 }
    const newer = await takeApart(path)
    newer.set('manifest.json', Buffer.from(JSON.stringify(manifest)))
    const newerPath = join(folder.path, 'newer.zip')
    await putTogether(newerPath, newer)
    await expect(page.getByRole('alert')).toContainText('differing.zip')
    await page.getByRole('button', { name: say.other }).click()
    await page.setViewportSize({ width: 420, height: 800 })
    await openFile(page, say.open, newerPath)
    await expect(page.getByRole('alert')).toContainText(say.newer)
    await expectNoSidewaysScrolling(page)
    folder.remove()
  })
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { expectAccessible, goTo, hostTime, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { runCli } from '../support/cli.ts'
import { fillDisk, mountDisk, unmount } from '../support/read-only.ts'

const app = withApp('/overview')
let folder: string
let disk: string | null
const dataDir = () => join(disk as string, 'data')

/** A synced folder on a disk of its own. */
test.beforeEach(async () => {
  app.service.addJob({ id: 'job-1', prompt: '고양이' })
  folder = mkdtempSync(join(tmpdir(), 'carat-full-'))
  disk = mountDisk(join(folder, 'disk'), '8m')
  test.skip(disk === null, 'this system mounts nothing')
  const env = { CARAT_TOKEN: app.service.token, CARAT_NOW: new Date(hostTime).toISOString() }
  const synced = await runCli(['sync', '--api', app.service.url, '--data', dataDir()], env)
  expect(synced.code, synced.err).toBe(0)
})
test.afterEach(() => {
  if (disk) unmount(disk)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Removes files of `fillDisk`, all or the first ones, and thereby frees space. */
function free(count = Number.POSITIVE_INFINITY): void {
  const fill = readdirSync(disk as string).filter((name) => name.startsWith('fill-'))
  for (const name of fill.slice(0, count)) rmSync(join(disk as string, name))
}

const retry = (page: Page) => page.getByRole('button', { name: 'Try again' })

for (const [freed, name] of [
  [0, 'no byte'],
  [4, 'too little for a database'],
] as const) {
  test(`shows the records if the disk has ${name} at the start, and goes on once there is space`, async ({ page }) => {
    fillDisk(disk as string)
    free(freed)
    await app.open(page, { lang: 'en', dataDir: dataDir(), synced: false })
    await expect(page.getByText('Nothing can be saved')).toBeVisible()
    await expect(page.getByText('no space left').first()).toBeVisible()
    await expectAccessible(page)
    await goTo(page, '/library')
    await expect(page.locator('[data-job-id="job-1"]').first()).toBeVisible()
    fillDisk(disk as string)
    await retry(page).click()
    await expect(page.getByText('no space left').nth(1)).toBeVisible()

    free()
    app.service.addJob({ id: 'job-2', prompt: '강아지' })
    await retry(page).click()
    await expect(page.getByText('Nothing can be saved')).toHaveCount(0)
    await expect(page.locator('[data-job-id="job-2"]').first()).toBeVisible()
    await goTo(page, '/settings')
    await page.getByRole('button', { name: 'Make a backup' }).click()
    await expect.poll(() => readdirSync(dataDir())).toContain('backups')
  })
}

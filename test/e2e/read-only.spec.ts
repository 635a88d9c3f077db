import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { expectAccessible, goTo, hostTime, withApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { runCli } from '../support/cli.ts'
import { makeReadOnly } from '../support/read-only.ts'

const app = withApp('/overview')
let dataDir: string
let undo: (() => void) | null

/** A synced folder to which the app may not write. */
test.beforeEach(async () => {
  app.service.addJob({ id: 'job-1', prompt: '고양이' })
  dataDir = mkdtempSync(join(tmpdir(), 'carat-read-only-'))
  const env = { CARAT_TOKEN: app.service.token, CARAT_NOW: new Date(hostTime).toISOString() }
  const synced = await runCli(['sync', '--api', app.service.url, '--data', dataDir], env)
  expect(synced.code, synced.err).toBe(0)
  undo = makeReadOnly(dataDir)
  test.skip(undo === null, 'this system mounts nothing')
})
test.afterEach(() => {
  undo?.()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

const notice = { ko: '지금은 저장할 수 없어요', en: 'Nothing can be saved' }

for (const lang of ['ko', 'en'] as const) {
  test(`shows every screen of a folder that cannot be written to, and says so, in ${lang}`, async ({ page }) => {
    const requests = app.service.requests.length
    await app.open(page, { lang, dataDir, synced: false })
    for (const path of ['/overview', '/library', '/credits', '/refunds', '/help', '/support', '/import', '/settings']) {
      await goTo(page, path)
      await expect(page.getByText(notice[lang])).toBeVisible()
      await expect(page.getByText(dataDir).first()).toBeVisible()
    }
    await goTo(page, '/library')
    await expect(page.locator('[data-job-id="job-1"]').first()).toBeVisible()
    await expectAccessible(page)
    expect(app.service.requests.slice(requests).filter(({ path }) => path.startsWith('/v1/'))).toEqual([])
  })
}

test('refuses what writes with the reason, and offers no sync', async ({ page }) => {
  await app.open(page, { lang: 'en', dataDir, synced: false })
  await expect(page.getByRole('button', { name: 'Sync now' })).toHaveCount(0)
  await goTo(page, '/settings')
  await page.getByRole('button', { name: 'Make a backup' }).click()
  // One more than the notice above the screen.
  await expect(page.getByText(/cannot be (written to|used)/).nth(1)).toBeVisible()
})

/** What only the Electron host has: its window, its protocol and its guards. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { startElectron } from '../support/electron.ts'

let folder: ReturnType<typeof temporaryFolder>
test.beforeEach(() => {
  folder = temporaryFolder()
})
test.afterEach(() => folder.remove())

test('shows the sample account, blocks navigation and opens no second window', async () => {
  const { app, window: page, stop } = await startElectron({ args: ['--lang=en'], dataDir: folder.path })
  await expect(page.locator('#root[data-ready]')).toBeVisible()
  const library = page.getByRole('navigation').getByRole('link', { name: /^Library/ })
  await expect(library).toBeVisible()

  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([])
  const pageOf = () => page.url().split('#')[0]
  const address = pageOf()
  await page.evaluate(() => {
    window.open('https://example.com/')
    location.assign('https://example.com/')
  })
  // Playwright's own click would wait for the blocked navigation to end.
  await library.dispatchEvent('click')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  expect(pageOf()).toBe(address)
  expect(app.windows()).toHaveLength(1)
  await stop()
  expect(existsSync(join(folder.path, 'carat.db'))).toBe(true)
})

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, expect, test } from '@playwright/test'

const root = join(import.meta.dirname, '../..')

test.skip(
  !existsSync(join(root, 'node_modules/electron/path.txt')),
  "Electron's binary is not here: npx install-electron",
)
test.skip(process.platform === 'linux' && process.getuid?.() === 0, 'Electron does not run as root on Linux')

let dataDir: string
test.beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'carat-electron-'))
})
test.afterEach(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))

test('shows the sample account in Electron, blocks navigation and opens allowed links only', async () => {
  const electron = await _electron.launch({ args: [root, '--data', dataDir, '--lang', 'en'] })
  try {
    const page = await electron.firstWindow()
    await expect(page.locator('#root[data-ready]')).toBeVisible()
    await expect(page.getByRole('link', { name: /^Library/ })).toBeVisible()

    expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([])
    const address = page.url()
    await page.evaluate(() => {
      window.open('https://example.com/')
      location.assign('https://example.com/')
    })
    // Playwright's own click would wait for the blocked navigation to end.
    await page.getByRole('link', { name: /^Library/ }).dispatchEvent('click')
    await expect(page.locator('[data-job-id]').first()).toBeVisible()
    expect(new URL(page.url()).origin).toBe(new URL(address).origin)
    expect(electron.windows()).toHaveLength(1)
  } finally {
    await electron.close()
  }
  expect(existsSync(join(dataDir, 'carat.db'))).toBe(true)
})

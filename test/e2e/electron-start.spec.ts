/** What a start waits for, and what it keeps for the next. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { type ElectronHost, startElectron } from '../support/electron.ts'
import { createFakeService } from '../support/fake-service.ts'

let folder: ReturnType<typeof temporaryFolder>
test.beforeEach(() => {
  folder = temporaryFolder()
})
test.afterEach(() => folder.remove())

const isReady = ({ window }: ElectronHost) => expect(window.locator('#root[data-ready]')).toBeAttached()

test('shows its page although nothing answers in the network', async () => {
  const service = await createFakeService()
  service.fault(/./, { neverAnswer: true }, 1_000)
  const host = await startElectron({
    args: ['--lang=en', `--api=${service.url}`],
    env: { CARAT_TOKEN: service.token },
    dataDir: folder.path,
  })
  await isReady(host)
  await expect(host.window.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await host.stop()
  await service.close()
})

test('keeps the compiled script of the page for the next start', async () => {
  const cached = () => {
    const cache = join(folder.path, 'electron', 'Code Cache', 'js')
    return readdirSync(cache).reduce((sum, name) => sum + statSync(join(cache, name)).size, 0)
  }
  const sizes: number[] = []
  for (let start = 0; start < 3; start++) {
    const host = await startElectron({ args: ['--lang=en'], dataDir: folder.path })
    await isReady(host)
    await host.stop()
    sizes.push(cached())
  }
  // Chromium compiles for the cache when it loads a script again.
  expect(Math.max(...sizes)).toBeGreaterThan(200_000)
})

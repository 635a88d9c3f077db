/** Notifications of the system, as a user sets them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { goTo } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { type ElectronHost, startElectron } from '../support/electron.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let service: FakeService
let host: ElectronHost

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
test.beforeEach(async () => {
  folder = temporaryFolder()
  service = await createFakeService()
  service.addJob({
    id: 'lost',
    prompt: 'a very private prompt',
    status: 'failed',
    failure: { code: 'x', origin: 'system' },
    results: [],
    createdAt: ago(2),
    finishedAt: ago(1),
  })
  service.addTransaction({ id: 'charge', jobId: 'lost', amount: -30, occurredAt: ago(2) })
  host = await startElectron({
    args: ['--lang=en', `--api=${service.url}`],
    env: { CARAT_TOKEN: service.token },
    dataDir: folder.path,
  })
  await expect(host.window.locator('#root[data-ready]')).toBeAttached()
  await host.app.evaluate(({ BrowserWindow, Notification }) => {
    const shown: Electron.Notification[] = []
    Object.assign(globalThis, { shown })
    BrowserWindow.getFocusedWindow = () => null
    Notification.isSupported = () => true
    Notification.prototype.show = function show() {
      shown.push(this)
    }
  })
})
test.afterEach(async () => {
  await host.stop()
  await service.close()
  folder.remove()
})

type Shown = { shown: Electron.Notification[] }
const shown = () =>
  host.app.evaluate(() => (globalThis as unknown as Shown).shown.map(({ title, body }) => ({ title, body })))
const refund = () =>
  service.addTransaction({ id: 'refund', kind: 'refund', jobId: 'lost', amount: 30, occurredAt: ago(0) })

test('tells of a refund without the prompt, and opens its case', async () => {
  await goTo(host.window, '/refunds')
  await expect(host.window.locator('[data-refund-status="refund_pending"]').first()).toBeVisible()
  refund()
  await expect.poll(shown, { timeout: 20_000 }).toEqual([{ title: 'A refund arrived', body: '30 credits' }])
  await host.app.evaluate(() => (globalThis as unknown as Shown).shown[0]?.emit('click'))
  await expect.poll(() => host.window.evaluate(() => location.hash)).toBe('#/refunds/job%3Aagent-1%3Alost')
})

test('keeps the choice of kinds, prompts and quiet hours, and shows nothing of a kind that is off', async () => {
  const page = host.window
  await goTo(page, '/settings')
  const section = page.getByRole('region', { name: 'Notifications' })
  await section.getByRole('checkbox', { name: 'Refund arrived' }).uncheck()
  await section.getByRole('group', { name: 'Show prompts' }).getByRole('button', { name: 'On' }).click()
  await section.getByRole('group', { name: 'Quiet hours' }).getByRole('button', { name: 'On' }).click()
  await section.getByLabel('From').selectOption('23:00')
  const saved = () => JSON.parse(readFileSync(join(folder.path, 'settings.json'), 'utf8')).notifications
  await expect.poll(saved).toEqual({ muted: ['refunded'], quietHours: { from: 23, until: 8 }, showsText: true })
  refund()
  await goTo(page, '/refunds/job%3Aagent-1%3Alost')
  await expect(page.locator('[data-refund-status="refunded"]').first()).toBeVisible()
  expect(await shown()).toEqual([])
})

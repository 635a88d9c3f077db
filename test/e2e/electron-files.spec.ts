/** How files leave the app in Electron. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from '@playwright/test'
import type { Bridge } from '../../src/shared/bridge.ts'
import { goTo } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { type ElectronHost, startElectron } from '../support/electron.ts'
import { answerSaveDialog } from '../support/exported-file.ts'
import { createFakeService } from '../support/fake-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let host: ElectronHost
test.beforeEach(async () => {
  folder = temporaryFolder()
  host = await startElectron({ args: ['--lang=en'], dataDir: join(folder.path, 'data') })
  await expect(host.window.locator('#root[data-ready]')).toBeAttached()
})
test.afterEach(async () => {
  await host.stop()
  folder.remove()
})

/** Opens the newest picture of the Library. */
async function openPicture() {
  const page = host.window
  await goTo(page, '/library?kind=image&status=completed')
  await page.locator('a[data-job-id]').first().click()
  const picture = page.locator('aside img[src$="/original"], [role="dialog"] img[src$="/original"]').first()
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  return picture
}
const isPicture = (path: string) => /^(\x89PNG|\xff\xd8\xff|RIFF)/.test(readFileSync(path).toString('latin1', 0, 8))

test('drags the original of a picture out of the window, under a name that people can read', async () => {
  await host.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window)
      window.webContents.startDrag = (item) => Object.assign(globalThis, { dragged: { ...item, icon: item.icon } })
  })
  const picture = await openPicture()
  await picture.dispatchEvent('dragstart')
  const dragged = () => host.app.evaluate(() => (globalThis as { dragged?: { file: string } }).dragged?.file ?? '')
  await expect.poll(dragged).not.toBe('')
  const path = await dragged()
  expect(basename(path)).toMatch(/^\d{4}-\d\d-\d\d .+\.\w{3,4}$/)
  expect(isPicture(path)).toBe(true)
})

test('saves the original by the button and by the context menu, and copies the picture', async ({ clipboard: _ }) => {
  const picture = await openPicture()
  const path = join(folder.path, 'mine.bin')
  await answerSaveDialog(host.app, path)
  await host.window.getByRole('button', { name: 'Save a copy' }).click()
  await expect(host.window.getByText(/^Saved as “\d{4}-/)).toBeVisible()
  expect(isPicture(path)).toBe(true)

  const second = join(folder.path, 'second.bin')
  await answerSaveDialog(host.app, second)
  await host.app.evaluate(({ Menu }) => {
    Menu.prototype.popup = function popup() {
      for (const item of this.items) item.click()
    }
  })
  await picture.click({ button: 'right' })
  await expect.poll(() => existsSync(second) && isPicture(second)).toBe(true)
  await expect.poll(() => host.app.evaluate(({ clipboard }) => clipboard.has('image/png'))).toBe(true)
})

test('shows a backup and the data folder in the file manager', async () => {
  await host.app.evaluate(({ shell }) => {
    const shown: string[] = []
    Object.assign(globalThis, { shown })
    shell.showItemInFolder = (path) => void shown.push(path)
    shell.openPath = async (path) => {
      shown.push(path)
      return ''
    }
  })
  const page = host.window
  await goTo(page, '/settings')
  await page.getByRole('button', { name: 'Make a backup' }).click()
  const backups = page.getByRole('list', { name: 'Backup' })
  await backups.getByRole('button', { name: 'Show in folder' }).click()
  await page.getByRole('region', { name: 'Data', exact: true }).getByRole('button', { name: 'Show in folder' }).click()
  const shown = () => host.app.evaluate(() => (globalThis as { shown?: string[] }).shown)
  await expect.poll(shown).toEqual([expect.stringContaining(join(host.dataDir, 'backups', 'carat-')), host.dataDir])
})

test('saves a report for support that holds nothing of the account', async () => {
  const path = join(folder.path, 'report.txt')
  await answerSaveDialog(host.app, path)
  await goTo(host.window, '/settings')
  await host.window.getByRole('region', { name: 'About' }).getByRole('button', { name: 'Save…' }).click()
  await expect(host.window.getByText(/^Saved as “Carat Companion diagnostics/)).toBeVisible()
  const report = readFileSync(path, 'utf8')
  expect(report).toContain('"pages": "ok"')
  expect(report).toContain(`"electron": "${await host.app.evaluate(() => process.versions.electron)}"`)
  const account = await host.window.evaluate(() =>
    (window as unknown as { caratBridge: Bridge }).caratBridge.request('account.get', {}),
  )
  const jobs = await host.window.evaluate(() =>
    (window as unknown as { caratBridge: Bridge }).caratBridge.request('jobs.list', { limit: 50 }),
  )
  if (!account.ok || !account.data || !jobs.ok) throw new Error('no account')
  const { displayName, email, id } = account.data
  const prompts = jobs.data.items.map(({ prompt }) => prompt)
  for (const personal of [displayName, email, id, folder.path, ...prompts]) {
    if (personal) expect(report).not.toContain(personal)
  }
})

test('stops loading an original that is no longer shown', async () => {
  await host.stop()
  const service = await createFakeService()
  service.fault(/^\/files\//, { neverAnswer: true }, 100)
  service.addJob({ id: 'slow', results: [{ id: 'r', mimeType: 'image/png', url: `${service.url}/files/slow.png` }] })
  host = await startElectron({
    args: ['--lang=en', `--api=${service.url}`],
    env: { CARAT_TOKEN: service.token },
    dataDir: join(folder.path, 'other'),
  })
  const page = host.window
  await goTo(page, '/library/agent-1/slow')
  await expect.poll(() => service.requests.some(({ path }) => path === '/files/slow.png')).toBe(true)
  await host.app.evaluate(({ ipcMain }) => {
    type Handler = (event: unknown, route: string, input: unknown) => unknown
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
    const answer = handlers.get('carat:request') as Handler
    const canceled: unknown[] = []
    Object.assign(globalThis, { canceled })
    handlers.set('carat:request', (event, route, input) => {
      if (route === 'media.cancel') canceled.push(input)
      return answer(event, route, input)
    })
  })
  await goTo(page, '/credits')
  const canceled = () => host.app.evaluate(() => (globalThis as { canceled?: unknown[] }).canceled)
  const file = { agent: 'agent-1', jobId: 'slow', resultId: 'r', size: 'original' }
  await expect.poll(canceled).toContainEqual(file)
  await service.close()
})

/** What only the Electron host has: its window, menus, guards and its way to end. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { goTo } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { type ElectronHost, startElectron } from '../support/electron.ts'
import { answerSaveDialog } from '../support/exported-file.ts'

let folder: ReturnType<typeof temporaryFolder>
let host: ElectronHost
let app: ElectronApplication
let page: Page
async function start(...args: string[]) {
  host = await startElectron({ args: ['--lang=en', ...args], dataDir: folder.path })
  app = host.app
  page = host.window
  await expect(page.locator('#root[data-ready]')).toBeAttached()
}
test.beforeEach(async () => {
  folder = temporaryFolder()
  await start()
})
test.afterEach(async () => {
  await host.stop()
  folder.remove()
})

const clickMenu = (label: string) =>
  app.evaluate(({ Menu }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
    items.find((item) => item.label === wanted)?.click()
  }, label)
const log = () => {
  const file = join(folder.path, 'logs/main.log')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
const hash = () => page.evaluate(() => location.hash)

test('blocks navigation, opens no second window, and shows the page nothing but the bridge', async () => {
  const library = page.getByRole('navigation').getByRole('link', { name: /^Library/ })
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([])
  await page.evaluate(() => {
    window.open('https://example.com/')
    location.assign('https://example.com/')
  })
  // Playwright's own click would wait for the blocked navigation to end.
  await library.dispatchEvent('click')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  expect(page.url().split('#')[0]).toBe('app://carat/')
  expect(app.windows()).toHaveLength(1)
})

test('has no channel for messages of pages but its own', async () => {
  const channels = await app.evaluate(({ ipcMain }) => {
    const { _invokeHandlers } = ipcMain as unknown as { _invokeHandlers: Map<string, unknown> }
    return { handled: [..._invokeHandlers.keys()], heard: ipcMain.eventNames() }
  })
  // Electron itself listens to `error`, so that a channel of this name throws nothing.
  expect(channels).toEqual({ handled: ['carat:request'], heard: ['error'] })
})

test('shows screens from the menu without loading the page again, and finds by Ctrl+F', async () => {
  await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''))
  await clickMenu('Refunds')
  await expect.poll(hash).toBe('#/refunds')
  await clickMenu('Settings…')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+F')
  await expect(page.getByRole('searchbox')).toBeFocused()
  expect(await hash()).toBe('#/library')
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Library/ })
    .focus()
  await clickMenu('Find')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await expect(page.locator('html[data-not-reloaded]')).toBeAttached()
})

test('offers to paste into a field, and copies a selected text', async () => {
  await goTo(page, '/library')
  await app.evaluate(({ Menu }) => {
    Menu.prototype.popup = function popup() {
      Object.assign(globalThis, { shown: this.items.map(({ role, label }) => role ?? label) })
    }
  })
  const shown = () => app.evaluate(() => (globalThis as { shown?: string[] }).shown)
  await page.getByRole('searchbox').click({ button: 'right' })
  await expect.poll(shown).toEqual(['cut', 'copy', 'paste', '', 'selectall'])
  await page.getByRole('heading', { level: 1 }).dblclick()
  await page.getByRole('heading', { level: 1 }).click({ button: 'right' })
  await expect.poll(shown).toEqual(['copy'])
})

test('offers its menu by a button on Windows, where the window has no menu bar', async () => {
  await app.evaluate(({ ipcMain, Menu }) => {
    type Handler = (event: unknown, route: string, input: unknown) => Promise<{ data: { platform: string } }>
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
    const answer = handlers.get('carat:request') as Handler
    handlers.set('carat:request', async (event, route, input) => {
      const envelope = await answer(event, route, input)
      return route === 'app.info' ? { ...envelope, data: { ...envelope.data, platform: 'win32' } } : envelope
    })
    Menu.prototype.popup = function popup() {
      Object.assign(globalThis, { shown: this.items.map(({ label }) => label) })
    }
  })
  await page.reload()
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  const shown = () => app.evaluate(() => (globalThis as { shown?: string[] }).shown)
  await expect.poll(shown).toEqual(['File', 'Edit', 'View', 'Window', 'Help'])
  for (const width of [1280, 900, 640]) {
    await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setSize(to, 600), width)
    await expect(page.getByRole('button', { name: 'Menu', exact: true })).toBeInViewport({ ratio: 1 })
  }
})

test('opens at the last place and zoom', async () => {
  await clickMenu('Zoom In')
  const bounds = { x: 60, y: 50, width: 900, height: 600 }
  await app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds)
  await host.stop()
  await start()
  const state = () =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return { ...window?.getBounds(), zoom: window?.webContents.getZoomFactor() }
    })
  await expect.poll(state).toEqual({ ...bounds, zoom: 1.1 })
})

test('shows every screen in the usual and in the smallest window, and never scrolls the document', async () => {
  for (const size of [
    [1280, 800],
    [640, 472],
  ] as const) {
    await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setSize(w, h), size)
    await expect.poll(() => page.evaluate(() => [outerWidth, outerHeight])).toEqual(size)
    for (const screen of ['overview', 'library', 'credits', 'refunds', 'help', 'support', 'settings']) {
      await goTo(page, `/${screen}`)
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeInViewport()
      const overflow = () =>
        page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement
          return [scrollWidth - innerWidth, scrollHeight - innerHeight]
        })
      expect([screen, ...(await overflow())]).toEqual([screen, 0, 0])
    }
  }
})

test('lets a film fill the screen, and nothing else of what a page may ask for', async () => {
  expect(await page.evaluate(() => document.documentElement.requestFullscreen().then(() => true))).toBe(true)
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
})

test('stays in the tray when its window is closed, if Settings say so, and opens again', async () => {
  await goTo(page, '/settings')
  const section = page.getByRole('region', { name: 'In the background' })
  await section.getByRole('group', { name: 'Keep running' }).getByRole('button', { name: 'On' }).click()
  await expect.poll(() => readFileSync(join(folder.path, 'settings.json'), 'utf8')).toContain('runsInBackground')
  const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(isVisible).toBe(false)
  await app.evaluate(({ app }) => app.emit('second-instance', {}, [], '/', { path: null }))
  await expect.poll(isVisible).toBe(true)
})

test('loads a crashed page again, and says so', async () => {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async (options: unknown) => {
      Object.assign(globalThis, { box: options })
      return { response: 0, checkboxChecked: false }
    }
  })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
  // Playwright's page does not survive the crash.
  const isReady = () =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("!!document.querySelector('#root[data-ready]')"),
    )
  await expect.poll(log).toContain('page_gone')
  await expect.poll(isReady).toBe(true)
  const message = () => app.evaluate(() => (globalThis as { box?: { message: string } }).box?.message)
  await expect.poll(message).toContain('was loaded again')
})

test('explains an error that nothing caught in the user’s language', async () => {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async (options: unknown) => {
      Object.assign(globalThis, { box: options })
      return { response: 0, checkboxChecked: false }
    }
    setTimeout(() => {
      throw new Error('boom')
    })
  })
  const message = () => app.evaluate(() => (globalThis as { box?: { message: string } }).box?.message)
  await expect.poll(message).toBe('Something went wrong in Carat Companion. Your data is safe.')
  expect(log()).toContain('boom')
})

test('hands a link of a second start to the running app', async () => {
  const electron = app.process().spawnfile
  const args = [join(import.meta.dirname, '../..'), `--data=${folder.path}`, 'carat-companion://case/charge%3Alost']
  expect(spawnSync(electron, args).status).toBe(0)
  await expect.poll(hash).toBe('#/refunds/charge%3Alost')
})

test('saves nothing if the save dialog is cancelled, and explains a folder that does not exist', async () => {
  await goTo(page, '/settings')
  const button = page.getByRole('button', { name: 'Credit history, CSV' })
  await answerSaveDialog(app, '')
  await button.click()
  await expect(button).toBeEnabled()
  await expect(page.getByText(/records written/)).toHaveCount(0)
  await answerSaveDialog(app, join(folder.path, 'no folder', 'x.csv'))
  await button.click()
  await expect(page.getByRole('alert')).toContainText('could not be written')
})

test('closes the database however often it is asked to quit', async () => {
  const ended = new Promise((resolve) => app.process().once('exit', resolve))
  await app.evaluate(({ app }) => {
    app.quit()
    setTimeout(() => app.quit(), 20)
    setTimeout(() => app.quit(), 60)
  })
  expect(await ended).toBe(0)
  expect(log().match(/"closed"/g)).toHaveLength(1)
})

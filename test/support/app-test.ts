/** The end-to-end tests run on both hosts: in Playwright's projects `browser` and `electron`. */
import { test as base, type CDPSession, type Page } from '@playwright/test'
import { takeClipboard } from './clipboard-lock.ts'
import { type ElectronHost, startElectron } from './electron.ts'
import { type Host, type HostOptions, startHost } from './host.ts'
import { stopKeptApps } from './kept-app.ts'

interface LateWindow {
  /** Null until the test has started the app. */
  host: ElectronHost | null
  size: { width: number; height: number }
}
/** The windows behind the pages of the project `electron`. */
const windows = new WeakMap<Page, LateWindow>()

export interface HostOption {
  hostName: 'browser' | 'electron'
}

interface Fixtures extends HostOption {
  /** The clipboard. A test that copies asks for it, to have it alone: all windows of Electron share it. */
  clipboard: { text(): Promise<string> }
}

/** In the project `electron`, `page` is the window of the app, which exists only after the test has started the app. */
export const test = base.extend<Fixtures, { keptApps: undefined }>({
  hostName: ['browser', { option: true }],
  clipboard: async ({ hostName, page }, use) => {
    const leave = hostName === 'electron' ? await takeClipboard() : () => {}
    await use({ text: () => clipboardText(page) })
    leave()
  },
  // Not Playwright's own page, which would open a browser beside each window of Electron.
  page: async ({ hostName, browser }, use) => {
    if (hostName === 'electron') return use(windowOfApp())
    const context = await browser.newContext()
    // The tests copy and paste; what the app itself asks of Electron is tested apart.
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await use(await context.newPage())
    await context.close()
  },
  keptApps: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      await use(undefined)
      await stopKeptApps()
    },
    { scope: 'worker', auto: true },
  ],
})

/** Marks a test that the project `electron` leaves out. */
export const browserOnly = (reason: string) => ({
  tag: '@browser-only',
  annotation: { type: 'browser only', description: reason },
})

/** Marks a test of what the page does with answers of the core, which is the same in both hosts. */
export const pageOnly = browserOnly('asks nothing of its host but answers of the core')

function windowOfApp(): Page {
  const late: LateWindow = { host: null, size: { width: 1280, height: 720 } }
  const page = new Proxy({} as Page, {
    get(_, name) {
      if (late.host) {
        const value = Reflect.get(late.host.window, name)
        return typeof value === 'function' ? value.bind(late.host.window) : value
      }
      if (name === 'setViewportSize') return async (size: LateWindow['size']) => void Object.assign(late.size, size)
      throw new Error(`page.${String(name)} was used before the app was started`)
    },
  })
  windows.set(page, late)
  return page
}

export const isElectron = (page: Page) => windows.has(page)

/** The Electron app that `page` shows. */
export function electronOf(page: Page): ElectronHost {
  const host = windows.get(page)?.host
  if (!host) throw new Error('The page is not the window of a running Electron app')
  return host
}

/** Starts the app of the project and shows it in `page`. The caller stops it. */
export async function startApp(page: Page, options: HostOptions = {}): Promise<Host> {
  const late = windows.get(page)
  if (!late) {
    const host = await startHost(options)
    await page.goto(host.url)
    return host
  }
  late.host = await startElectron(options)
  await page.setViewportSize(late.size)
  return late.host
}

/** Shows an app that another test started in `page`, as it was after its start. */
export async function showAgain(page: Page, host: Host): Promise<void> {
  const late = windows.get(page) as LateWindow
  late.host = host as ElectronHost
  await page.setViewportSize(late.size)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null, forcedColors: null })
  await page.mouse.move(0, 0)
}

/** A DevTools session of the page, for input that Playwright does not offer. */
export function devToolsOf(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(isElectron(page) ? electronOf(page).window : page)
}

/** The text that the app has copied. A browser's page may not read it: another page pastes it. */
async function clipboardText(page: Page): Promise<string> {
  if (isElectron(page)) return electronOf(page).app.evaluate(({ clipboard }) => clipboard.readText())
  const context = page.context()
  const other = await context.newPage()
  await other.setContent('<textarea></textarea>')
  const field = other.locator('textarea')
  await field.focus()
  await other.keyboard.press('ControlOrMeta+V')
  const text = await field.inputValue()
  await other.close()
  return text
}

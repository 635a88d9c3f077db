/** The end-to-end tests run on both hosts: in Playwright's projects `browser` and `electron`. */
import { test as base, type CDPSession, type Page } from '@playwright/test'
import { type ElectronHost, startElectron } from './electron.ts'
import { type Host, type HostOptions, startHost } from './host.ts'

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

/** In the project `electron`, `page` is the window of the app, which exists only after the test has started the app. */
export const test = base.extend<HostOption>({
  hostName: ['browser', { option: true }],
  page: async ({ hostName, page, context }, use) => {
    // The tests copy and paste; what the app itself asks of Electron is tested apart.
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await use(hostName === 'electron' ? windowOfApp() : page)
  },
})

/** Marks a test that the project `electron` leaves out. */
export const browserOnly = (reason: string) => ({
  tag: '@browser-only',
  annotation: { type: 'browser only', description: reason },
})

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

/** A DevTools session of the page, for input that Playwright does not offer. */
export function devToolsOf(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(isElectron(page) ? electronOf(page).window : page)
}

/** The text that the app has copied. A browser's page may not read it: another page pastes it. */
export async function clipboardText(page: Page): Promise<string> {
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

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type BrowserSession, storageKey } from '../../src/renderer/bridge/browser.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { RouteName } from '../../src/shared/routes.ts'
import { browserOnly, isElectron, showAgain, startApp, test } from './app-test.ts'
import { createFakeService, type FakeService } from './fake-service.ts'
import { type Host, startHost } from './host.ts'
import { isKept, type KeptApp, keepApp, keptAppWith } from './kept-app.ts'

/** The fixed wall clock of the host: 28 January 2026, 21:00 in Seoul. */
export const hostTime = Date.UTC(2026, 0, 28, 12)
/** A time before `hostTime`, as the service sends it. */
export const ago = (minutes: number) => new Date(hostTime - minutes * 60_000).toISOString()

export interface AppPageOptions {
  /** A path of the app: `/credits?kind=refund`. */
  path: string
  lang?: 'ko' | 'en' | 'both'
  /** Lets the host use the real clock instead of `hostTime`: with a fixed clock, time stands still on the page. */
  realClock?: boolean
  /** Waits until the whole history is read; true by default. */
  synced?: boolean
  /** Lets the test move the clock of the page by `page.clock`. */
  pageClock?: boolean
  /** A data folder that the test filled and removes. */
  dataDir?: string
}

/**
 * Starts the app on a fake service and opens a screen directly, without passing another screen.
 * If it waits for the history, the screen waits for no later page. The caller stops the host.
 */
export async function openApp(page: Page, service: FakeService, options: AppPageOptions): Promise<Host> {
  const { host } = await startAndShow(page, service, options)
  return host
}

async function startAndShow(page: Page, service: FakeService, options: AppPageOptions): Promise<KeptApp> {
  const { path, lang = 'ko', realClock = false, synced = true, pageClock = false, dataDir } = options
  const hostOptions = {
    // Windows accepts no option after a separate address.
    args: [`--api=${service.url}`, `--lang=${lang}`],
    env: { CARAT_TOKEN: service.token, ...(!realClock && { CARAT_NOW: ago(0) }) },
    ...(dataDir !== undefined && { dataDir }),
  }
  if (isElectron(page)) {
    const host = await startApp(page, hostOptions)
    // By default it would ask in every frame, which takes longer than the sync.
    if (synced) await page.waitForFunction(historyIsRead, undefined, { polling: 50 })
    if (pageClock) await page.clock.install()
    await loadInWindow(page, path)
    return { service, host, session: null, lang }
  }
  const host = await startHost(hostOptions)
  const { origin, hash } = new URL(host.url)
  const session = await exchange(origin, hash.slice(1))
  if (synced) await historyRead(origin, session)
  if (pageClock) await page.clock.install()
  await loadInBrowser(page, origin, session, path)
  return { service, host, session, lang }
}

/** Opens an app that the test only reads: a kept one if its service has the same records, and then closes `service`. */
export async function showToRead(page: Page, service: FakeService, options: ReadOptions): Promise<KeptApp> {
  const kept = keptAppWith(service)
  if (!kept) {
    const started = await startAndShow(page, service, options)
    await keepApp(started)
    return started
  }
  await service.close()
  const { path, lang = 'ko' } = options
  const { host, session } = kept
  const { origin } = new URL(host.url)
  if (session) {
    const isAnswer = ({ envelope }: SocketMessage) => envelope !== undefined
    if (kept.lang !== lang) await requestUntil(origin, session, 'settings.set', { language: lang }, isAnswer)
    await loadInBrowser(page, origin, session, path)
  } else {
    await showAgain(page, host)
    await page.evaluate(async (language) => {
      localStorage.clear()
      sessionStorage.clear()
      await (window as unknown as { caratBridge: Bridge }).caratBridge.request('settings.set', { language })
    }, lang)
    await loadInWindow(page, path)
  }
  kept.lang = lang
  return kept
}

/** Without showing the screen before the page loads again: its requests would go on in the core. */
async function loadInWindow(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => history.replaceState(null, '', hash), `#${path}`)
  await page.reload()
  await expect(page.locator('#root[data-ready]')).toBeAttached()
}

async function loadInBrowser(page: Page, origin: string, session: BrowserSession, path: string): Promise<void> {
  await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [
    storageKey,
    JSON.stringify(session),
  ] as const)
  await page.goto(`${origin}/#${path}`)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
}

async function historyIsRead(): Promise<boolean> {
  const { caratBridge } = window as unknown as { caratBridge: Bridge }
  const state = await caratBridge.request('sync.state', {})
  return state.ok && state.data.status === 'idle'
}

/** How an app is opened that the test only reads. */
export type ReadOptions = Pick<AppPageOptions, 'path' | 'lang'>

export interface TestApp {
  readonly service: FakeService
  open(page: Page, options?: Partial<AppPageOptions>): Promise<void>
  /**
   * Opens the app for a test that changes neither the service nor the app, only what the page shows: a start of a host takes
   * longer than most such tests, so those with the same records share it.
   */
  read(page: Page, options?: Partial<ReadOptions>): Promise<void>
}

/** A new fake service for every test of a file, and a host on it that ends with the test. Opens `path` by default. */
export function withApp(path = '/overview'): TestApp {
  let service: FakeService
  let host: Host | undefined
  test.beforeEach(async () => {
    service = await createFakeService()
  })
  test.afterEach(async () => {
    if (!isKept(host)) {
      await host?.stop()
      await service.close()
    }
    host = undefined
  })
  return {
    get service() {
      return service
    },
    async open(page, options) {
      host = await openApp(page, service, { path, ...options })
    },
    async read(page, options) {
      const app = await showToRead(page, service, { path, ...options })
      service = app.service
      host = app.host
    },
  }
}

export const cannotBreakRoutes = browserOnly('only the WebSocket of the browser host can be intercepted')

/** Answers a route of the page with an error while `isBroken` is set to true. Call it before the page opens. */
export async function breakableRoute(page: Page, name: RouteName): Promise<{ isBroken: boolean }> {
  const route = { isBroken: false }
  const envelope = { ok: false, error: { code: 'internal', params: {} } }
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const host = socket.connectToServer()
    socket.onMessage((message) => {
      const request = JSON.parse(String(message))
      if (route.isBroken && request.route === name) socket.send(JSON.stringify({ id: request.id, envelope }))
      else host.send(message)
    })
  })
  return route
}

/** Exchanges the code of the printed address for a session, as the page does. */
async function exchange(origin: string, code: string): Promise<BrowserSession> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${origin}/session`, { method: 'POST', headers, body: JSON.stringify({ code }) })
  return (await response.json()) as BrowserSession
}

/** Returns once the host has read the whole history. */
const historyRead = (origin: string, session: BrowserSession) =>
  requestUntil(origin, session, 'sync.state', {}, ({ envelope, event }) => {
    const state = (envelope?.data ?? event?.state) as { status?: string } | undefined
    return state?.status === 'idle'
  })

interface SocketMessage {
  envelope?: { data?: unknown }
  event?: { state?: unknown }
}

/** Sends a request to the host as a page does, and returns once a message of the host fits. */
async function requestUntil(
  origin: string,
  { token }: BrowserSession,
  route: RouteName,
  input: object,
  fits: (message: SocketMessage) => boolean,
): Promise<void> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, ['carat', token])
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, route, input }))
    socket.onmessage = ({ data }) => {
      if (fits(JSON.parse(data))) resolve()
    }
    socket.onerror = reject
  })
  socket.close()
}

/**
 * Goes to another screen and returns once it is shown and has painted its data: `page.goto` returns while the old screen is still
 * shown.
 */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(async (hash) => {
    if (location.hash === hash) return
    const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
    location.hash = hash
    await changed
  }, `#${path}`)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
}

/** Fails if the page breaks an accessibility rule of WCAG 2.2 AA, in light or in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const found = (await axeViolations(page)).map(
      ({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join('\n')}`,
    )
    expect(found).toEqual([])
  }
}

/**
 * The violations that axe finds in a part of the page. The legacy mode takes half the time: it skips frames, and the
 * app has none.
 */
export async function axeViolations(page: Page, part = 'html') {
  const { violations } = await new AxeBuilder({ page }).include(part).setLegacyMode().analyze()
  return violations
}

/** Fails if the page or an element in its main part can be scrolled sideways. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const wider = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, main *')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter(
        (element) => /auto|scroll/.test(getComputedStyle(element).overflowX) || element === document.documentElement,
      )
      .map((element) => `${element.className}: ${element.scrollWidth} > ${element.clientWidth}`),
  )
  expect(wider).toEqual([])
}

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type BrowserSession, storageKey } from '../../src/renderer/bridge/browser.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { RouteName } from '../../src/shared/routes.ts'
import { browserOnly, isElectron, startApp, test } from './app-test.ts'
import { createFakeService, type FakeService } from './fake-service.ts'
import { type Host, startHost } from './host.ts'

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
  const { path, lang = 'ko', realClock = false, synced = true, pageClock = false, dataDir } = options
  const hostOptions = {
    // Windows accepts no option after a separate address.
    args: [`--api=${service.url}`, `--lang=${lang}`],
    env: { CARAT_TOKEN: service.token, ...(!realClock && { CARAT_NOW: ago(0) }) },
    ...(dataDir !== undefined && { dataDir }),
  }
  if (isElectron(page)) {
    const host = await startApp(page, hostOptions)
    if (synced) await page.waitForFunction(historyIsRead)
    if (pageClock) await page.clock.install()
    // Without showing the screen before the page loads again: its requests would go on in the core.
    await page.evaluate((hash) => history.replaceState(null, '', hash), `#${path}`)
    await page.reload()
    await expect(page.locator('#root[data-ready]')).toBeAttached()
    return host
  }
  const host = await startHost(hostOptions)
  const { origin, hash } = new URL(host.url)
  const session = await exchange(origin, hash.slice(1))
  if (synced) await historyRead(origin, session)
  if (pageClock) await page.clock.install()
  await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [
    storageKey,
    JSON.stringify(session),
  ] as const)
  await page.goto(`${origin}/#${path}`)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
  return host
}

async function historyIsRead(): Promise<boolean> {
  const { caratBridge } = window as unknown as { caratBridge: Bridge }
  const state = await caratBridge.request('sync.state', {})
  return state.ok && state.data.status === 'idle'
}

export interface TestApp {
  readonly service: FakeService
  open(page: Page, options?: Partial<AppPageOptions>): Promise<void>
}

/** A new fake service for every test of a file, and a host on it that ends with the test. Opens `path` by default. */
export function withApp(path = '/overview'): TestApp {
  let service: FakeService
  let host: Host | undefined
  test.beforeEach(async () => {
    service = await createFakeService()
  })
  test.afterEach(async () => {
    await host?.stop()
    host = undefined
    await service.close()
  })
  return {
    get service() {
      return service
    },
    async open(page, options) {
      host = await openApp(page, service, { path, ...options })
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
async function historyRead(origin: string, { token }: BrowserSession): Promise<void> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, ['carat', token])
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, route: 'sync.state', input: {} }))
    socket.onmessage = ({ data }) => {
      const { envelope, event } = JSON.parse(data)
      if ((envelope?.data ?? event?.state)?.status === 'idle') resolve()
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

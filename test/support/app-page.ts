import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type BrowserSession, storageKey } from '../../src/renderer/bridge/browser.ts'
import type { FakeService } from './fake-service.ts'
import { type Host, startHost } from './host.ts'

export interface AppPageOptions {
  /** A path of the app: `/credits?kind=refund`. */
  path: string
  lang?: 'ko' | 'en' | 'both'
  /** The fixed wall clock of the host; the real one where left out. */
  now?: number
  /** Waits until the whole history is read, which is the default. */
  synced?: boolean
}

/**
 * Starts the browser host on a fake service and opens one screen at once, so that no test acts on a screen before it.
 * Where it waits for the history, nothing on screen waits for a later page. The caller stops the host.
 */
export async function openApp(
  page: Page,
  service: FakeService,
  { path, lang = 'ko', now, synced = true }: AppPageOptions,
): Promise<Host> {
  const host = await startHost({
    args: ['--api', service.url, '--lang', lang],
    env: { CARAT_TOKEN: service.token, ...(now && { CARAT_NOW: new Date(now).toISOString() }) },
  })
  const { origin, hash } = new URL(host.url)
  const session = await exchange(origin, hash.slice(1))
  if (synced) await historyRead(origin, session)
  await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [
    storageKey,
    JSON.stringify(session),
  ] as const)
  await page.goto(`${origin}/#${path}`)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
  return host
}

/** Trades the code of the printed address, as a page that is opened there does. */
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

/** Goes to another screen and returns once it is drawn: `page.goto` returns while the old one still is. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(async (hash) => {
    if (location.hash === hash) return
    const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
    location.hash = hash
    await changed
  }, `#${path}`)
}

/** Fails where anything on the page breaks an accessibility rule of WCAG 2.2 AA, in light or in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const found = (await axeViolations(page)).map(
      ({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join('\n')}`,
    )
    expect(found).toEqual([])
  }
}

/** What axe finds in a part of the page. Its other mode joins frames in a second page; there are none, and this takes half the time. */
export async function axeViolations(page: Page, part = 'html') {
  const { violations } = await new AxeBuilder({ page }).include(part).setLegacyMode().analyze()
  return violations
}

/** Fails where the page can be scrolled sideways, whole or in its main part. */
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

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
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

/** Starts the browser host on a fake service and opens one screen. The caller stops the host. */
export async function openApp(
  page: Page,
  service: FakeService,
  { path, lang = 'ko', now, synced = true }: AppPageOptions,
): Promise<Host> {
  const host = await startHost({
    args: ['--api', service.url, '--lang', lang],
    env: { CARAT_TOKEN: service.token, ...(now && { CARAT_NOW: new Date(now).toISOString() }) },
  })
  await page.goto(host.url)
  if (synced) await expect(page.getByText(/모두 동기화됨|All synced/).first()).toBeVisible()
  await page.goto(`${new URL(host.url).origin}/#${path}`)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
  return host
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

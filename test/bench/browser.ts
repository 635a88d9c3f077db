/** The built app in Chromium, on a copy of a bench account. */
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { findBrowser } from '../support/browser.ts'
import { type Host, startHost } from '../support/host.ts'
import { type Account, onCopy } from './accounts.ts'
import { now } from './calendar.ts'

const compiled = join(import.meta.dirname, '../../.cache/compiled')

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath: findBrowser() })

export const newPage = (browser: Browser): Promise<Page> =>
  browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'ko-KR', timezoneId: 'Asia/Seoul' })

export const startAppHost = ({ service }: Account, dataDir: string): Promise<Host> =>
  startHost({
    dataDir,
    args: ['--api', service.url, '--lang', 'ko'],
    env: {
      CARAT_TOKEN: service.token,
      CARAT_NOW: new Date(now).toISOString(),
      // As in `npm start`.
      NODE_COMPILE_CACHE: compiled,
      NODE_OPTIONS: '--max-semi-space-size=1',
    },
  })

export interface App {
  browser: Browser
  page: Page
  host: Host
}

/** Runs `task` on the Library of an account in a new browser, once its first jobs are on screen. */
export async function inLibrary<T>(account: Account, task: (app: App) => Promise<T>): Promise<T> {
  return onCopy(account, async (dataDir) => {
    // First, so that no host is left if there is no browser.
    const browser = await launchBrowser()
    const host = await startAppHost(account, dataDir).catch(async (error) => {
      await browser.close()
      throw error
    })
    try {
      const page = await newPage(browser)
      await page.goto(host.url)
      await page.locator('#root[data-ready]').waitFor()
      await page.goto(`${new URL(host.url).origin}/#/library`)
      await page.reload()
      await page.locator('#root[data-ready] [data-job-id]').first().waitFor()
      return await task({ browser, page, host })
    } finally {
      await browser.close()
      await host.stop()
    }
  })
}

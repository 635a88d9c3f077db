/** Attacks on the browser host from real pages. Requests that no browser sends are in test/unit/gate-server.test.ts. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from '@playwright/test'
import { findBrowser } from '../support/browser.ts'
import { type Host, startHost } from '../support/host.ts'

test.use({
  launchOptions: { executablePath: findBrowser(), args: ['--host-resolver-rules=MAP *.evil.test 127.0.0.1'] },
})

let host: Host
let origin: string
let evil: Server
let evilPort: number
test.beforeAll(async () => {
  host = await startHost()
  origin = new URL(host.url).origin
  // Without this icon, the browser would request one from the evil server while the test counts our answers.
  const html = '<!doctype html><link rel="icon" href="data:,">'
  evil = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html)).listen(0)
  await once(evil, 'listening')
  evilPort = (evil.address() as AddressInfo).port
})
test.afterAll(async () => {
  evil.close()
  await host.stop()
})

/** Collects the statuses of all later answers, including those that the browser hides from the page. */
async function statuses(page: Page): Promise<number[]> {
  const list: number[] = []
  const devTools = await page.context().newCDPSession(page)
  devTools.on('Network.responseReceivedExtraInfo', ({ statusCode }) => list.push(statusCode))
  await devTools.send('Network.enable')
  return list
}

const ready = (page: Page) => expect(page.locator('#root[data-ready]')).toBeVisible({ timeout: 20_000 })

test('refuses a host name that is rebound to this machine', async ({ page }) => {
  const [response] = await Promise.all([
    page.waitForEvent('response'),
    // For an error without a body, the browser reports a failed navigation.
    page.goto(`http://rebound.evil.test:${new URL(origin).port}/`).catch(() => {}),
  ])
  expect(response.status()).toBe(421)
})

for (const [kind, hostname] of [
  ['a foreign page', 'www.evil.test'],
  ['another port of this machine', '127.0.0.1'],
] as const) {
  test(`${kind} can neither read from the app nor call it`, async ({ page }) => {
    await page.goto(`http://${hostname}:${evilPort}/`)
    const answers = await statuses(page)
    const outcome = await page.evaluate(async (target) => {
      const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"code":"x"}' }
      const failed = (promise: Promise<unknown>) => promise.then(() => false).catch(() => true)
      const load = (element: HTMLElement & { src: string }, path: string) =>
        failed(
          new Promise((resolve, reject) => {
            element.onload = resolve
            element.onerror = reject
            element.src = target + path
            document.body.append(element)
          }),
        )
      return {
        blindRead: await failed(fetch(target, { mode: 'no-cors' })),
        blindForm: await failed(fetch(`${target}/session`, { method: 'POST', mode: 'no-cors', body: 'code=x' })),
        read: await failed(fetch(target)),
        exchange: await failed(fetch(`${target}/session`, json)),
        script: await load(document.createElement('script'), '/assets/index.js'),
        picture: await load(document.createElement('img'), '/media/agent-1/a/b/thumbnail?key=x'),
        socket: await failed(
          new Promise((resolve, reject) => {
            const socket = new WebSocket(`${target.replace('http', 'ws')}/socket`, ['carat', 'x'.repeat(43)])
            socket.onopen = resolve
            socket.onerror = reject
          }),
        ),
      }
    }, origin)
    expect(Object.entries(outcome).filter(([, hasFailed]) => !hasFailed)).toEqual([])
    expect(answers.filter((status) => status < 400)).toEqual([])
    expect(answers.length).toBeGreaterThan(4)
  })

  test(`${kind} cannot put the app into a frame`, async ({ page }) => {
    await page.goto(`http://${hostname}:${evilPort}/`)
    const answers = await statuses(page)
    await page.evaluate(async (target) => {
      const frame = document.createElement('iframe')
      frame.src = target
      document.body.append(frame)
      await new Promise((resolve) => frame.addEventListener('load', resolve))
    }, origin)
    expect(answers).toEqual([403])
  })
}

test('enforces the content security policy, which the page itself never violates', async ({ page }) => {
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  await page.goto(host.url)
  await ready(page)
  for (const path of ['library', 'credits', 'refunds', 'help', 'settings']) {
    await page.evaluate((hash) => location.assign(hash), `#/${path}`)
    await expect(page.locator('main h1')).toBeVisible()
  }
  expect(messages).toEqual([])

  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.injected = true">')
    return new Promise((resolve) => {
      // In a timer, because code that the test driver calls is exempt from the policy.
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: the policy has to refuse it.
          resolve([eval('1'), 'injected' in window])
        } catch {
          resolve(['refused', 'injected' in window])
        }
      }, 100)
    })
  })
  expect(ran).toEqual(['refused', false])
})

test('opens the page once per code, and survives a reload of the tab', async ({ browser }) => {
  const { url, stop } = await startHost()
  const first = await (await browser.newContext()).newPage()
  await first.goto(url)
  await ready(first)
  expect(first.url()).not.toContain(new URL(url).hash.slice(1))
  await first.reload()
  await ready(first)

  const second = await (await browser.newContext()).newPage()
  await second.goto(url)
  await expect(second.locator('body')).toContainText('Carat Companion을 열 수 없어요')
  await expect(second.locator('[data-job-id]')).toHaveCount(0)
  await stop()
})

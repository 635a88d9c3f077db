import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { goTo } from '../support/app-page.ts'
import { browserOnly, startApp, test } from '../support/app-test.ts'
import { createFakeService, type FakeService, failure } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'

/** Only the address of the browser host carries a code. */
const codes = browserOnly('the address of the window carries no code')

let service: FakeService
let host: Host

test.beforeEach(async () => {
  service = await createFakeService({ maxPage: 40 })
})
test.afterEach(async () => {
  await host.stop()
  await service.close()
})

const noon = Date.UTC(2026, 0, 28, 12)
/** A result without a thumbnail to load. */
const audio = (number: number) => ({ id: `audio-${number}`, mimeType: 'audio/mpeg', url: 'https://carat.im/none.mp3' })
const iso = (time: number) => new Date(time).toISOString()

/** Starts the app and returns the errors of its page and the violations of its security policy, now and later. */
async function start(page: Page, options: { lang?: string; now?: number } = {}) {
  host = await startApp(page, {
    args: [`--api=${service.url}`, ...(options.lang ? [`--lang=${options.lang}`] : [])],
    env: { CARAT_TOKEN: service.token, ...(options.now && { CARAT_NOW: iso(options.now) }) },
  })
  const isReady = () => expect(page.locator('#root[data-ready]')).toBeAttached()
  await isReady()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.reload()
  await isReady()
  return problems
}

test('shows the history of both agents, the status of each charge and the link to the upgrade page', async ({
  page,
}) => {
  const lost = service.addJob({
    agent: 'agent-2',
    status: 'failed',
    failure: { code: 'render_timeout', origin: 'system', message: null },
    createdAt: iso(noon - 90 * 60_000),
    finishedAt: iso(noon - 80 * 60_000),
    results: [],
    prompt: '노을 지는 한강 위를 나는 종이학',
  })
  service.addTransaction({ jobId: lost.id, agent: 'agent-2', amount: -33, occurredAt: iso(noon - 90 * 60_000) })
  for (let number = 0; number < 30; number++) {
    service.addJob({ agent: number % 2 ? 'agent-1' : 'agent-2', kind: 'audio', results: [audio(number)] })
  }
  const problems = await start(page, { lang: 'ko', now: noon })

  const attention = page.locator(`[data-job-id="${lost.id}"]`).first()
  await expect(attention).toHaveAttribute('data-refund-status', 'refund_missing')
  await expect(attention).toHaveAttribute('data-agent', 'agent-2')

  const upgrade = page.locator('a[href="https://carat.im/en/upgrade"]').first()
  await expect(upgrade).toHaveAttribute('target', '_blank')
  await expect(upgrade).toHaveAttribute('rel', /noopener/)

  await page.getByRole('link', { name: '라이브러리' }).first().click()
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  await page
    .getByRole('radio', { name: '에이전트 1.0' })
    .or(page.getByRole('button', { name: '에이전트 1.0' }))
    .first()
    .click()
  await expect(page.locator('[data-agent="agent-2"][data-job-id]')).toHaveCount(0)
  await expect(page.locator('[data-agent="agent-1"][data-job-id]').first()).toBeVisible()
  expect(problems).toEqual([])
})

test('switches the language at once and remembers it', async ({ page }) => {
  await start(page, { lang: 'ko', now: noon })
  await goTo(page, '/settings')
  await page
    .getByRole('radio', { name: 'English' })
    .or(page.getByRole('button', { name: 'English' }))
    .first()
    .click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('link', { name: 'Library' }).first()).toBeVisible()
  const remembered = () => {
    const file = join(host.dataDir, 'settings.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).language : null
  }
  await expect.poll(remembered).toBe('en')
  await page.reload()
  await expect(page.getByRole('link', { name: 'Library' }).first()).toBeVisible()
})

test('shows both languages together', async ({ page }) => {
  await start(page, { lang: 'both', now: noon })
  await expect(page.getByText('Library(라이브러리)').first()).toBeVisible()
})

test('updates the open page when the service changes', async ({ page }) => {
  const job = service.addJob({ status: 'running', finishedAt: null, results: [], createdAt: iso(Date.now() - 60_000) })
  await start(page, { lang: 'en' })
  await goTo(page, '/library')
  const tile = page.locator(`[data-job-id="${job.id}"]`).first()
  await expect(tile).toHaveAttribute('data-refund-status', 'in_progress')
  service.reviseJob(job.id, {
    status: 'succeeded',
    finishedAt: iso(Date.now()),
    results: [{ id: 'r', mimeType: 'image/png', url: `${service.url}/none.png` }],
  })
  await expect(tile).toHaveAttribute('data-refund-status', 'not_charged')
})

test('names the sync error in the sync state and keeps the rest usable', async ({ page }) => {
  service.addJob({ agent: 'agent-1' })
  service.fault((request) => request.query.agent === 'agent-2', failure(500, 'internal'), 1_000)
  await start(page, { lang: 'en', now: noon })
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id]').first()).toBeVisible()
  await expect(page.getByText('Could not read Agent 2.0').first()).toBeVisible()
})

test('opens one page per code, and tells a second page how to continue', codes, async ({ page }) => {
  await start(page, { lang: 'en', now: noon })
  const second = await page.context().newPage()
  await second.goto(host.url)
  await expect(second.locator('#root')).toContainText(/\S/)
  await expect(second.locator('[data-job-id]')).toHaveCount(0)
  await page.reload()
  await expect(page.locator('#root[data-ready]')).toBeAttached()
})

import { expect, type Page } from '@playwright/test'
import { goTo } from '../support/app-page.ts'
import { startApp, test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService, type LoggedRequest } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let host: Host

test.beforeEach(async () => {
  service = await createFakeService({ maxPage: 40 })
  folder = temporaryFolder()
})
test.afterEach(async () => {
  await host.stop()
  await service.close()
  folder.remove()
})

const start = async (page: Page, ...args: string[]) => {
  host = await startApp(page, {
    args: [`--api=${service.url}`, ...args],
    env: { CARAT_TOKEN: service.token },
    dataDir: folder.path,
  })
}
const listingOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs' && query.agent === 'agent-1'
const secondPage = (request: LoggedRequest) => listingOfAgent1(request) && request.query.page !== undefined
const asked = (match: (request: LoggedRequest) => boolean) => service.requests.filter(match).length

test('shows the newest jobs first, reports progress, stays paused over a restart and resumes', async ({ page }) => {
  const audio = { kind: 'audio', results: [{ id: 'audio', mimeType: 'audio/mpeg', url: 'https://carat.im/none.mp3' }] }
  for (let number = 0; number < 30; number++) service.addTransaction({ kind: 'grant', amount: 10 })
  for (let number = 0; number < 10; number++) service.addJob({ ...audio, agent: 'agent-2' } as never)
  const jobs = Array.from({ length: 100 }, () => service.addJob(audio as never))
  const held = service.hold(secondPage)
  await start(page, '--lang=ko')
  const newest = () => page.locator(`[data-job-id="${jobs.at(-1)?.id}"]`).first()
  await held.asked

  // The first pages: 40 of 100 jobs of Agent 1.0, all 10 of Agent 2.0, all 30 transactions.
  await expect(newest()).toBeVisible()
  await expect(page.getByText('약 140개 중 80개').first()).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '57')
  await goTo(page, '/settings')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText('80 of about 140').first()).toBeVisible()

  await page.getByRole('main').getByRole('button', { name: 'Pause sync' }).click()
  await expect(page.getByRole('button', { name: 'Sync paused' })).toBeVisible()
  held.release()
  await host.stop()

  await start(page)
  await expect(page.getByRole('button', { name: 'Sync paused 80 of about 140' })).toBeVisible()
  await expect(newest()).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Resume sync' }).click()
  await expect(page.getByRole('button', { name: 'All synced' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Library 110' })).toBeVisible()
  // A run before the pause, and a run after it that resumed at the second page.
  expect(asked(({ path }) => path === '/v1/me')).toBe(2)
  expect(asked((request) => listingOfAgent1(request) && !secondPage(request))).toBe(1)
})

import type { Request } from '@playwright/test'
import { axeViolations } from '../support/app-page.ts'
import { failure } from '../support/fake-service.ts'
import { expect, test } from '../support/library-page.ts'

/** A picture with its own address, so that a test can change its answer. */
const picture = (url: string, bytes?: number) => [{ id: 'picture', mimeType: 'image/png', url, bytes }]

test('still shows a kept original after Carat removes the job and the file', async ({ page, library }) => {
  const { service } = library
  library.add({ id: 'cat', minutesAgo: 5, prompt: '창가의 고양이' })
  await library.open('/library/agent-1/cat')
  const { panel } = library
  await panel.getByRole('button', { name: '원본 보관' }).click()
  await expect(panel.getByText(/^이 컴퓨터에 보관됨\s· [\d.,]+k?B$/)).toBeVisible()

  service.clearFaults()
  service.fault(/^\/pictures\//, failure(404, 'not_found'), Number.POSITIVE_INFINITY)
  service.deleteJob('cat')
  await expect(panel.getByText('Carat에 더 이상 없음')).toBeVisible()
  await library.goTo('/settings')
  await page.getByRole('button', { name: '캐시 비우기' }).click()
  await expect(page.getByText('캐시를 비웠어요')).toBeVisible()
  await library.goTo('/library/agent-1/cat')
  await page.reload()
  await expect(panel.getByText(/^이 컴퓨터에 보관됨/)).toBeVisible()
  const shown = panel.locator('img').last()
  await expect
    .poll(() => shown.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth))
    .toBeGreaterThan(0)
  expect((await axeViolations(page, 'aside')).map(({ id }) => id)).toEqual([])

  await panel.getByRole('button', { name: '보관 해제' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('지우면 다시 받을 수 없을 거예요')
  await dialog.getByRole('button', { name: '원본 지우기' }).click()
  await expect(panel.getByText('원본은 여기에 보관돼 있지 않아요.')).toBeVisible()
  await panel.getByRole('button', { name: '원본 보관' }).click()
  await expect(panel.getByText(/^Carat에 이 파일이 더는 없어서/)).toBeVisible()
  await expect(panel.getByRole('button', { name: '다시 시도' })).toBeVisible()
})

test('stops loading media that left the page', async ({ page, library }) => {
  const { service } = library
  service.fault('/slow', { neverAnswer: true }, Number.POSITIVE_INFINITY)
  const sound = [{ id: 's', mimeType: 'audio/wav', url: `${service.url}/slow` }]
  library.add({ id: 'picture', minutesAgo: 5, results: picture(`${service.url}/slow`) })
  library.add({ id: 'sound', minutesAgo: 6, kind: 'audio', results: sound })
  await library.open('/settings')
  const asked = (part: string) => page.waitForRequest((request) => request.url().includes(part))
  // The service never answers. Chromium cancels the request; in Electron, the app may answer before that.
  const left = (part: string) => {
    const isOf = (request: Request) => request.url().includes(part)
    return Promise.race([page.waitForEvent('requestfailed', isOf), page.waitForEvent('requestfinished', isOf)])
  }
  for (const [path, part] of [
    ['/library', 'picture/tile180'],
    ['/library/agent-1/sound', 's/original'],
  ] as const) {
    const whenAsked = asked(part)
    await library.goTo(path)
    await whenAsked
    const whenLeft = left(part)
    await library.goTo('/settings')
    const request = await whenLeft
    const end = request.failure()?.errorText ?? (await request.response())?.status()
    expect(String(end)).toMatch(/ABORTED|404/)
  }
})

test('keeps all existing and future originals if Settings ask for it', async ({ page, library }) => {
  const { service } = library
  service.fault('/never', { neverAnswer: true }, Number.POSITIVE_INFINITY)
  for (const id of ['one', 'two']) library.add({ id, minutesAgo: 5 })
  library.add({ id: 'never', minutesAgo: 9, results: picture(`${service.url}/never`, 4_200_000) })
  await library.open('/settings', 'en')
  await page.getByRole('button', { name: 'Keep all originals' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('3 originals · at least 4.2 MB')).toBeVisible()
  await expect(dialog.getByText('Carat does not state the size of 2 of them.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Start keeping' }).click()

  const storage = page.getByRole('region', { name: 'Storage' })
  await expect(storage.getByText(/^2 originals\s· /)).toBeVisible()
  await expect(storage.getByText('1 left · 4.2 MB')).toBeVisible()
  await storage.getByRole('button', { name: 'Pause' }).click()
  await expect(storage.getByText('Keeping is paused')).toBeVisible()
  await storage.getByRole('button', { name: 'Resume' }).click()
  await storage.getByRole('button', { name: 'Cancel the rest' }).click()
  await expect(storage.getByText('1 left')).toHaveCount(0)

  await storage.getByRole('group', { name: 'Keep new originals' }).getByRole('button', { name: 'On' }).click()
  // The clock of the host is fixed, so a new job is created at that exact time.
  library.add({ id: 'new', minutesAgo: 0 })
  await expect(storage.getByText(/^3 originals\s· /)).toBeVisible()
  await storage.getByRole('group', { name: 'Cache limit' }).getByRole('button', { name: '20 GB' }).click()
  expect((await axeViolations(page)).map(({ id }) => id)).toEqual([])
  await page.reload()
  await expect(storage.getByRole('button', { name: '20 GB', pressed: true })).toBeVisible()
  await expect(storage.getByRole('button', { name: 'On', pressed: true })).toBeVisible()
})

/** How the Library reads its pages: by key, a known page again, and with the places that a search found. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RouteInput } from '../../src/shared/routes.ts'
import type { JobPage } from '../../src/shared/views.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

const noon = Date.UTC(2026, 0, 28, 12)
let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let test: TestCore

beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  test = openTestCore(folder.path, service, testClock(noon))
})
afterEach(async () => {
  await test.close()
  await service.close()
  folder.remove()
})

async function list(input: RouteInput<'jobs.list'>): Promise<JobPage> {
  const answer = await test.core.dispatch('jobs.list', input)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as JobPage
}
const ids = (page: JobPage) => page.items.map((job) => job.jobId)

it('reads a known page again, with what came into it since', async () => {
  for (let number = 1; number <= 6; number++) service.addJob({ id: `job-${number}` })
  await test.core.syncOnce(testPatience)
  const first = await list({ limit: 2 })
  const second = await list({ limit: 2, before: first.next ?? '' })
  expect([ids(first), ids(second)]).toEqual([
    ['job-6', 'job-5'],
    ['job-4', 'job-3'],
  ])

  const between = new Date(Date.UTC(2026, 0, 28) + 3.5 * 60_000).toISOString()
  service.addJob({ id: 'late', agent: 'agent-2', createdAt: between })
  await test.core.syncOnce(testPatience)
  const again = await list({ limit: 500, before: first.next ?? '', through: second.next ?? '' })
  expect(ids(again)).toEqual(['job-4', 'late', 'job-3'])
  expect(again.next).toBeNull()
})

it('says where a page that grew past its limit was cut', async () => {
  for (let number = 1; number <= 5; number++) service.addJob({ id: `job-${number}` })
  await test.core.syncOnce(testPatience)
  const known = await list({ limit: 4 })
  const again = await list({ limit: 2, through: known.next ?? '' })
  expect(ids(again)).toEqual(['job-5', 'job-4'])
  expect(ids(await list({ before: again.next ?? '', through: known.next ?? '' }))).toEqual(['job-3', 'job-2'])
})

it('refuses a key that no page handed out', async () => {
  await test.core.syncOnce(testPatience)
  const answer = await test.core.dispatch('jobs.list', { through: 'x' })
  expect(answer.ok ? null : answer.error.code).toBe('invalid_input')
})

it('tells where a search matched, and nothing without one', async () => {
  service.addJob({ id: 'cat', prompt: '창가의 고양이', chatTitle: '고양이 연작', model: 'Z Image' })
  await test.core.syncOnce(testPatience)
  expect((await list({ text: '고야' })).items[0]?.matches).toEqual({ prompt: [[4, 6]], chatTitle: [[0, 2]], model: [] })
  expect((await list({})).items[0]).not.toHaveProperty('matches')
})

it('counts the newest thousand hits of a search, and says that there are more', async () => {
  for (let number = 1; number <= 1_001; number++) {
    service.addJob({ id: `job-${number}`, prompt: '고양이', kind: number === 1 ? 'video' : 'image' })
  }
  await test.core.syncOnce(testPatience)
  const counts = async (input: RouteInput<'jobs.counts'>) => {
    const answer = await test.core.dispatch('jobs.counts', input)
    return answer.ok && answer.data
  }
  expect(await counts({ text: '고양' })).toMatchObject({ total: 1_000, isComplete: false, kinds: { image: 1_000 } })
  expect(await counts({})).toMatchObject({ total: 1_001, isComplete: true, kinds: { image: 1_000, video: 1 } })
  const newest = { from: Date.UTC(2026, 0, 28) + 2 * 60_000 }
  expect(await counts({ text: '고양', ...newest })).toMatchObject({ isComplete: true })
})

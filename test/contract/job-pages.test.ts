/** The pages of the Library: by key, read again, and with the match ranges of a search. */
import { expect, it } from 'vitest'
import type { RouteInput } from '../../src/shared/routes.ts'
import type { JobCounts, JobPage } from '../../src/shared/views.ts'
import { withCore } from '../support/hooks.ts'

const noon = Date.UTC(2026, 0, 28, 12)
const test = withCore(noon)

async function list(input: RouteInput<'jobs.list'>): Promise<JobPage> {
  const answer = await test.core.dispatch('jobs.list', input)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as JobPage
}
const ids = (page: JobPage) => page.items.map((job) => job.jobId)

it('rereads a known page with the jobs added since', async () => {
  for (let number = 1; number <= 6; number++) test.service.addJob({ id: `job-${number}` })
  await test.sync()
  const first = await list({ limit: 2 })
  const second = await list({ limit: 2, before: first.next ?? '' })
  expect([ids(first), ids(second)]).toEqual([
    ['job-6', 'job-5'],
    ['job-4', 'job-3'],
  ])

  const between = new Date(Date.UTC(2026, 0, 28) + 3.5 * 60_000).toISOString()
  test.service.addJob({ id: 'late', agent: 'agent-2', createdAt: between })
  await test.sync()
  const again = await list({ limit: 500, before: first.next ?? '', through: second.next ?? '' })
  expect(ids(again)).toEqual(['job-4', 'late', 'job-3'])
  expect(again.next).toBeNull()
})

it('reports where a page that grew past its limit was cut', async () => {
  for (let number = 1; number <= 5; number++) test.service.addJob({ id: `job-${number}` })
  await test.sync()
  const known = await list({ limit: 4 })
  const again = await list({ limit: 2, through: known.next ?? '' })
  expect(ids(again)).toEqual(['job-5', 'job-4'])
  expect(ids(await list({ before: again.next ?? '', through: known.next ?? '' }))).toEqual(['job-3', 'job-2'])
})

it('lists the jobs that differ only in spaces after the exact matches of a search', async () => {
  const add = (id: string, prompt: string, agent: 'agent-1' | 'agent-2' = 'agent-1') =>
    test.service.addJob({ id, agent, prompt, createdAt: new Date(noon - Number(id) * 60_000).toISOString() })
  add('1', '벚꽃 야경')
  add('2', '벚꽃야경')
  add('3', '꽃 야경')
  add('4', '밤의 벚꽃 야경')
  add('5', '벚꽃야경 사진')
  add('6', '벚꽃 야경', 'agent-2')
  await test.sync()
  const text = '벚꽃야경'
  const exact = await list({ text })
  const first = await list({ text, before: exact.next ?? '', limit: 2 })
  const last = await list({ text, before: first.next ?? '', limit: 2 })
  expect([exact, first, last].map((page) => [ids(page), page.isLoose])).toEqual([
    [['2', '5'], false],
    [['1', '4'], true],
    [['6'], true],
  ])
  expect(last.next).toBeNull()
  const again = [
    await list({ text, through: exact.next ?? '' }),
    await list({ text, before: exact.next ?? '', through: first.next ?? '' }),
  ]
  expect(again.map(({ items, next }) => [items, next])).toEqual([
    [exact.items, null],
    [first.items, null],
  ])
  // In a filter without exact matches, the list begins with what follows them.
  const other = await list({ text, agent: 'agent-2' })
  expect(other).toMatchObject({ items: last.items, next: null, isLoose: true })
  const cut = await list({ text, kinds: ['image'], limit: 1 })
  expect(ids(cut)).toEqual(['2'])
  const counts = await test.core.dispatch('jobs.counts', { text })
  expect(counts).toMatchObject({ ok: true, data: { total: 2 } })
})

it('refuses an invalid page key', async () => {
  await test.sync()
  for (const through of ['x', '~', '~x']) {
    const answer = await test.core.dispatch('jobs.list', { through })
    expect(answer.ok ? null : answer.error.code).toBe('invalid_input')
  }
})

it('reports where a search matched, and nothing without a search', async () => {
  test.service.addJob({ id: 'cat', prompt: '창가의 고양이', chatTitle: '고양이 연작', model: 'Z Image' })
  await test.sync()
  expect((await list({ text: '고야' })).items[0]?.matches).toEqual({ prompt: [[4, 6]], chatTitle: [[0, 2]], model: [] })
  expect((await list({})).items[0]).not.toHaveProperty('matches')
})

it('opens the newest days with the pages that the page keys and the list give', async () => {
  const yesterday = (minute: number) => new Date(Date.UTC(2026, 0, 27, 3, minute)).toISOString()
  for (let number = 1; number <= 50; number++)
    test.service.addJob({ id: `old-${number}`, createdAt: yesterday(number) })
  for (let number = 1; number <= 25; number++) test.service.addJob({ id: `new-${number}` })
  await test.sync()
  const { days, opened } = await test.ask('jobs.days', { open: { jobs: 30, pageSize: 20 } })
  expect(opened.map(({ pages }) => pages.map(({ items, jobs }) => items?.length ?? -jobs))).toEqual([
    [20, 5],
    [20, -20, -10],
  ])
  for (const [index, { day, pages }] of opened.entries()) {
    expect(day).toBe(days[index]?.day)
    expect(pages.map(({ items: _, ...keys }) => keys)).toEqual(await test.ask('jobs.pageKeys', { day, size: 20 }))
    for (const { before, through, items } of pages) {
      if (items) expect(items).toEqual((await list({ before, through, limit: 100 })).items)
    }
  }
  expect((await test.ask('jobs.days', {})).opened).toEqual([])
})

it('counts a search in slices that add up to one count', async () => {
  for (let number = 1; number <= 25; number++) {
    test.service.addJob({ id: `job-${number}`, prompt: '고양이', kind: number % 3 ? 'image' : 'video' })
  }
  await test.sync()
  const slice = async (input: RouteInput<'jobs.counts'>) => {
    const answer = await test.core.dispatch('jobs.counts', { text: '고양', ...input })
    if (!answer.ok) throw new Error(answer.error.code)
    return answer.data as JobCounts
  }
  const slices = [await slice({ hits: 10 })]
  for (let next = slices[0]?.next; next; next = slices.at(-1)?.next)
    slices.push(await slice({ hits: 10, before: next }))
  expect(slices.map(({ total, isComplete }) => [total, isComplete])).toEqual([
    [10, false],
    [10, false],
    [5, true],
  ])
  const whole = await slice({})
  const sum = (kind: string) => slices.reduce((total, { kinds }) => total + (kinds[kind] ?? 0), 0)
  expect(whole).toMatchObject({ total: 25, isComplete: true, next: null, kinds: { image: sum('image') } })
  expect(sum('video')).toBe(whole.kinds.video)
})

it('counts the newest thousand hits of a search, and says that there are more', async () => {
  for (let number = 1; number <= 1_001; number++) {
    test.service.addJob({ id: `job-${number}`, prompt: '고양이', kind: number === 1 ? 'video' : 'image' })
  }
  await test.sync()
  const counts = async (input: RouteInput<'jobs.counts'>) => {
    const answer = await test.core.dispatch('jobs.counts', input)
    return answer.ok && answer.data
  }
  expect(await counts({ text: '고양' })).toMatchObject({ total: 1_000, isComplete: false, kinds: { image: 1_000 } })
  expect(await counts({})).toMatchObject({ total: 1_001, isComplete: true, kinds: { image: 1_000, video: 1 } })
  const newest = { from: Date.UTC(2026, 0, 28) + 2 * 60_000 }
  expect(await counts({ text: '고양', ...newest })).toMatchObject({ isComplete: true })
})

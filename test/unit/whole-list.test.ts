import { describe, expect, it } from 'vitest'
import {
  findTime,
  lacksPagesInView,
  openList,
  type ReadList,
  readInView,
  refreshList,
  type WholeList,
} from '../../src/renderer/screens/library/list/whole-list.ts'
import type { FoundJob, OpenedDay } from '../../src/shared/views.ts'
import fc from '../support/fast-check.ts'

const day = 86_400_000

/** A core with jobs that are identified by their times, which are also the paging keys. */
function createCore(times: readonly number[]) {
  const held = new Set(times)
  const asked: string[] = []
  const between = (from: number, to: number) =>
    [...held].filter((time) => time >= from && time < to).sort((a, b) => b - a)
  const read: ReadList = {
    async days({ from = 0, to = Number.POSITIVE_INFINITY, open }) {
      asked.push('days')
      const jobs = between(from, to)
      const days = Map.groupBy(jobs, (time) => Math.floor(time / day) * day)
      let missing = open?.jobs ?? 0
      const opened: OpenedDay[] = []
      for (const [start, ofDay] of days) {
        if (missing <= 0) break
        const pages = pagesOf(ofDay, start + day, open?.pageSize ?? 0).map(({ keys, times: ofPage }) => {
          const items = missing > 0 ? ofPage.map(jobAt) : null
          missing -= ofPage.length
          return { ...keys, items }
        })
        opened.push({ day: start, pages })
      }
      return {
        total: jobs.length,
        opened,
        days: [...days].map(([start, ofDay]) => ({ day: start, jobs: ofDay.length, charged: 0, lost: 0 })),
      }
    },
    async pageKeys({ day: start, size, to = Number.POSITIVE_INFINITY }) {
      asked.push(`keys ${start / day}`)
      return pagesOf(between(start, Math.min(start + day, to)), start + day, size).map(({ keys }) => keys)
    },
    async jobs({ before, through, limit, to = Number.POSITIVE_INFINITY }) {
      asked.push(`jobs ${through}`)
      const jobs = between(Number(through), Math.min(Number(before), to)).slice(0, limit)
      return { items: jobs.map(jobAt), next: null, searchedNewest: null, isLoose: false, suggestion: null }
    },
  }
  return { held, read, asked }
}
/** The pages of the jobs of one day, newest first. */
const pagesOf = (jobs: number[], end: number, size: number) =>
  Array.from({ length: Math.ceil(jobs.length / size) }, (_, page) => {
    const ofPage = jobs.slice(page * size, (page + 1) * size)
    const before = String(page === 0 ? end : jobs[page * size - 1])
    return { keys: { before, through: String(ofPage.at(-1)), jobs: ofPage.length }, times: ofPage }
  })
const jobAt = (createdAt: number) => ({ agent: 'agent-1', jobId: `job-${createdAt}`, createdAt }) as FoundJob

/** The given number of jobs for each day, the newest day last. */
const history = (...counts: number[]) =>
  counts.flatMap((count, number) => Array.from({ length: count }, (_, index) => number * day + (index + 1) * 1_000))

const inView = (first: number, last = first, kept: number | null = null) => ({ first, last, kept })
const everything = inView(0, Number.MAX_SAFE_INTEGER)
const shape = (list: WholeList) => list.pages.map(({ items, count }) => (items ? count : -count))
const times = (list: WholeList) => list.pages.flatMap(({ items }) => items?.map((job) => job.createdAt) ?? [])

describe('the whole list', () => {
  it('opens with one request that brings every day and the newest jobs', async () => {
    const core = createCore(history(250, 3, 20))
    const list = await openList(core.read, 'all')
    expect(core.asked).toEqual(['days'])
    expect(shape(list)).toEqual([20, 3, 100, -100, -50])
    expect(list.pages.map(({ of }) => [of.day / day, of.first, of.total])).toEqual([
      [2, 0, 20],
      [1, 0, 3],
      [0, 0, 250],
      [0, 100, 250],
      [0, 200, 250],
    ])
  })

  it('reads any page directly, and the page keys of a day once', async () => {
    const core = createCore(history(450, 30))
    let list = await openList(core.read, 'all')
    core.asked.length = 0
    list = await readInView(core.read, list, inView(4, 5))
    expect(core.asked.filter((one) => one.startsWith('jobs'))).toHaveLength(2)
    expect(shape(list)).toEqual([30, -100, -100, -100, 100, 50])
    expect(lacksPagesInView(list, inView(4, 5))).toBe(false)
    expect(lacksPagesInView(list, inView(3, 5))).toBe(true)
    list = await readInView(core.read, list, inView(1, 2, 5))
    expect(core.asked.filter((one) => one === 'keys 0')).toHaveLength(1)
    expect(shape(list)).toEqual([30, 100, 100, -100, 100, 50])
  })

  it('reads the pages in view again after a change, and drops pages whose keys changed', async () => {
    const core = createCore(history(300, 150))
    let list = await openList(core.read, 'all')
    list = await readInView(core.read, list, inView(1, 4))
    core.held.add(day + 500)
    core.asked.length = 0
    list = await refreshList(core.read, list, () => inView(3), false)
    // Only the newest page of the newest day is read again: the jobs that moved in it are not in view.
    expect(shape(list)).toEqual([100, -51, 100, 100, 100])
    expect(list.pages.map(({ stale }) => stale)).toEqual([false, false, true, false, true])
    expect(core.asked).toHaveLength(5)
    list = await readInView(core.read, list, everything)
    expect(times(list)).toEqual([...core.held].sort((a, b) => b - a))
  })

  it('reads the jobs in view again if their day grew above or below them', async () => {
    const core = createCore(history(900))
    let list = await openList(core.read, 'all')
    list = await readInView(core.read, list, inView(4))
    const seen = list.pages[4]?.items?.map((job) => job.createdAt) ?? []
    for (let index = 0; index < 250; index++) core.held.add(901_000 + index)
    list = await refreshList(core.read, list, () => inView(4), false)
    expect(times(list)).toEqual(expect.arrayContaining(seen))
    const place = list.pages.findIndex(({ items }) => items?.some((job) => job.createdAt === seen[0]))
    for (let index = 0; index < 250; index++) core.held.add(index)
    list = await refreshList(core.read, list, () => inView(place, place + 1), false)
    expect(times(list)).toEqual(expect.arrayContaining(seen))
  })

  it('holds and counts newer jobs, and shows them if asked', async () => {
    const core = createCore(history(150, 40))
    let list = await readInView(core.read, await openList(core.read, 'all'), inView(0, 1))
    const shown = times(list)
    for (const time of [day + 90_000, day + 91_000, 3 * day]) core.held.add(time)
    core.held.add(day + 500)
    list = await refreshList(core.read, list, () => inView(0, 1), true)
    expect(list.waiting).toBe(3)
    expect(times(list)).toEqual([...shown.slice(0, 40), day + 500, ...shown.slice(40)])
    core.held.add(day + 92_000)
    list = await refreshList(core.read, list, () => inView(0), true)
    expect(list.waiting).toBe(4)
    expect(times(list)[0]).toBe(shown[0])
    list = await refreshList(core.read, list, () => inView(0), false)
    expect([list.waiting, times(list)[0]]).toEqual([0, 3 * day])
  })

  it('keeps sixty pages, among them the newest page and the pages in view', async () => {
    const core = createCore(history(30_000))
    let list = await openList(core.read, 'all')
    for (let page = 0; page < 299; page += 2) list = await readInView(core.read, list, inView(page, page + 1))
    const read = list.pages.flatMap(({ items }, index) => (items ? [index] : []))
    expect(read).toHaveLength(61)
    expect(read).toEqual([0, ...Array.from({ length: 60 }, (_, index) => 240 + index)])
  })

  it('finds the position of the newest job before a time', async () => {
    const core = createCore(history(100, 0, 50))
    const list = await openList(core.read, 'all')
    const find = async (time: number) => {
      const found = await findTime(core.read, list, time)
      return found && [found.day / day, found.before]
    }
    expect(await find(3 * day)).toEqual([2, 0])
    expect(await find(2 * day)).toEqual([0, 0])
    expect(await find(2 * day + 10_500)).toEqual([2, 40])
    expect(await find(-1)).toEqual([0, 0])
  })

  it('matches the core after any sequence of changes and reads', async () => {
    const time = fc.integer({ min: 1, max: 4 * day })
    const look = { first: fc.nat(12), length: fc.nat(3), hold: fc.boolean() }
    const step = fc.oneof(
      fc.record({ type: fc.constant('add' as const), time }),
      fc.record({ type: fc.constant('remove' as const), index: fc.nat(600) }),
      fc.record({ type: fc.constant('read' as const), ...look }),
      fc.record({ type: fc.constant('refresh' as const), ...look }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const core = createCore(history(130, 220, 5, 240))
        let list = await openList(core.read, 'all')
        for (const one of steps) {
          if (one.type === 'add') core.held.add(one.time)
          else if (one.type === 'remove') core.held.delete([...core.held][one.index] ?? 0)
          else {
            const seen = inView(one.first, one.first + one.length)
            list =
              one.type === 'read'
                ? await readInView(core.read, list, seen)
                : await refreshList(core.read, list, () => seen, one.hold)
          }
          expect(times(list)).toEqual([...new Set(times(list))].sort((a, b) => b - a))
          const startIndexes = list.pages.map(({ of, count }) => [of.first, of.first + count, of.total] as const)
          for (const [index, [first]] of startIndexes.entries()) {
            if (first > 0) expect(first).toBe(startIndexes[index - 1]?.[1])
          }
        }
        list = await refreshList(core.read, list, () => everything, false)
        list = await readInView(core.read, list, everything)
        expect(times(list)).toEqual([...core.held].sort((a, b) => b - a))
      }),
    )
  })
})

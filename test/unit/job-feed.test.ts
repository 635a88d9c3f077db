import { describe, expect, it } from 'vitest'
import {
  appendPage,
  type Feed,
  openFeed,
  type ReadJobs,
  readAgain,
  readNextPage,
  refreshFeed,
} from '../../src/renderer/screens/library/list/job-feed.ts'
import type { FoundJob } from '../../src/shared/views.ts'
import fc from '../support/fast-check.ts'

/** A core with jobs that are identified by their times, which are also the paging keys. */
function createCore(times: readonly number[]) {
  const held = new Set(times)
  let asked = 0
  const read: ReadJobs = async ({ before = Number.POSITIVE_INFINITY, through = 0, limit }) => {
    asked++
    const all = [...held].filter((time) => time < Number(before) && time >= Number(through)).sort((a, b) => b - a)
    const page = all.slice(0, limit)
    const next = all.length > limit ? String(page.at(-1)) : null
    return { items: page.map(jobAt), next, searchedNewest: null, isLoose: false, suggestion: null }
  }
  return { held, read, asked: () => asked }
}
const jobAt = (createdAt: number) => ({ agent: 'agent-1', jobId: `job-${createdAt}`, createdAt }) as FoundJob

const everything = { first: 0, last: Number.POSITIVE_INFINITY, changed: true, hold: false }
const times = (feed: Feed) => feed.pages.flatMap((page) => page.items.map((job) => job.createdAt))
const upTo = (count: number, step = 10) => Array.from({ length: count }, (_, index) => (index + 1) * step)

async function refresh(read: ReadJobs, feed: Feed, change: Partial<typeof everything> = {}): Promise<Feed> {
  const wanted = { ...everything, ...change }
  return refreshFeed(feed, await readAgain(read, feed, wanted), wanted)
}
async function grown(read: ReadJobs, feed: Feed): Promise<Feed> {
  const page = await readNextPage(read, feed)
  return page ? appendPage(feed, page) : feed
}
async function openPages(read: ReadJobs, count: number): Promise<Feed> {
  let feed = await openFeed(read, 'all')
  for (let page = 1; page < count; page++) feed = await grown(read, feed)
  return feed
}

describe('a feed of jobs', () => {
  it('grows page by page to its end', async () => {
    const { read } = createCore(upTo(250))
    const feed = await openPages(read, 4)
    expect(feed.pages.map((page) => page.items.length)).toEqual([50, 100, 100])
    expect(times(feed)).toEqual(upTo(250).reverse())
  })

  it('reads the pages in view again after a change, and the others when they come into view', async () => {
    const core = createCore(upTo(400))
    let feed = await openPages(core.read, 4)
    core.held.add(3_005)
    core.held.add(1_005)
    const before = core.asked()
    feed = await refresh(core.read, feed, { first: 1, last: 1 })
    expect(core.asked() - before).toBe(2)
    expect(times(feed)).toContain(3_005)
    expect(times(feed)).not.toContain(1_005)
    expect(feed.pages.map((page) => page.stale)).toEqual([false, false, true, true])

    feed = await refresh(core.read, feed, { first: 3, last: 3, changed: false })
    expect(feed.pages.map((page) => page.stale)).toEqual([false, false, true, false])
    expect(times(feed)).toContain(1_005)
  })

  it('holds and counts newer jobs, and shows them if asked', async () => {
    const core = createCore(upTo(150))
    let feed = await openPages(core.read, 2)
    const shown = times(feed)
    for (const time of [2_000, 2_001, 2_002]) core.held.add(time)
    core.held.add(1_495)
    feed = await refresh(core.read, feed, { hold: true })
    expect(feed.waiting).toBe(3)
    expect(times(feed)).toEqual([...shown, 1_495].sort((a, b) => b - a))
    feed = await refresh(core.read, feed)
    expect(feed.waiting).toBe(0)
    expect(times(feed).slice(0, 3)).toEqual([2_002, 2_001, 2_000])
  })

  it('counts the waiting jobs if more arrive than the limit of a request', async () => {
    const core = createCore(upTo(150))
    let feed = await openPages(core.read, 2)
    const shown = times(feed)
    for (let time = 5_000; time < 5_600; time++) core.held.add(time)
    feed = await refresh(core.read, feed, { hold: true })
    expect(feed.waiting).toBe(500)
    expect(times(feed)).toEqual(shown)
    feed = await refresh(core.read, feed)
    feed = await grown(core.read, feed)
    expect(times(feed).slice(0, 600)).toEqual(Array.from({ length: 600 }, (_, index) => 5_599 - index))
  })

  it('drops a page that no longer follows', async () => {
    const core = createCore(upTo(250))
    const feed = await openPages(core.read, 1)
    const page = await readNextPage(core.read, feed)
    if (!page) throw new Error('no page')
    const moved = appendPage(feed, page)
    expect(appendPage(moved, page)).toBe(moved)
  })

  it('matches the core after any sequence of changes, reads and scrolling', async () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('add' as const), time: fc.integer({ min: 1, max: 4_000 }) }),
      fc.record({ type: fc.constant('remove' as const), time: fc.integer({ min: 1, max: 4_000 }) }),
      fc.record({ type: fc.constant('grow' as const) }),
      fc.record({ type: fc.constant('look' as const), page: fc.nat(4), hold: fc.boolean() }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const core = createCore(upTo(330))
        let feed = await openPages(core.read, 1)
        for (const one of steps) {
          if (one.type === 'add') core.held.add(one.time)
          else if (one.type === 'remove') core.held.delete(one.time)
          else if (one.type === 'grow') feed = await grown(core.read, feed)
          else feed = await refresh(core.read, feed, { first: one.page, last: one.page, hold: one.hold })
          expect(times(feed)).toEqual([...new Set(times(feed))].sort((a, b) => b - a))
        }
        feed = await refresh(core.read, feed)
        const end = Number(feed.pages.at(-1)?.next ?? 0)
        expect(times(feed)).toEqual([...core.held].filter((time) => time >= end).sort((a, b) => b - a))
      }),
    )
  })
})

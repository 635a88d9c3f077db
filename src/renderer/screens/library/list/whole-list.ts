/**
 * A list of jobs that represents the whole history before it is loaded: it knows the number of jobs of each day. The pages in
 * view are read by their keys, and the pages that were out of view for longest are dropped again.
 */
import type { FoundJob, JobDay, JobDays, JobPage, JobPageKeys, OpenedDay } from '../../../../shared/views.ts'
import {
  type DayPosition,
  type DayRange,
  itemCount,
  type ListPage,
  msPerDay,
  type PagesInView,
} from '../../../gallery/list-page.ts'
import { lowerBound } from '../../../gallery/lower-bound.ts'

/** A page of a day. */
interface HistoryPage extends ListPage<FoundJob> {
  of: DayRange
  /** Null until the page keys of the day are read. */
  keys: { before: string; through: string } | null
  /** Whether records changed since the page was read. */
  stale: boolean
  /** The `step` of the list at which the page was last in view. */
  used: number
}

export interface WholeList {
  kind: 'history'
  /** Identifies the list: the query as JSON. */
  id: string
  /** Newest first. */
  days: readonly JobDay[]
  pages: readonly HistoryPage[]
  /** Jobs from this time on wait until the user asks for them; null if none wait. */
  until: number | null
  waiting: number
  /** Increases with every read. */
  step: number
}

/** The requests of the list, within its filter. */
export interface ReadList {
  days(range: { from?: number; to?: number; open?: { jobs: number; pageSize: number } }): Promise<JobDays>
  pageKeys(range: { day: number; size: number; to?: number }): Promise<JobPageKeys[]>
  jobs(range: { before: string; through: string; limit: number; to?: number }): Promise<JobPage>
}

const pageSize = 100
/** The limit of one request: a page may grow between its keys and its jobs. */
const maxPageSize = 500
/** The least number of jobs with which a list opens: more than a large screen shows. */
const opening = 30
/** The most loaded pages that are kept. */
const maxPagesRead = 60

/** Opens a list with a single request: the days, and the pages that fill the first screen. */
export async function openList(read: ReadList, id: string): Promise<WholeList> {
  const { days, opened } = await read.days({ open: { jobs: opening, pageSize } })
  const pagesOf = new Map(opened.map(({ day, pages }) => [day, pages]))
  const pages = days.flatMap(({ day, jobs }) => {
    const pages = pagesOf.get(day)
    return pages ? openDay(day, jobs, pages) : placeholders(day, jobs)
  })
  return { kind: 'history', id, days, pages, until: null, waiting: 0, step: 1 }
}

function openDay(day: number, jobs: number, pages: OpenedDay['pages']): HistoryPage[] {
  let first = 0
  return pages.map(({ before, through, jobs: count, items }): HistoryPage => {
    const of = { day, total: jobs, first }
    first += count
    return { of, keys: { before, through }, count, items, stale: false, used: 1 }
  })
}

/**
 * Refreshes the list after records changed: reads the days, the newest page and the pages in view again, and marks the others
 * stale. `hold`: whether newer jobs wait, because they would move the visible jobs.
 */
export async function refreshList(
  read: ReadList,
  list: WholeList,
  inView: () => PagesInView,
  hold: boolean,
): Promise<WholeList> {
  const newest = list.pages[0]?.items?.[0]
  const until = hold ? (list.until ?? (newest ? newest.createdAt + 1 : null)) : null
  const { days, waiting } = await readDays(read, until)
  const known = Map.groupBy(list.pages, (page) => page.of.day)
  const wanted = rangesOf(list, inView())
  let ahead = list.pages.length > 0 ? 1 : opening
  for (const { day, jobs } of days) {
    if (ahead <= 0) break
    wanted.set(day, [...(wanted.get(day) ?? []), { from: 0, to: ahead }])
    ahead -= jobs
  }
  const step = list.step + 1
  const pages = await Promise.all(
    days.map(({ day, jobs }) => {
      const before = known.get(day) ?? []
      const ranges = wanted.get(day)
      if (ranges) return renewDay(read, { day, before, ranges, until, step })
      return before[0]?.of.total === jobs ? before.map((page) => ({ ...page, stale: true })) : placeholders(day, jobs)
    }),
  )
  return { ...list, days, pages: forget(pages.flat()), until, waiting, step }
}

/** Whether a page in view has to be read. */
export const lacksPagesInView = (list: WholeList, inView: PagesInView): boolean =>
  partsIn(list, inView).some((page) => page.stale || page.items === null)

/** Reads the pages in view that are not loaded or stale. */
export async function readInView(read: ReadList, list: WholeList, inView: PagesInView): Promise<WholeList> {
  const { until } = list
  const step = list.step + 1
  const seen = new Set(partsIn(list, inView))
  const days = new Map<number, Promise<HistoryPage[]>>()
  for (const [day, ranges] of rangesOf(list, inView)) {
    const before = list.pages.filter((page) => page.of.day === day)
    const isKnown = before.every((page) => page.keys && !(page.stale && seen.has(page)))
    days.set(day, isKnown ? readMissing(before) : renewDay(read, { day, before, ranges, until, step }))
  }
  const renewed = new Map(await Promise.all([...days].map(async ([day, pages]) => [day, await pages] as const)))
  const pages = list.pages.flatMap((page) => {
    const inPlace = renewed.get(page.of.day) ?? [page]
    return page.of.first === 0 || inPlace[0] === page ? inPlace : []
  })
  return { ...list, pages: forget(pages), step }

  /** Reads the pages in view of a day whose page keys are known. */
  async function readMissing(before: HistoryPage[]): Promise<HistoryPage[]> {
    const pages = before.map((page) => {
      if (!seen.has(page)) return page
      return page.items === null ? readPage(read, page, until, step) : { ...page, used: step }
    })
    return inOrder(await Promise.all(pages))
  }
}

/** The position of the newest job before a time; null in an empty list. */
export async function findTime(read: ReadList, { days, until }: WholeList, time: number): Promise<DayPosition | null> {
  const found = days[lowerBound(days.length, (index) => (days[index]?.day ?? 0) < time)] ?? days.at(-1)
  if (!found) return null
  const { day } = found
  const end = Math.min(day + msPerDay, until ?? Number.POSITIVE_INFINITY)
  if (time <= day || time >= end) return { day, before: 0 }
  const newer = await read.days({ from: time, to: end })
  return { day, before: newer.total }
}

/** Reads the days before `until`, and the number of jobs from then on. */
async function readDays(read: ReadList, until: number | null): Promise<{ days: JobDay[]; waiting: number }> {
  const all = await read.days({})
  if (until === null) return { days: all.days, waiting: 0 }
  const days = all.days.filter(({ day }) => day < until)
  const [newest] = days
  if (newest && until < newest.day + msPerDay) {
    const cut = await read.days({ from: newest.day, to: until })
    days.splice(0, 1, ...cut.days)
  }
  return { days, waiting: all.total - days.reduce((total, { jobs }) => total + jobs, 0) }
}

/** Jobs of a day by their indexes in the day, `to` exclusive. */
interface IndexRange {
  from: number
  to: number
}

/** The jobs in view, day by day. */
function rangesOf(list: WholeList, inView: PagesInView): Map<number, IndexRange[]> {
  const ranges = new Map<number, IndexRange[]>()
  for (const { of, count } of partsIn(list, inView)) {
    ranges.set(of.day, [...(ranges.get(of.day) ?? []), { from: of.first, to: of.first + count }])
  }
  return ranges
}

function partsIn({ pages }: WholeList, { first, last, kept }: PagesInView): HistoryPage[] {
  const inView = pages.slice(first, last + 1)
  const extra = kept === null || (kept >= first && kept <= last) ? undefined : pages[kept]
  return extra ? [...inView, extra] : inView
}

interface Renewal {
  day: number
  before: readonly HistoryPage[]
  ranges: readonly IndexRange[]
  until: number | null
  step: number
}

/**
 * Reads the page keys of a day, and the jobs that were in view: at the same index, or moved by the jobs that were
 * added.
 */
async function renewDay(read: ReadList, { day, before, ranges, until, step }: Renewal): Promise<HistoryPage[]> {
  const keys = await read.pageKeys({ day, size: pageSize, to: until ?? undefined })
  const jobs = keys.reduce((total, page) => total + page.jobs, 0)
  const grown = before.length > 0 ? jobs - itemCount(before) : 0
  const isSeen = (from: number, to: number) =>
    ranges.some((range) => [0, grown].some((shift) => from < range.to + shift && to > range.from + shift))
  let first = 0
  const pages = keys.map(({ before: start, through, jobs: count }) => {
    const page: HistoryPage = {
      of: { day, total: jobs, first },
      keys: { before: start, through },
      count,
      items: null,
      stale: false,
      used: 0,
    }
    first += count
    if (isSeen(page.of.first, first)) return readPage(read, page, until, step)
    const same = before.find(({ keys }) => keys?.before === start && keys.through === through)
    return same?.items && same.count === count ? { ...page, items: same.items, stale: true, used: same.used } : page
  })
  return inOrder(await Promise.all(pages))
}

async function readPage(read: ReadList, page: HistoryPage, until: number | null, step: number): Promise<HistoryPage> {
  if (!page.keys) return page
  const { items } = await read.jobs({ ...page.keys, limit: maxPageSize, to: until ?? undefined })
  return { ...page, items, count: items.length, stale: false, used: step }
}

/** Recounts the pages of a day and leaves out empty ones. */
function inOrder(pages: readonly HistoryPage[]): HistoryPage[] {
  const jobs = itemCount(pages)
  let first = 0
  return pages
    .filter((page) => page.count > 0)
    .map((page) => {
      const of = { day: page.of.day, total: jobs, first }
      first += page.count
      return { ...page, of }
    })
}

/** Placeholders for the pages of a day that is not loaded. */
function placeholders(day: number, jobs: number): HistoryPage[] {
  return Array.from({ length: Math.ceil(jobs / pageSize) }, (_, page): HistoryPage => {
    const first = page * pageSize
    const count = Math.min(pageSize, jobs - first)
    return { of: { day, total: jobs, first }, keys: null, count, items: null, stale: false, used: 0 }
  })
}

/** Drops the pages that were out of view for longest. The newest page stays, to tell which jobs are newer. */
function forget(pages: HistoryPage[]): HistoryPage[] {
  const read = pages.slice(1).filter((page) => page.items !== null)
  if (read.length <= maxPagesRead) return pages
  const old = new Set(read.sort((a, b) => b.used - a.used).slice(maxPagesRead))
  return pages.map((page) => (old.has(page) ? { ...page, items: null } : page))
}

/**
 * A list of jobs that stands for all of the history before it is read. It knows how many jobs each day holds; the pages in
 * view are read by their keys, wherever that is, and those far from it are forgotten again.
 */
import type { JobDay, JobDays, JobPage, JobPageKeys, OpenedDay } from '../../../../shared/views.ts'
import {
  jobCount,
  msPerDay,
  type Part,
  type PartOfDay,
  type PartsInView,
  type PlaceInDay,
} from '../../../gallery/list-page.ts'
import { firstFit } from '../../../gallery/lower-bound.ts'

/** A page of a day. */
export interface ListPart extends Part {
  of: PartOfDay
  /** Null until the day was asked for them. */
  keys: { before: string; through: string } | null
  /** Whether something changed since it was read. */
  stale: boolean
  /** The step of the list in which it was last in view. */
  used: number
}

export interface WholeList {
  /** Tells one list from another: what it is narrowed by. */
  id: string
  /** Newest first. */
  days: readonly JobDay[]
  parts: readonly ListPart[]
  /** Jobs of this moment and later wait until the user asks for them; null where none have to. */
  until: number | null
  waiting: number
  /** Rises whenever something is read. */
  step: number
}

/** What is asked of the core within the filter of the list. */
export interface ReadList {
  days(part: { from?: number; to?: number; open?: { jobs: number; pageSize: number } }): Promise<JobDays>
  pageKeys(part: { day: number; size: number; to?: number }): Promise<JobPageKeys[]>
  jobs(part: { before: string; through: string; limit: number; to?: number }): Promise<JobPage>
}

const pageSize = 100
/** The most that one request may ask for: a page may grow between its keys and its jobs. */
const mostAtOnce = 500
/** The least number of jobs with which a list opens: more than a large screen shows. */
const opening = 30
/** The most pages that are remembered. */
const mostRead = 60

/** Opens a list with a single request: the days, and the pages that fill the first screen. */
export async function openList(read: ReadList, id: string): Promise<WholeList> {
  const { days, opened } = await read.days({ open: { jobs: opening, pageSize } })
  const pagesOf = new Map(opened.map(({ day, pages }) => [day, pages]))
  const parts = days.flatMap(({ day, jobs }) => {
    const pages = pagesOf.get(day)
    return pages ? openDay(day, jobs, pages) : unreadDay(day, jobs)
  })
  return { id, days, parts, until: null, waiting: 0, step: 1 }
}

function openDay(day: number, jobs: number, pages: OpenedDay['pages']): ListPart[] {
  let first = 0
  return pages.map(({ before, through, jobs: count, items }): ListPart => {
    const of = { day, jobs, first }
    first += count
    return { of, keys: { before, through }, count, jobs: items, stale: false, used: 1 }
  })
}

/**
 * The list after a change of the records: the days, the newest page and what is in view are read again, the rest once it
 * comes into view. `hold`: whether newer jobs wait, because they would move what the user looks at.
 */
export async function refreshList(
  read: ReadList,
  list: WholeList,
  inView: () => PartsInView,
  hold: boolean,
): Promise<WholeList> {
  const newest = list.parts[0]?.jobs?.[0]
  const until = hold ? (list.until ?? (newest ? newest.createdAt + 1 : null)) : null
  const { days, waiting } = await readDays(read, until)
  const known = Map.groupBy(list.parts, (part) => part.of.day)
  const wanted = spansOf(list, inView())
  let ahead = list.parts.length > 0 ? 1 : opening
  for (const { day, jobs } of days) {
    if (ahead <= 0) break
    wanted.set(day, [...(wanted.get(day) ?? []), { from: 0, to: ahead }])
    ahead -= jobs
  }
  const step = list.step + 1
  const parts = await Promise.all(
    days.map(({ day, jobs }) => {
      const before = known.get(day) ?? []
      const spans = wanted.get(day)
      if (spans) return renewDay(read, { day, before, spans, until, step })
      return before[0]?.of.jobs === jobs ? before.map((part) => ({ ...part, stale: true })) : unreadDay(day, jobs)
    }),
  )
  return { ...list, days, parts: forget(parts.flat()), until, waiting, step }
}

/** Whether something in view has to be read. */
export const isWanting = (list: WholeList, inView: PartsInView): boolean =>
  partsIn(list, inView).some((part) => part.stale || part.jobs === null)

/** The list with what is in view read. */
export async function readInView(read: ReadList, list: WholeList, inView: PartsInView): Promise<WholeList> {
  const { until } = list
  const step = list.step + 1
  const seen = new Set(partsIn(list, inView))
  const days = new Map<number, Promise<ListPart[]>>()
  for (const [day, spans] of spansOf(list, inView)) {
    const before = list.parts.filter((part) => part.of.day === day)
    const isKnown = before.every((part) => part.keys && !(part.stale && seen.has(part)))
    days.set(day, isKnown ? readUnread(before) : renewDay(read, { day, before, spans, until, step }))
  }
  const renewed = new Map(await Promise.all([...days].map(async ([day, parts]) => [day, await parts] as const)))
  const parts = list.parts.flatMap((part) => {
    const inPlace = renewed.get(part.of.day) ?? [part]
    return part.of.first === 0 || inPlace[0] === part ? inPlace : []
  })
  return { ...list, parts: forget(parts), step }

  /** Reads what is in view of a day whose keys are known. */
  async function readUnread(before: ListPart[]): Promise<ListPart[]> {
    const parts = before.map((part) => {
      if (!seen.has(part)) return part
      return part.jobs === null ? readPart(read, part, until, step) : { ...part, used: step }
    })
    return inOrder(await Promise.all(parts))
  }
}

/** Where the jobs from before a moment begin: in the newest day that has any. */
export async function findMoment(
  read: ReadList,
  { days, until }: WholeList,
  moment: number,
): Promise<PlaceInDay | null> {
  const found = days[firstFit(days.length, (index) => (days[index]?.day ?? 0) < moment)] ?? days.at(-1)
  if (!found) return null
  const { day } = found
  const end = Math.min(day + msPerDay, until ?? Number.POSITIVE_INFINITY)
  if (moment <= day || moment >= end) return { day, before: 0 }
  const newer = await read.days({ from: moment, to: end })
  return { day, before: newer.total }
}

/** Reads the days up to a moment, and how many jobs come after it. */
async function readDays(read: ReadList, until: number | null): Promise<{ days: JobDay[]; waiting: number }> {
  const all = await read.days({})
  if (until === null) return { days: all.days, waiting: 0 }
  const days = all.days.filter(({ day }) => day < until)
  const [newest] = days
  if (newest && until < newest.day + msPerDay) {
    const part = await read.days({ from: newest.day, to: until })
    days.splice(0, 1, ...part.days)
  }
  return { days, waiting: all.total - days.reduce((total, { jobs }) => total + jobs, 0) }
}

/** Jobs of a day, by how many come before them: from the first up to but without the last. */
interface Span {
  from: number
  to: number
}

/** What is in view, day by day. */
function spansOf(list: WholeList, inView: PartsInView): Map<number, Span[]> {
  const spans = new Map<number, Span[]>()
  for (const { of, count } of partsIn(list, inView)) {
    spans.set(of.day, [...(spans.get(of.day) ?? []), { from: of.first, to: of.first + count }])
  }
  return spans
}

function partsIn({ parts }: WholeList, { first, last, kept }: PartsInView): ListPart[] {
  const inView = parts.slice(first, last + 1)
  const one = kept === null || (kept >= first && kept <= last) ? undefined : parts[kept]
  return one ? [...inView, one] : inView
}

interface Renewal {
  day: number
  before: readonly ListPart[]
  spans: readonly Span[]
  until: number | null
  step: number
}

/** Reads the keys of a day again, and the jobs that were in view wherever they may be now. */
async function renewDay(read: ReadList, { day, before, spans, until, step }: Renewal): Promise<ListPart[]> {
  const keys = await read.pageKeys({ day, size: pageSize, to: until ?? undefined })
  const jobs = keys.reduce((total, page) => total + page.jobs, 0)
  const grown = before.length > 0 ? jobs - jobCount(before) : 0
  const isSeen = (from: number, to: number) =>
    spans.some((span) => [0, grown].some((shift) => from < span.to + shift && to > span.from + shift))
  let first = 0
  const parts = keys.map(({ before: start, through, jobs: count }) => {
    const part: ListPart = {
      of: { day, jobs, first },
      keys: { before: start, through },
      count,
      jobs: null,
      stale: false,
      used: 0,
    }
    first += count
    if (isSeen(part.of.first, first)) return readPart(read, part, until, step)
    const same = before.find(({ keys }) => keys?.before === start && keys.through === through)
    return same?.jobs && same.count === count ? { ...part, jobs: same.jobs, stale: true, used: same.used } : part
  })
  return inOrder(await Promise.all(parts))
}

async function readPart(read: ReadList, part: ListPart, until: number | null, step: number): Promise<ListPart> {
  if (!part.keys) return part
  const { items } = await read.jobs({ ...part.keys, limit: mostAtOnce, to: until ?? undefined })
  return { ...part, jobs: items, count: items.length, stale: false, used: step }
}

/** The parts of a day with what they hold by now; those that hold nothing any more are left out. */
function inOrder(parts: readonly ListPart[]): ListPart[] {
  const jobs = jobCount(parts)
  let first = 0
  return parts
    .filter((part) => part.count > 0)
    .map((part) => {
      const of = { day: part.of.day, jobs, first }
      first += part.count
      return { ...part, of }
    })
}

/** The pages of a day of which only the number of jobs is known. */
function unreadDay(day: number, jobs: number): ListPart[] {
  return Array.from({ length: Math.ceil(jobs / pageSize) }, (_, page): ListPart => {
    const first = page * pageSize
    const count = Math.min(pageSize, jobs - first)
    return { of: { day, jobs, first }, keys: null, count, jobs: null, stale: false, used: 0 }
  })
}

/** Forgets the pages that were out of view for longest. The newest one stays: it tells which jobs are newer. */
function forget(parts: ListPart[]): ListPart[] {
  const read = parts.slice(1).filter((part) => part.jobs !== null)
  if (read.length <= mostRead) return parts
  const old = new Set(read.sort((a, b) => b.used - a.used).slice(mostRead))
  return parts.map((part) => (old.has(part) ? { ...part, jobs: null } : part))
}

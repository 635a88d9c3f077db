/**
 * A list of jobs that grows at its end as one scrolls, and stays true without being read anew: after a change only what is in
 * view is read again, page by page, between the keys at which it once began and ended.
 */
import type { FoundJob, JobPage } from '../../../../shared/views.ts'
import { jobKey } from '../../../gallery/list-page.ts'

export interface FeedPage {
  /** The key below which the page begins; undefined for the newest. */
  before: string | undefined
  items: FoundJob[]
  /** The key with which the page ends, and below which the next begins; null for the last page. */
  next: string | null
  /** Whether something changed since it was read. */
  stale: boolean
}

export interface Feed {
  /** Tells one list from another: what it is narrowed by. */
  id: string
  pages: FeedPage[]
  /** Newer jobs that wait until the user asks for them. */
  waiting: number
  searchedNewest: number | null
  suggestion: string | null
}

export type ReadJobs = (part: { before?: string; through?: string; limit: number }) => Promise<JobPage>

/** What of a feed is read again. */
export interface Refresh {
  /** The pages in view. */
  first: number
  last: number
  /** Whether records changed since the last time; else only what was marked stale is read. */
  changed: boolean
  /** Whether newer jobs wait, because they would move what the user looks at. */
  hold: boolean
}

const pageSize = 100
/** The most that one request may ask for: a known page may have grown. */
const mostAgain = 500

export async function openFeed(read: ReadJobs, id: string): Promise<Feed> {
  const { items, next, searchedNewest, suggestion } = await read({ limit: pageSize })
  return { id, pages: [{ before: undefined, items, next, stale: false }], waiting: 0, searchedNewest, suggestion }
}

/** Reads the page after the last one; null where there is none. */
export async function readNextPage(read: ReadJobs, feed: Feed): Promise<FeedPage | null> {
  const before = feed.pages.at(-1)?.next
  if (before === null || before === undefined) return null
  const { items, next } = await read({ before, limit: pageSize })
  return { before, items, next, stale: false }
}

/** The feed with a page at its end, or as it is where that page no longer follows. */
export function appendPage(feed: Feed, page: FeedPage): Feed {
  return feed.pages.at(-1)?.next === page.before ? { ...feed, pages: [...feed.pages, page] } : feed
}

/** An answer to a page that was read again, by the key below which the page begins. */
export type Answers = ReadonlyMap<string | undefined, JobPage>

/** Reads again what a refresh asks for. The newest page is always part of it: it tells of newer jobs. */
export async function readAgain(read: ReadJobs, feed: Feed, { first, last, changed }: Refresh): Promise<Answers> {
  const wanted = feed.pages.filter((page, index) => {
    const inView = index >= first && index <= last
    return changed ? inView || index === 0 : inView && page.stale
  })
  const answers = await Promise.all(
    wanted.map(async (page) => {
      const { before, next } = page
      return [before, await read({ before, through: next ?? undefined, limit: mostAgain })] as const
    }),
  )
  return new Map(answers)
}

/** The feed with its answers put in. `feed` may have grown since they were asked for. */
export function refreshFeed(feed: Feed, answers: Answers, { changed, hold }: Refresh): Feed {
  let { waiting, searchedNewest, suggestion } = feed
  const pages: FeedPage[] = []
  for (const page of feed.pages) {
    const answer = answers.get(page.before)
    if (!answer) {
      pages.push({ ...page, stale: page.stale || changed })
      continue
    }
    const cut = answer.next !== null
    const isNewest = page.before === undefined
    const newer = isNewest ? newerThan(page.items, answer.items) : noKeys
    if (isNewest) {
      searchedNewest = answer.searchedNewest
      suggestion = answer.suggestion
      waiting = hold ? newer.size : 0
    }
    if (isNewest && hold && cut && page.next !== null) {
      pages.push({ ...page, stale: true })
      continue
    }
    const items = hold ? answer.items.filter((job) => !newer.has(jobKey(job))) : answer.items
    pages.push({ before: page.before, items, next: answer.next ?? page.next, stale: false })
    // What a page grew past its limit by is read from there on, as one scrolls.
    if (cut && page.next !== null) break
  }
  return { id: feed.id, pages, waiting, searchedNewest, suggestion }
}

const noKeys: ReadonlySet<string> = new Set()

/** The keys of jobs that are new, and newer than everything that was there. */
function newerThan(before: readonly FoundJob[], after: readonly FoundJob[]): ReadonlySet<string> {
  const [newest] = before
  if (!newest) return noKeys
  const known = new Set(before.map(jobKey))
  return new Set(after.filter((job) => job.createdAt >= newest.createdAt && !known.has(jobKey(job))).map(jobKey))
}

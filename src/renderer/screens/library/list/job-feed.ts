/**
 * A list of search hits that grows at its end as the user scrolls. After a change only the newest page and the pages in view are
 * read again, each between the keys at which it began and ended; the other pages are marked stale.
 */
import type { FoundJob, JobPage } from '../../../../shared/views.ts'
import { jobKey } from '../../../data/records.ts'

interface FeedPage {
  /** The key below which the page begins; undefined for the newest page. */
  before: string | undefined
  items: FoundJob[]
  /** The key with which the page ends, and below which the next begins; null for the last page. */
  next: string | null
  isLoose: boolean
  /** Whether records changed since the page was read. */
  stale: boolean
}

export interface Feed {
  kind: 'search'
  /** Identifies the list: the query as JSON. */
  id: string
  pages: FeedPage[]
  /** The number of newer jobs that wait until the user asks for them. */
  waiting: number
  searchedNewest: number | null
  suggestion: string | null
}

export type ReadJobs = (range: { before?: string; through?: string; limit: number }) => Promise<JobPage>

/** The pages to read again. */
export interface Refresh {
  /** The pages in view. */
  first: number
  last: number
  /** Whether records changed since the last refresh; else only stale pages are read. */
  changed: boolean
  /** Whether newer jobs wait, because they would move the visible jobs. */
  hold: boolean
}

/** Enough for any viewport but the largest: most searches are replaced by the next key. */
const firstPageSize = 50
const pageSize = 100
/** The limit of one request: a known page may have grown. */
const maxRefetched = 500

export async function openFeed(read: ReadJobs, id: string): Promise<Feed> {
  const { items, next, searchedNewest, isLoose, suggestion } = await read({ limit: firstPageSize })
  return {
    kind: 'search',
    id,
    pages: [{ before: undefined, items, next, isLoose, stale: false }],
    waiting: 0,
    searchedNewest,
    suggestion,
  }
}

/** Reads the page after the last one; null if there is none. */
export async function readNextPage(read: ReadJobs, feed: Feed): Promise<FeedPage | null> {
  const before = feed.pages.at(-1)?.next
  if (before === null || before === undefined) return null
  const { items, next, isLoose } = await read({ before, limit: pageSize })
  return { before, items, next, isLoose, stale: false }
}

/** Appends a page; returns the feed unchanged if the page no longer follows. */
export function appendPage(feed: Feed, page: FeedPage): Feed {
  return feed.pages.at(-1)?.next === page.before ? { ...feed, pages: [...feed.pages, page] } : feed
}

/** Answers for pages that were read again, by the key below which each page begins. */
export type Answers = ReadonlyMap<string | undefined, JobPage>

/** Reads pages again. After a change this includes the newest page, which shows how many jobs are newer. */
export async function readAgain(read: ReadJobs, feed: Feed, { first, last, changed }: Refresh): Promise<Answers> {
  const wanted = feed.pages.filter((page, index) => {
    const inView = index >= first && index <= last
    return changed ? inView || index === 0 : inView && page.stale
  })
  const answers = await Promise.all(
    wanted.map(async (page) => {
      const { before, next } = page
      return [before, await read({ before, through: next ?? undefined, limit: maxRefetched })] as const
    }),
  )
  return new Map(answers)
}

/** Puts answers into the feed, which may have grown since they were requested. */
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
    const { isLoose } = answer
    pages.push({ before: page.before, items, next: answer.next ?? page.next, isLoose, stale: false })
    // A page that outgrew the limit is cut: the rest is read again as the user scrolls.
    if (cut && page.next !== null) break
  }
  return { ...feed, pages, waiting, searchedNewest, suggestion }
}

const noKeys: ReadonlySet<string> = new Set()

/** The keys of new jobs that are newer than all known ones. */
function newerThan(before: readonly FoundJob[], after: readonly FoundJob[]): ReadonlySet<string> {
  const [newest] = before
  if (!newest) return noKeys
  const known = new Set(before.map(jobKey))
  return new Set(after.filter((job) => job.createdAt >= newest.createdAt && !known.has(jobKey(job))).map(jobKey))
}

/** The query behind the list of the Library: the whole history, or the hits of a search. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Bridge } from '../../../../shared/bridge.ts'
import { request } from '../../../data/request.ts'
import type { PagesInView } from '../../../gallery/list-page.ts'
import { type Feed, openFeed, type ReadJobs, readAgain, refreshFeed } from './job-feed.ts'
import type { JobQuery } from './use-job-query.ts'
import { openList, type ReadList, readInView, refreshList, type WholeList } from './whole-list.ts'

/** The screen's wishes for the list. They change without a new query, so they are read when a refresh begins. */
export interface ListSession {
  inView: PagesInView
  /** Whether the user asked for the newer jobs that wait. */
  showsWaiting: boolean
  /** Whether newer jobs have to wait. */
  shouldHold: () => boolean
}

/** Identifies the list of a query, for its scroll anchor. */
const listId = (query: JobQuery): string => JSON.stringify(query)

export const listKey = (query: JobQuery) =>
  query.text === undefined ? (['jobs.days', query, 'list'] as const) : (['jobs.list', query, 'feed'] as const)

/** The list as it is cached. Its `kind` distinguishes the history from a search. */
export const listQuery = (bridge: Bridge, client: QueryClient, query: JobQuery, session: ListSession) =>
  queryOptions<WholeList | Feed>({
    queryKey: listKey(query),
    // Comparing everything that is loaded would cost more than rendering the visible part.
    structuralSharing: false,
    async queryFn() {
      const asked = session.showsWaiting
      const list = await (query.text === undefined
        ? loadHistory(bridge, client, query, session)
        : loadSearch(bridge, client, query, session))
      if (asked) session.showsWaiting = false
      return list
    },
  })

async function loadHistory(bridge: Bridge, client: QueryClient, query: JobQuery, session: ListSession) {
  const key = listKey(query)
  const read = readHistory(bridge, query)
  const known = client.getQueryData<WholeList>(key)
  if (!known) return openList(read, listId(query))
  const { inView, showsWaiting, shouldHold } = session
  if (!showsWaiting && client.getQueryState(key)?.isInvalidated !== true) return readInView(read, known, inView)
  return refreshList(read, known, () => session.inView, !showsWaiting && shouldHold())
}

async function loadSearch(bridge: Bridge, client: QueryClient, query: JobQuery, session: ListSession) {
  const key = listKey(query)
  const read = readSearch(bridge, query)
  const known = client.getQueryData<Feed>(key)
  if (!known) return openFeed(read, listId(query))
  const { inView, showsWaiting, shouldHold } = session
  const changed = showsWaiting || client.getQueryState(key)?.isInvalidated === true
  const refresh = { first: inView.first, last: inView.last, changed, hold: !showsWaiting && shouldHold() }
  const answers = await readAgain(read, known, refresh)
  return refreshFeed(client.getQueryData<Feed>(key) ?? known, answers, refresh)
}

export const readHistory = (bridge: Bridge, query: JobQuery): ReadList => ({
  days: ({ from = query.from, ...range }) =>
    request(bridge, 'jobs.days', { ...query, ...range, from: from && Math.max(from, query.from ?? from) }),
  pageKeys: (range) => request(bridge, 'jobs.pageKeys', { ...query, ...range }),
  jobs: (range) => request(bridge, 'jobs.list', { ...query, ...range }),
})

export const readSearch =
  (bridge: Bridge, query: JobQuery): ReadJobs =>
  (range) =>
    request(bridge, 'jobs.list', { ...query, ...range })

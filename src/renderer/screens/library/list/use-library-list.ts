import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { AppError } from '../../../../shared/errors.ts'
import type { FoundJob, JobDay } from '../../../../shared/views.ts'
import { useBridge } from '../../../data/hooks.ts'
import type { DayPosition, ListPage, PagedList } from '../../../gallery/list-page.ts'
import { appendPage, type Feed, readNextPage } from './job-feed.ts'
import { type ListSession, listKey, listQuery, readHistory, readSearch } from './library-query.ts'
import type { JobQuery } from './use-job-query.ts'
import { findTime, lacksPagesInView } from './whole-list.ts'

interface LoadedList extends PagedList<FoundJob> {
  /** The number of newer jobs that wait until the user asks for them. */
  waiting: number
  showWaiting: () => void
}

/** Every job of a query without words, loaded near the viewport. */
export interface HistoryList extends LoadedList {
  kind: 'history'
  /** Newest first. */
  days: readonly JobDay[]
  /** Set if the last refresh failed; the list stays. */
  error: AppError | null
  retry: () => void
  /** The position of the newest job before a time; null in an empty list. */
  findTime: (time: number) => Promise<DayPosition | null>
}

/** The hits of a search, loaded page by page as the user scrolls. */
export interface SearchList extends LoadedList {
  kind: 'search'
  searchedNewest: number | null
  /** Whether the hits are the second choice: the text has no exact match. */
  isLoose: boolean
  /** Whether jobs that differ only in spaces follow the exact matches. */
  endsLoose: boolean
  suggestion: string | null
  /** Set if the next page could not be read. */
  error: AppError | null
  retry: () => void
}

export type LibraryList =
  | { kind: 'loading' }
  | { kind: 'failed'; error: AppError; retry: () => void }
  | HistoryList
  | SearchList

/**
 * The list of a query. The previous list, of either kind, stays until the new one is loaded; `isCurrent` is false
 * meanwhile.
 */
export function useLibraryList(query: JobQuery, shouldHold: () => boolean): { list: LibraryList; isCurrent: boolean } {
  const bridge = useBridge()
  const client = useQueryClient()
  const session = useRef<ListSession>({ inView: { first: 0, last: -1, kept: null }, showsWaiting: false, shouldHold })
  useEffect(() => {
    session.current.shouldHold = shouldHold
  })
  const key = listKey(query)
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...listQuery(bridge, client, query, session.current),
    placeholderData: keepPreviousData,
  })
  const next = useMutation<void, AppError, string>({
    async mutationFn() {
      const feed = client.getQueryData<Feed>(key)
      const page = feed && (await readNextPage(readSearch(bridge, query), feed))
      if (page) client.setQueryData<Feed>(key, (latest) => latest && appendPage(latest, page))
    },
  })
  const hits = data?.kind === 'search' ? data.pages : undefined
  const hitPages = useMemo(
    () => hits?.map(({ items }): ListPage<FoundJob> => ({ items, count: items.length, of: null })) ?? [],
    [hits],
  )

  const retry = () => refetch()
  if (!data) return { list: error ? { kind: 'failed', error, retry } : { kind: 'loading' }, isCurrent: error !== null }

  const isCurrent = !isPlaceholderData
  const { id, waiting } = data
  const showWaiting = () => {
    session.current.showsWaiting = true
    refetch()
  }
  if (data.kind === 'history') {
    const list: HistoryList = {
      kind: 'history',
      id,
      pages: data.pages,
      days: data.days,
      more: false,
      waiting,
      showWaiting,
      error,
      retry,
      findTime: (time) => findTime(readHistory(bridge, query), data, time),
      setInView(inView) {
        session.current.inView = inView
        // One request at a time: pages that were scrolled past meanwhile are never asked for.
        if (isCurrent && lacksPagesInView(data, inView)) refetch({ cancelRefetch: false })
      },
    }
    return { list, isCurrent }
  }
  const { searchedNewest, suggestion } = data
  const [first, ...others] = data.pages
  const isLoose = first?.isLoose ?? false
  const more = typeof data.pages.at(-1)?.next === 'string'
  const { error: nextError, isPending } = next.variables === id ? next : { error: null, isPending: false }
  const list: SearchList = {
    kind: 'search',
    id,
    pages: hitPages,
    more,
    waiting,
    showWaiting,
    searchedNewest,
    isLoose,
    endsLoose: !isLoose && others.some((page) => page.isLoose),
    suggestion,
    error: nextError,
    retry: () => next.mutate(id),
    setInView(inView) {
      if (!isCurrent) return
      session.current.inView = inView
      const { first, last } = inView
      if (data.pages.slice(first, last + 1).some((page) => page.stale)) refetch()
      if (last === data.pages.length - 1 && more && !nextError && !isPending) next.mutate(id)
    },
  }
  return { list, isCurrent }
}

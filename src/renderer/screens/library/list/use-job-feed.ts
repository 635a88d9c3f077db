import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { AppError } from '../../../../shared/errors.ts'
import { useBridge } from '../../../data/bridge-context.ts'
import { request } from '../../../data/request.ts'
import type { ListedJobs, Part } from '../../../gallery/list-page.ts'
import { appendPage, type Feed, openFeed, type ReadJobs, readAgain, readNextPage, refreshFeed } from './job-feed.ts'
import type { JobQuery } from './use-job-query.ts'

export interface JobFeed extends ListedJobs {
  searchedNewest: number | null
  suggestion: string | null
  error: AppError | null
  moreError: AppError | null
  retry: () => void
  retryMore: () => void
}

interface JobFeedOptions {
  enabled: boolean
  /** Tells, when newer jobs arrive, whether they have to wait. */
  shouldHold: () => boolean
}

/** What a search finds, as one scrolls. */
export function useJobFeed(query: JobQuery, { enabled, shouldHold }: JobFeedOptions): JobFeed {
  const bridge = useBridge()
  const client = useQueryClient()
  const id = JSON.stringify(query)
  const key = ['jobs.list', query, 'feed']
  const inView = useRef({ first: 0, last: 0 })
  const askedForWaiting = useRef(false)
  const read: ReadJobs = (part) => request(bridge, 'jobs.list', { ...query, ...part })

  const { data, error, refetch } = useQuery<Feed>({
    queryKey: key,
    enabled,
    placeholderData: keepPreviousData,
    // Comparing all that was ever loaded would cost more than drawing what is in view.
    structuralSharing: false,
    async queryFn() {
      const known = client.getQueryData<Feed>(key)
      if (!known) return openFeed(read, id)
      const asked = askedForWaiting.current
      const changed = asked || client.getQueryState(key)?.isInvalidated === true
      const refresh = { ...inView.current, changed, hold: !asked && shouldHold() }
      const answers = await readAgain(read, known, refresh)
      askedForWaiting.current = false
      return refreshFeed(client.getQueryData<Feed>(key) ?? known, answers, refresh)
    },
  })
  const next = useMutation<void, AppError, string>({
    async mutationFn() {
      const feed = client.getQueryData<Feed>(key)
      const page = feed && (await readNextPage(read, feed))
      if (page) client.setQueryData<Feed>(key, (latest) => latest && appendPage(latest, page))
    },
  })

  const pages = data?.pages
  const parts = useMemo(
    () => pages?.map(({ items }): Part => ({ jobs: items, count: items.length, of: null })) ?? [],
    [pages],
  )
  const more = typeof pages?.at(-1)?.next === 'string'
  const { error: moreError, isPending: reads } = next.variables === id ? next : { error: null, isPending: false }
  return {
    id: data?.id,
    parts,
    waiting: data?.waiting ?? 0,
    searchedNewest: data?.searchedNewest ?? null,
    suggestion: data?.suggestion ?? null,
    more,
    error,
    moreError,
    retry: () => refetch(),
    retryMore: () => next.mutate(id),
    showWaiting() {
      askedForWaiting.current = true
      refetch()
    },
    setInView({ first, last }) {
      if (!pages || data?.id !== id) return
      inView.current = { first, last }
      if (pages.slice(first, last + 1).some((page) => page.stale)) refetch()
      if (last === pages.length - 1 && more && !moreError && !reads) next.mutate(id)
    },
  }
}

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { AppError } from '../../../shared/errors.ts'
import type { RouteInput } from '../../../shared/routes.ts'
import type { FoundJob } from '../../../shared/views.ts'
import { useBridge } from '../../data/bridge-context.ts'
import { request } from '../../data/request.ts'
import { appendPage, type Feed, openFeed, type ReadJobs, readAgain, readNextPage, refreshFeed } from './job-feed.ts'

export type JobQuery = Omit<RouteInput<'jobs.list'>, 'before' | 'through' | 'limit'>

/** So many jobs before the end, the next page is read. */
const readAhead = 60

export interface JobFeed {
  /** Which list `jobs` are of: while another one is read, the one before stays. Undefined before the first. */
  id: string | undefined
  jobs: FoundJob[]
  waiting: number
  searchedNewest: number | null
  suggestion: string | null
  /** Whether older jobs follow. */
  more: boolean
  error: AppError | null
  moreError: AppError | null
  retry: () => void
  retryMore: () => void
  /** Shows the jobs that wait. */
  showWaiting: () => void
  /** Says which jobs are in view, by their places in `jobs`: they are kept true, and followed by older ones in time. */
  setInView: (first: number, last: number) => void
}

/** The jobs of a query as one scrolls. `shouldHold` tells, when newer ones arrive, whether they have to wait. */
export function useJobFeed(filter: JobQuery, shouldHold: () => boolean): JobFeed {
  const bridge = useBridge()
  const client = useQueryClient()
  const id = JSON.stringify(filter)
  const key = ['jobs.list', filter, 'feed']
  const inView = useRef({ first: 0, last: 0 })
  const askedForWaiting = useRef(false)
  const read: ReadJobs = (part) => request(bridge, 'jobs.list', { ...filter, ...part })

  const { data, error, refetch } = useQuery<Feed>({
    queryKey: key,
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
  const jobs = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages])
  const more = typeof pages?.at(-1)?.next === 'string'
  const { error: moreError, isPending: reads } = next.variables === id ? next : { error: null, isPending: false }
  return {
    id: data?.id,
    jobs,
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
    setInView(first, last) {
      if (!pages) return
      inView.current = { first: pageOf(pages, first), last: pageOf(pages, last) }
      if (pages.slice(inView.current.first, inView.current.last + 1).some((page) => page.stale)) refetch()
      if (last > jobs.length - readAhead && more && !moreError && !reads) next.mutate(id)
    },
  }
}

/** The page that holds the job at a place of the whole list. */
function pageOf(pages: Feed['pages'], place: number): number {
  let end = 0
  const found = pages.findIndex((page) => {
    end += page.items.length
    return place < end
  })
  return found < 0 ? pages.length - 1 : found
}

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { AppError } from '../../../../shared/errors.ts'
import type { JobDay } from '../../../../shared/views.ts'
import { useBridge } from '../../../data/bridge-context.ts'
import { request } from '../../../data/request.ts'
import type { ListedJobs, PartsInView, PlaceInDay } from '../../../gallery/list-page.ts'
import type { JobQuery } from './use-job-query.ts'
import {
  findMoment,
  isWanting,
  openList,
  type ReadList,
  readInView,
  refreshList,
  type WholeList,
} from './whole-list.ts'

export interface WholeListView extends ListedJobs {
  /** Newest first. */
  days: readonly JobDay[]
  error: AppError | null
  retry: () => void
  /** Where the jobs from before a moment begin; null in an empty list. */
  findMoment: (moment: number) => Promise<PlaceInDay | null>
}

interface WholeListOptions {
  enabled: boolean
  /** Tells, when newer jobs arrive, whether they have to wait. */
  shouldHold: () => boolean
}

/** All jobs of a query without words, read where one looks. */
export function useWholeList(query: Omit<JobQuery, 'text'>, { enabled, shouldHold }: WholeListOptions): WholeListView {
  const bridge = useBridge()
  const client = useQueryClient()
  const id = JSON.stringify(query)
  const key = ['jobs.days', query, 'list']
  const inView = useRef<PartsInView>({ first: 0, last: -1, kept: null })
  const askedForWaiting = useRef(false)
  const read: ReadList = {
    days: ({ from = query.from, ...range }) =>
      request(bridge, 'jobs.days', { ...query, ...range, from: from && Math.max(from, query.from ?? from) }),
    pageKeys: (part) => request(bridge, 'jobs.pageKeys', { ...query, ...part }),
    jobs: (part) => request(bridge, 'jobs.list', { ...query, ...part }),
  }

  const { data, error, refetch } = useQuery<WholeList>({
    queryKey: key,
    enabled,
    placeholderData: keepPreviousData,
    // Comparing all that is remembered would cost more than drawing what is in view.
    structuralSharing: false,
    async queryFn() {
      const known = client.getQueryData<WholeList>(key)
      if (!known) return openList(read, id)
      const asked = askedForWaiting.current
      if (!asked && client.getQueryState(key)?.isInvalidated !== true) return readInView(read, known, inView.current)
      const list = await refreshList(read, known, () => inView.current, !asked && shouldHold())
      askedForWaiting.current = false
      return list
    },
  })
  return {
    id: data?.id,
    parts: data?.parts ?? [],
    days: data?.days ?? [],
    more: false,
    waiting: data?.waiting ?? 0,
    error,
    retry: () => refetch(),
    showWaiting() {
      askedForWaiting.current = true
      refetch()
    },
    findMoment: async (moment) => (data ? findMoment(read, data, moment) : null),
    setInView(parts) {
      inView.current = parts
      // One request at a time: while the view flies by, what it passed is never asked for.
      if (data?.id === id && isWanting(data, parts)) refetch({ cancelRefetch: false })
    },
  }
}

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import type { Bridge } from '../../../../shared/bridge.ts'
import { jobDimensions } from '../../../../shared/values.ts'
import type { JobCounts } from '../../../../shared/views.ts'
import { useBridge } from '../../../data/hooks.ts'
import { request } from '../../../data/request.ts'
import type { JobQuery } from './use-job-query.ts'

/** Hits of a search that one request counts. It takes the core about as long as two pages of the list. */
const hitsPerSlice = 200
/** The most hits of a search that are counted at all. */
const maxCountedHits = 1_000

/** The counts of a query, once they are wanted: after the first page of its list. Until then the previous counts stay. */
export function useJobCounts(query: JobQuery, isWanted: boolean): JobCounts | undefined {
  const bridge = useBridge()
  return useQuery({ ...countsQuery(bridge, query), enabled: isWanted, placeholderData: keepPreviousData }).data
}

/**
 * Counts a search slice by slice, and stops between two slices if the query is no longer shown: a running request
 * cannot be cancelled in the core, so the next key waits for one slice at most.
 */
export const countsQuery = (bridge: Bridge, query: JobQuery) =>
  queryOptions({
    // Without words this is the key, and the answer, of the sidebar's counts.
    queryKey: ['jobs.counts', query],
    async queryFn({ signal }) {
      if (query.text === undefined) return request(bridge, 'jobs.counts', query)
      let counts = await request(bridge, 'jobs.counts', { ...query, hits: hitsPerSlice })
      for (let counted = hitsPerSlice; counts.next !== null && counted < maxCountedHits; counted += hitsPerSlice) {
        signal.throwIfAborted()
        const slice = await request(bridge, 'jobs.counts', { ...query, before: counts.next, hits: hitsPerSlice })
        counts = addCounts(counts, slice)
      }
      return counts
    },
  })

/** The counts of two slices that follow one another. */
function addCounts(newer: JobCounts, older: JobCounts): JobCounts {
  const sums = jobDimensions.map((dimension) => {
    const sum = { ...newer[dimension] }
    for (const [value, jobs] of Object.entries(older[dimension])) sum[value] = (sum[value] ?? 0) + jobs
    return [dimension, sum] as const
  })
  return {
    ...newer,
    ...Object.fromEntries(sums),
    total: newer.total + older.total,
    isComplete: older.isComplete,
    next: older.next,
  }
}

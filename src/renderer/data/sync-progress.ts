import type { StreamState, SyncState } from '../../shared/views.ts'

/** Progress of a first snapshot. Totals and times are estimates. */
export interface Progress {
  read: number
  /** Estimated number of records, always more than `read` during a snapshot; null if unknown. */
  total: number | null
  /** Estimated remaining time in milliseconds; null if unknown. */
  remainingMs: number | null
}

/** Whether a snapshot of the stream is running or waits to continue. */
export const isListed = ({ stream, phase, lastSuccessAt }: StreamState): boolean =>
  stream !== 'account' && (phase === 'listing' || (phase === 'idle' && lastSuccessAt === null))

/** Progress of one stream's snapshot. Before the first success, records of interrupted snapshots count as read. */
export function progressOf(stream: StreamState): Progress {
  const { lastSuccessAt, listed, records, total, remainingMs } = stream
  const read = lastSuccessAt === null ? Math.max(listed, records) : listed
  return { read, total: total !== null && total > read ? total : null, remainingMs }
}

/** Progress of all streams. They are read in parallel, so the longest remaining time counts. */
export function overallProgress(streams: readonly StreamState[]): Progress {
  const each = streams
    .filter(({ stream }) => stream !== 'account')
    .map((state) =>
      isListed(state) ? progressOf(state) : { read: state.records, total: state.records, remainingMs: 0 },
    )
  const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)
  const known = (number: number) => (Number.isFinite(number) ? number : null)
  return {
    read: sum(each.map(({ read }) => read)),
    total: known(sum(each.map(({ total }) => total ?? Number.POSITIVE_INFINITY))),
    remainingMs: known(Math.max(...each.map(({ remainingMs }) => remainingMs ?? Number.POSITIVE_INFINITY))),
  }
}

/** Percent of the total that was read, at most 99 because an unfinished snapshot must not look complete. */
export const percentOf = ({ read, total }: Progress): number | null =>
  !total ? null : Math.min(99, Math.floor((read / total) * 100))

/** When the sync retries a failed stream; null if no retry is scheduled. */
export const nextTryAt = ({ status, nextAt }: SyncState, { retryAt }: StreamState): number | null =>
  retryAt ?? (status === 'failed' ? nextAt : null)

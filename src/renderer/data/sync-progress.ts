import type { StreamState, SyncState } from '../../shared/views.ts'

/** How far the history was read. Estimates of the service are never taken for more than that. */
export interface Progress {
  read: number
  /** About how many there are, more than `read` as long as something is listed; null where nobody knows. */
  total: number | null
  /** Milliseconds, null where it would be a guess. */
  remainingMs: number | null
}

/** Whether a stream is being listed, or waits to be listed on. */
export const isListed = ({ stream, phase, lastSuccessAt }: StreamState): boolean =>
  stream !== 'account' && (phase === 'listing' || (phase === 'idle' && lastSuccessAt === null))

/** How far the listing of one stream is. What an earlier listing of a first sync brought is there already. */
export function progressOf(stream: StreamState): Progress {
  const { lastSuccessAt, listed, records, total, remainingMs } = stream
  const read = lastSuccessAt === null ? Math.max(listed, records) : listed
  return { read, total: total !== null && total > read ? total : null, remainingMs }
}

/** How far all streams together are: they are read side by side, so the longest rest is the rest of all. */
export function overallProgress(streams: readonly StreamState[]): Progress {
  const parts = streams
    .filter(({ stream }) => stream !== 'account')
    .map((one) => (isListed(one) ? progressOf(one) : { read: one.records, total: one.records, remainingMs: 0 }))
  const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)
  const known = (number: number) => (Number.isFinite(number) ? number : null)
  return {
    read: sum(parts.map(({ read }) => read)),
    total: known(sum(parts.map(({ total }) => total ?? Number.POSITIVE_INFINITY))),
    remainingMs: known(Math.max(...parts.map(({ remainingMs }) => remainingMs ?? Number.POSITIVE_INFINITY))),
  }
}

/** The share that was read, in whole percent below 100: what is not finished is never all. */
export const percentOf = ({ read, total }: Progress): number | null =>
  !total ? null : Math.min(99, Math.floor((read / total) * 100))

/** When a stream that failed is tried again; null while that is not planned. */
export const nextTryAt = ({ status, nextAt }: SyncState, { retryAt }: StreamState): number | null =>
  retryAt ?? (status === 'failed' ? nextAt : null)

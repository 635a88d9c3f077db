/** The result of a sync run. */
import type { ErrorView } from '../../shared/errors.ts'
import type { RecordStream, Stream } from '../../shared/values.ts'
import { ServiceError } from '../service/errors.ts'

/** The result of a run, per stream. */
export interface SyncReport {
  streams: StreamReport[]
}

export interface StreamReport {
  stream: Stream
  pages: number
  added: number
  updated: number
  quarantined: number
  error: ErrorView | null
  /** The wait that the service requested (`Retry-After`), in milliseconds. */
  retryAfterMs: number | null
}

/** The report of a stream before its first page. */
export const emptyReport = (stream: Stream): StreamReport => ({
  stream,
  pages: 0,
  added: 0,
  updated: 0,
  quarantined: 0,
  error: null,
  retryAfterMs: null,
})

/** The counts of a `data` event for changed records of a stream. */
export const recordCounts = (stream: RecordStream, count: number) => ({
  jobs: stream.startsWith('jobs:') ? count : 0,
  transactions: stream === 'credits' ? count : 0,
})

/** The wait that the service requested with an error, in milliseconds; null if it requested none. */
export const requestedWaitMs = (error: unknown): number | null =>
  error instanceof ServiceError ? error.retryAfterMs : null

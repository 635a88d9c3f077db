import type { Agent } from '../../shared/values.ts'
import type { Account, CreditTransaction, DeletedJob, Job } from './schemas.ts'

/** A record that broke the contract: kept out of the tables, counted and shown. */
export interface QuarantinedRecord {
  id: string | null
  problem: string
  /** The record as received, cut at 4 kB. */
  raw: string
}

/** One page of a snapshot, newest first. */
export interface Listing<Item> {
  items: Item[]
  quarantined: QuarantinedRecord[]
  nextPage: string | null
  /** Only on the first page: the position of the change feed when the snapshot began. */
  changesCursor: string | null
  total: number | null
  /** When the request was sent, by the corrected clock: the page is complete up to this time. */
  requestedAt: number
}

/** One page of a change feed, oldest change first. */
export interface ChangePage<Item> {
  items: Item[]
  quarantined: QuarantinedRecord[]
  nextCursor: string
  hasMore: boolean
  requestedAt: number
}

/** A hint that a stream has something new to pull. */
export type ChangeHint = { stream: 'credits' } | { stream: 'jobs'; agent: Agent }

/**
 * The Carat Sync API. Every method makes one attempt (a 401 is refreshed and tried once more) and throws `ServiceError`,
 * `CursorExpired` (errors.ts) or the signal's reason; when to try again is the caller's decision (retry.ts).
 */
export interface Service {
  account(signal: AbortSignal): Promise<{ account: Account; requestedAt: number }>
  jobListing(agent: Agent, page: string | null, signal: AbortSignal): Promise<Listing<Job>>
  jobChanges(agent: Agent, cursor: string, signal: AbortSignal): Promise<ChangePage<Job | DeletedJob>>
  /**
   * The job as it is now, with fresh addresses of its results; null if the service has no such job or no such endpoint.
   */
  job(agent: Agent, id: string, signal: AbortSignal): Promise<Job | null>
  creditListing(page: string | null, signal: AbortSignal): Promise<Listing<CreditTransaction>>
  creditChanges(cursor: string, signal: AbortSignal): Promise<ChangePage<CreditTransaction>>
  /** Calls `onHint` for every hint. Resolves only if the service has no event stream; throws when a stream ends. */
  watch(onHint: (hint: ChangeHint) => void, signal: AbortSignal): Promise<void>
}

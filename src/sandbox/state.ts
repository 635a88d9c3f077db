import type { WireCreditTransaction, WireJob } from '../core/service/schemas.ts'
import type { Agent, CreditSource, Feature } from '../shared/values.ts'
import type { Scene } from './vocabulary.ts'

type WireResult = WireJob['results'][number]

/** A result without its addresses, which depend on the sandbox's port. */
export interface StoredResult extends Omit<WireResult, 'url' | 'thumbnailUrl'> {
  scene: Scene
}

export interface StoredJob extends Omit<WireJob, 'results'> {
  results: StoredResult[]
}

/** Credits of one kind that lapse together. */
export interface Bucket {
  source: CreditSource
  amount: number
  /** Epoch milliseconds; null for credits that never lapse. */
  expiresAt: number | null
}

export interface Charge {
  amount: number
  feature: Feature
  agent: Agent | null
  model: string | null
  jobId: string | null
}

export interface Grant {
  kind: 'grant' | 'top_up' | 'adjustment'
  source: CreditSource
  amount: number
  expiresAt: number | null
  memo?: string
}

/** An event at a time (epoch milliseconds). History and the live account consist of the same steps. */
export type Step = { at: number } & (
  | { type: 'job'; id: string; patch: Partial<StoredJob> }
  | { type: 'delete'; id: string }
  | { type: 'charge'; charge: Charge }
  | { type: 'refund'; jobId: string; amount: number }
  | { type: 'grant'; grant: Grant }
)

/** One change of a feed. A deleted job keeps its last revision. */
export type LogEntry =
  | { feed: 'credits'; id: string }
  | { feed: Agent; id: string }
  | { feed: Agent; id: string; deleted: number }

/** The state that survives a restart. */
export interface State {
  version: 1
  /**
   * Creation time of the account, epoch milliseconds: part of each cursor, so another account's cursors are unknown.
   */
  bornAt: number
  /** Base address of the results in the last answers. */
  origin: string | null
  jobs: StoredJob[]
  transactions: WireCreditTransaction[]
  buckets: Bucket[]
  /** Steps still to come, soonest first. */
  plan: Step[]
  /** The newest changes, and the number of older, trimmed ones. */
  log: LogEntry[]
  logStart: number
}

export const emptyState = (bornAt: number): State => ({
  version: 1,
  bornAt,
  origin: null,
  jobs: [],
  transactions: [],
  buckets: [],
  plan: [],
  log: [],
  logStart: 0,
})

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = (at: number) => new Date(at).toISOString()

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

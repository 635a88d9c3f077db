import type { OriginalsState, Settings, SyncState } from './views.ts'

/**
 * What the core publishes. An event says what changed, never the rows: the page refetches what it shows.
 * `sequence` rises by one per event of a core, so a page that misses one knows that it must refetch everything.
 */
export type CoreEvent = { sequence: number } & (
  | { type: 'sync'; state: SyncState }
  | { type: 'data'; jobs: number; transactions: number; cases: number; account: boolean }
  | { type: 'settings'; settings: Settings }
  /** The moment has come at which the user wanted to look for an answer from support. */
  | { type: 'reminder'; id: number; subject: string }
  | { type: 'originals'; state: OriginalsState }
)

type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never
export type CoreEventBody = WithoutSequence<CoreEvent>

import type { ErrorView } from './errors.ts'
import type { ScannerState } from './folders.ts'
import type { Notification, NotifiedAccount } from './notifications.ts'
import type { OriginalsState, Settings, SyncState } from './views.ts'

/**
 * The events of the core. An event says what changed and never carries rows: the page refetches what it shows.
 * `sequence` rises by one per event of a core, so a page that misses one knows that it must refetch everything.
 */
export type CoreEvent = { sequence: number } & (
  | { type: 'sync'; state: SyncState }
  | { type: 'data'; jobs: number; transactions: number; cases: number; account: boolean }
  | { type: 'settings'; settings: Settings }
  /** The reminder of a support case is due. */
  | { type: 'reminder'; id: number; subject: string; account: NotifiedAccount | null }
  | { type: 'notification'; notification: Notification }
  | { type: 'originals'; state: OriginalsState }
  | { type: 'folders'; state: ScannerState }
  /** The sign-in at the service waits for the browser, or no longer does. */
  | { type: 'service' }
  /** The database was found damaged. */
  | { type: 'damage'; error: ErrorView }
  /** So many records and files of an archive were checked. */
  | { type: 'archive'; done: number }
  /** The number of records that an export has written so far. */
  | { type: 'export'; records: number }
)

type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never
export type CoreEventBody = WithoutSequence<CoreEvent>

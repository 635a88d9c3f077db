/** What the screens tell of the files of results; like all views JSON-safe, sizes in bytes. */
import type { ErrorView } from './errors.ts'
import type { Agent } from './values.ts'

/** The cache of thumbnails and of originals that nobody asked to keep. */
export interface CacheUsage {
  files: number
  bytes: number
}

/** An original that somebody asked to keep. */
export interface OriginalView {
  resultId: string
  state: 'waiting' | 'kept' | 'failed'
  /** As the service states it, once kept as it is on the disk. */
  bytes: number | null
  /** Why it could not be kept. */
  error: ErrorView | null
}

/** An original that is being fetched right now. */
export interface RunningOriginal {
  agent: Agent
  jobId: string
  resultId: string
  received: number
  total: number | null
}

/** The queue of originals to keep, of the active account. */
export interface OriginalsState {
  /** `held`: it stopped by itself because of `error`, and goes on at `retryAt`. */
  status: 'idle' | 'working' | 'paused' | 'held'
  error: ErrorView | null
  retryAt: number | null
  /** Whether the originals of everything new are kept. */
  keepsNew: boolean
  /** Bytes are null while the size of one of them is not known. */
  waiting: { originals: number; bytes: number | null }
  kept: { originals: number; bytes: number }
  failed: number
  running: RunningOriginal[]
}

/** What it would take to keep every original that Carat still lists. */
export interface OriginalsEstimate {
  originals: number
  bytes: number
  ofUnknownSize: number
  /** What the disk has left. */
  free: number
}

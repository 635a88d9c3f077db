/** Views of result files. JSON-safe; sizes in bytes. */
import type { ErrorView } from './errors.ts'
import type { Agent } from './values.ts'

/** The cache of thumbnails and of originals that are not kept. */
export interface CacheUsage {
  files: number
  bytes: number
}

/** A job by the names that the service gave. */
export interface JobName {
  agent: string
  jobId: string
}

/** Whether a job's files can be shown by now: their addresses are valid for a limited time. */
export interface RenewalView extends JobName {
  state: /** There are new addresses: load the files again. */
    | 'renewed'
    /** Carat has no new addresses for now. */
    | 'lapsed'
    /** Carat cannot be asked for new addresses at the moment. */
    | 'waiting'
    /** The file is there, but no browser shows its type. */
    | 'unplayable'
    /** Any other reason. */
    | 'failed'
}
export type RenewalState = RenewalView['state']

/** A text of subtitles and the time at which it is shown, in milliseconds from the start. */
export interface SubtitleCue {
  startMs: number
  endMs: number
  text: string
}

/** An original that the user wants to keep. */
export interface OriginalView {
  resultId: string
  state: 'waiting' | 'kept' | 'failed'
  /** The size that the service states; after the download, the size on disk. */
  bytes: number | null
  /** Why it could not be kept. */
  error: ErrorView | null
}

/** An original whose download is running. */
export interface RunningOriginal {
  agent: Agent
  jobId: string
  resultId: string
  received: number
  total: number | null
}

/** The originals queue of the active account. */
export interface OriginalsState {
  /** `held`: the queue backed off because of `error` and resumes at `retryAt`. */
  status: 'idle' | 'working' | 'paused' | 'held'
  error: ErrorView | null
  retryAt: number | null
  /** Whether the originals of new jobs are kept automatically. */
  keepsNew: boolean
  /** Bytes are null while any size is unknown. */
  waiting: { originals: number; bytes: number | null }
  kept: { originals: number; bytes: number }
  failed: number
  running: RunningOriginal[]
}

/** The cost of keeping every original that Carat still lists. */
export interface OriginalsEstimate {
  originals: number
  bytes: number
  ofUnknownSize: number
  /** Free disk space. */
  free: number
}

/** A backup, a file that the app has written since its start, or the data folder: what the page names without its path. */
export type NamedFile = { backup: string } | { written: string } | { folder: 'data' }

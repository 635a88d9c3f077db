/** Folders of results: the values that cross a process boundary. JSON-safe; times in epoch milliseconds. */
import type { ErrorView } from './errors.ts'
import type { Agent } from './values.ts'

/** The kinds of job that a file can be. */
export const folderKinds = ['image', 'video', 'audio', 'subtitle'] as const
export type FolderKind = (typeof folderKinds)[number]

/**
 * What tells when a file was made, best first: `embedded` (a time with a zone in the file), `embedded_no_zone` and `name` (a
 * local time in the file or in its name, read as Korean time) and `saved` (the time of the file on the disk: it was made by then).
 */
export const madeEvidences = ['embedded', 'embedded_no_zone', 'name', 'saved'] as const
export type MadeEvidence = (typeof madeEvidences)[number]

/**
 * `scanning` goes on after a restart, `paused` waits for the user. `away`: the folder is not there. `shrunk`: most of its known
 * files are gone at once, and the user has to say whether that is right; until then no file counts as missing.
 */
export type FolderState = 'scanning' | 'paused' | 'complete' | 'away' | 'shrunk'

/** Why a file of a folder is no result. Each has a sentence under `folder.problem`. */
export const folderFileProblems = [
  'empty',
  'not_media',
  'cut_off',
  'unreadable',
  'name_not_utf8',
  'path_too_long',
  'too_large',
  'link_outside',
  'changed_meanwhile',
  'reader_failed',
] as const
export type FolderFileProblem = (typeof folderFileProblems)[number]

/** A folder with the numbers of its files. */
export interface FolderView {
  /** The number of its import. */
  batch: number
  path: string
  agent: Agent
  copied: boolean
  state: FolderState
  scannedAt: number | null
  undoneAt: number | null
  /** Files that are results, files that are none, and results that are not there. */
  files: number
  skipped: number
  missing: number
}

/** A file or folder that is left out, with the reason. */
export interface SkippedFile {
  path: string
  reason: FolderFileProblem
}

/** `listed` files were found; of them, `total` must be read, and `read` have been. */
export interface ScanProgress {
  listed: number
  read: number
  total: number
  /** Contents that were new. */
  imported: number
}

/** The state of the scanner. */
export interface ScannerState {
  /** The scan that runs; others wait. */
  running: (ScanProgress & { batch: number }) | null
  waiting: number[]
  /** Why the last scan of a folder ended early. */
  errors: { batch: number; error: ErrorView }[]
}

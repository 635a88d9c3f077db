/** Views of imports, for the import screen and the command line. JSON-safe; times in epoch milliseconds. */
import type {
  Coded,
  Guess,
  ImportEncoding,
  ImportFormat,
  ImportNotice,
  ImportProblemCode,
  Precision,
  Reading,
  RefusedReason,
} from './imports.ts'

/** One import. */
export interface ImportBatch {
  batch: number
  /** The id of its account. */
  account: string
  /** The name of the file, or of the place that the table came from; the path of a folder. */
  source: string
  format: ImportFormat | 'folder'
  importedAt: number
  undoneAt: number | null
  /** Rows that were understood, those of them that were new, and rows that were refused; of a folder, its files. */
  rows: number
  imported: number
  refused: number
  covers: { from: number; to: number } | null
  showsRefunds: boolean
  /** Null for a folder. */
  reading: Reading | null
  /** The zone in which the table was read until the rows of the service proved another one; null if they never did. */
  zoneBefore: string | null
}

/** A row of a table with its understanding. */
export interface PreviewRow {
  /** 1-based number of the row or line in the source. */
  row: number
  cells: string[]
  /** `recognised`: the account has the row already. `ignored`: a heading, a notice or a blank row. */
  outcome: 'new' | 'recognised' | 'refused' | 'ignored'
  transaction: {
    occurredAt: number
    precision: Precision
    amount: number
    kind: string
    feature: string | null
    memo: string | null
  } | null
  reason: Coded<RefusedReason> | null
}

/** A row at the seam of two tables. `position` names it in the choices of the user. */
export interface SeamRow extends Pick<PreviewRow, 'row'> {
  position: number
  transaction: NonNullable<PreviewRow['transaction']>
  /** Whether the user says that it is a further row. */
  isFurther: boolean
}

/** A table before it is imported. Nothing of it is stored yet. */
export interface ImportPreview {
  source: string
  format: ImportFormat
  /** Null for formats that state their encoding. */
  encoding: ImportEncoding | null
  /** Other encodings in which the source can be read; empty if there is no doubt. */
  encodings: ImportEncoding[]
  notices: ImportNotice[]
  /** The tables of the source, best first, and the index of the one shown. */
  tables: { name: string; rows: number }[]
  table: number
  reading: Reading
  guesses: Guess[]
  /** Whether the reading is the one to which the user agreed for an earlier table of this layout. */
  isRemembered: boolean
  /** The first rows of the table, and the first refused ones. */
  rows: PreviewRow[]
  refused: PreviewRow[]
  counts: { new: number; recognised: number; refused: number; ignored: number }
  /** Rows that may be the same as a row of the account or a further equal one: the table shares nothing else with it. */
  uncertain: number
  /** The first of these rows. */
  seam: SeamRow[]
  covers: { from: number; to: number } | null
  showsRefunds: boolean
  /** The jobs that come along with the credit history of our own export; null for every other table. */
  jobs: { new: number; known: number; refused: number } | null
}

/** A source that cannot be read. */
export interface UnreadableSource {
  problem: Coded<ImportProblemCode>
}

/** What follows an account of imports to another, or back, in counts. */
export interface MovePlan {
  imports: number
  /** Rows of its tables. */
  rows: number
  marks: number
  messages: number
}

/** `known` counts the rows that the other account has already. */
export interface JoinPlan extends MovePlan {
  known: number
}

/** An account of the data folder. */
export interface AccountItem {
  /** Its name: the service's id, with the sign-in method if another account has the same id. */
  id: string
  displayName: string
  signInMethod: string
  isImported: boolean
  isSample: boolean
  isShown: boolean
  /** Whether the sync reads it; false for all others, also if they were synced before. */
  isSynced: boolean
  /** The accounts of imports that are joined to it. */
  joined: { id: string; displayName: string }[]
  /** As in `AccountView`. */
  balance: number | null
  balanceAsOf: number | null
}

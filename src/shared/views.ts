/**
 * The output types of the routes. All values are JSON-safe; times are epoch milliseconds UTC; amounts whole credits.
 */
import type { CaseDetail, CaseItem } from './case-views.ts'
import type { ErrorView } from './errors.ts'
import type { JobItem } from './job-views.ts'
import type { CreditFlow, DayTotals, LedgerItem } from './ledger-views.ts'
import type { Agent, CreditSource, LinkKey, Open, Stream } from './values.ts'

export type * from './case-views.ts'
export type * from './job-views.ts'
export type * from './ledger-views.ts'
export type * from './media-views.ts'
export type * from './settings.ts'

export interface AppInfo {
  version: string
  /** The folder that holds everything the app keeps. */
  dataDir: string
  /** Why nothing can be written to that folder; null if it can be. The app then shows a copy, and never syncs. */
  readOnly: ErrorView | null
  /** True while the sandbox answers instead of Carat's service. */
  sandbox: boolean
  /** The base address of the service. */
  api: string
  platform: string
  /** The core's wall clock at the answer: the page counts from it, so a correction applies on screen as well. */
  now: number
  /** Whether `CARAT_NOW` fixes that clock: it then stands still on screen as well. */
  clockIsFixed: boolean
}

/** The database without its content. */
export interface Diagnostics {
  /** The result of SQLite's check of every page. */
  pages: 'ok' | 'damaged'
  bytes: number
  schemaVersion: number
  sqlite: string
  jobs: number
  transactions: number
  cases: number
}

export interface Balance {
  source: Open<CreditSource>
  amount: number
  expiresAt: number | null
}

export interface AccountView {
  id: string
  displayName: string
  email: string | null
  signInMethod: string
  plan: string
  /** Whether only imports know the account: its balance is what the newest row of its tables states, and null if none does. */
  isImported: boolean
  /** Whether it is the sample account of the sandbox. */
  isSample: boolean
  balance: number | null
  balanceAsOf: number | null
  balances: Balance[]
  refundGraceMs: number
  generationLimitMs: number
}

/** The number of records and files that the deletion of an account removes. */
export interface DeletionPlan {
  /** The account's id. */
  account: string
  jobs: number
  transactions: number
  imports: number
  marks: number
  messages: number
  /** Kept originals, and copies of files of folders that no other account has. */
  originals: number
  copies: number
  /** Names of the backups, and of databases that a recovery moved aside, that have the account. */
  backups: string[]
}

export interface StreamState {
  stream: Stream
  phase: 'idle' | 'listing' | 'changes'
  /** Records of this stream in the local file. */
  records: number
  /** Records read by the snapshot in progress, and the service's estimate of the total. */
  listed: number
  total: number | null
  /** Records per second of the snapshot in progress; null until the rate is known. */
  rate: number | null
  /**
   * Remaining time of the snapshot at that rate, in milliseconds; null if the rate is unsteady or the total unknown.
   */
  remainingMs: number | null
  /** When the service was last asked and had nothing more: this stream is complete up to that time. */
  lastSuccessAt: number | null
  /** The time from which the service still lists this stream; null if it lists every stored record. */
  listedFrom: number | null
  /** The newest record, if the balance changed after it without one: the history lags or stands still. */
  historyEndsAt: number | null
  error: ErrorView | null
  /** When the next retry is due after an error. */
  retryAt: number | null
  /** Number of records that are quarantined because they broke the contract. */
  quarantined: number
}

export interface SyncState {
  /**
   * `paused`: the user paused the account; no request is sent until it is resumed. `read_only`: nothing can be stored, so none is
   * ever sent.
   */
  status: 'never' | 'running' | 'idle' | 'failed' | 'signed_out' | 'paused' | 'read_only'
  streams: StreamState[]
  /** Oldest last success of all streams; null while a stream was never read to the end. */
  lastSuccessAt: number | null
  nextAt: number | null
  /** Derived data that is being rebuilt, in rows, if that takes long; see projections/projection.ts. */
  rebuild: { projection: string; done: number; total: number } | null
}

export interface Overview {
  from: number
  to: number
  charged: number
  flow: CreditFlow
  attention: CaseItem[]
  attentionCount: number
  waiting: {
    pending: number
    pendingCredits: number
    nextDueAt: number | null
    running: number
    runningCredits: number
  }
  /** Charges that wait for the user's decision which results belong to them. */
  matches: number
  newest: JobItem[]
  days: DayTotals[]
  jobCount: number
  /** In a view of all accounts, what each of them spent in the period and what asks for attention; else empty. */
  byAccount: { account: string; charged: number; attentionCount: number; attentionCredits: number }[]
}

export type Links = Record<LinkKey, string>

/** A file that the app wrote to its data folder. */
export interface KeptFile {
  name: string
  path: string
  /** Time of writing. */
  at: number
}

/** A finished export. */
export interface ExportedFile {
  name: string
  path: string
  records: number
  /** The address from which the page downloads the file; null if the user chose its path. */
  download: string | null
}

/** The result of recovering a damaged database. */
export interface Recovered {
  /** Where the damaged file lies now; null if nothing was left of it. */
  aside: string | null
  /** The intact backup that was put in its place; null if there is none. */
  backup: string | null
  /** Marks, messages to support and imports that only the damaged file had. */
  marks: number
  messages: number
  imports: number
}

/** A backup that can be restored, and how many of each it holds. */
export interface BackupView extends KeptFile {
  jobs: number
  transactions: number
  marks: number
  messages: number
  imports: number
}

export interface BackupList {
  /** Newest first. */
  backups: BackupView[]
  /** Files among them that are damaged, or not backups of this version or an older one. */
  unreadable: number
}

/** Numbers of restored marks and messages. */
export interface Restored {
  marks: number
  messages: number
}

/** The exact text that would leave the computer. */
export interface SupportDraft {
  subject: string
  text: string
}

/** Possible locations of a charge's result: either library around that time, refunded, or not synced yet. */
export interface LookAround {
  case: CaseDetail | null
  around: number
  /** Jobs of both agents near that time, nearest first. */
  candidates: (JobItem & { apartMs: number; sameModel: boolean })[]
  /** Charges near that time, for a user who remembers only the time. */
  charges: LedgerItem[]
  streams: StreamState[]
}

/** Possible locations of chats and works that seem missing. */
export interface Whereabouts {
  agents: { agent: Agent; jobs: number; removed: number; newestAt: number | null }[]
  /** Other accounts known on this computer; `sameEmail` if only the sign-in method differs. */
  otherAccounts: {
    /** Its name, to show it. */
    account: string
    displayName: string
    signInMethod: string
    isImported: boolean
    sameEmail: boolean
    jobs: number
    lastSeenAt: number
  }[]
  streams: StreamState[]
  matches: JobItem[]
  /** Jobs of the user's other accounts that match, each with its account. */
  elsewhere: JobItem[]
}

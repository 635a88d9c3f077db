/**
 * The output types of the routes. All values are JSON-safe; times are epoch milliseconds UTC; amounts whole credits.
 */
import type { ErrorView } from './errors.ts'
import type { JobItem, Marks, ResultView, TimelineEntry } from './job-views.ts'
import type { CreditFlow, DayTotals, LedgerItem } from './ledger-views.ts'
import type {
  Agent,
  CreditSource,
  JobKind,
  Lacking,
  LinkKey,
  Open,
  Outcome,
  ProofStream,
  RefundReason,
  RefundStatus,
  Stream,
} from './values.ts'

export type * from './job-views.ts'
export type * from './ledger-views.ts'
export type * from './media-views.ts'
export type * from './settings.ts'

export interface AppInfo {
  version: string
  /** The folder that holds everything the app keeps. */
  dataDir: string
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
  balance: number | null
  balanceAsOf: number | null
  balances: Balance[]
  refundGraceMs: number
  generationLimitMs: number
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
  /** `paused`: the user paused the account; no request is sent until it is resumed. */
  status: 'never' | 'running' | 'idle' | 'failed' | 'signed_out' | 'paused'
  streams: StreamState[]
  /** Oldest last success of all streams; null while a stream was never read to the end. */
  lastSuccessAt: number | null
  nextAt: number | null
  /** Derived data that is being rebuilt, in rows, if that takes long; see projections/projection.ts. */
  rebuild: { projection: string; done: number; total: number } | null
}

/** One case: a job, or a generation charge without one. */
export interface CaseItem {
  /** `job:<agent>:<job id>` or `charge:<transaction id>`. */
  case: string
  agent: Agent | null
  jobId: string | null
  kind: Open<JobKind> | null
  model: string | null
  prompt: string | null
  chatTitle: string | null
  outcome: Outcome
  refundStatus: RefundStatus
  reason: RefundReason
  charged: number
  refunded: number
  outstanding: number
  /** Start of the rule's wait: creation or end of the job, or the charge. */
  since: number
  /** When the wait ends and the status may change by itself; null if the rule has no wait. */
  deadlineAt: number | null
  dueAt: number | null
  /** The streams still to read before the case could be called missing. */
  unread: ProofStream[]
  /** Why the records of an imported charge cannot tell what became of it; empty for any other case. */
  lacking: Lacking[]
  /** The end of Carat's history, if the balance changed after it and that is why `credits` is unread; otherwise null. */
  historyEndsAt: number | null
  /** Credits that the balance holds beyond the history, if the status is `cannot_tell` and they may be the missing ones. */
  surplus: number
  /** Whether a record of the history that could not be read may give the credits back, so that `credits` is unread. */
  unreadable: boolean
  thumbnail: ResultView | null
  /** When the user dismissed the case; it then no longer asks for attention. */
  dismissedAt: number | null
}

/** One line of evidence. The renderer turns `claim` into words. */
export interface Evidence {
  claim:
    | 'job_status'
    | 'no_job_record'
    | 'charged'
    | 'not_charged'
    | 'refunded'
    | 'refunded_as'
    | 'refund_lapsed'
    | 'taken_back'
    | 'tries_refunded'
    | 'possible_refund'
    | 'possible_job'
    | 'charge_retracted'
    | 'refund_retracted'
    | 'no_refund'
    | 'no_rest'
    | 'results'
    | 'results_short'
    | 'no_results'
    | 'wait_over_read_after'
    | 'wait_running'
    | 'still_to_read'
    | 'history_ends'
    | Lacking
    | 'record_unreadable'
    | 'balance_holds_more'
  holds: boolean
  /** The stream of the evidence, and when it was last read to the end; `import` for rows that only imports know. */
  stream: ProofStream | 'import' | null
  readAt: number | null
  at: number | null
  /** Positive; the claim says whether credits were charged or came back. */
  amount: number | null
  detail: string | null
}

/** Records that a case may belong to although no row names it. */
export interface PossibleLinks {
  /** Refunds without ids that may be the refund of the case (rule L9). */
  refunds: LedgerItem[]
  /** Other cases to which one of these refunds may belong instead. */
  cases: CaseItem[]
  /** Jobs without a charge that the charge may have paid for (rule L10), nearest first. */
  jobs: JobItem[]
}

export interface CaseDetail extends CaseItem {
  possible: PossibleLinks
  transactions: LedgerItem[]
  evidence: Evidence[]
  failure: { code: string; origin: string; message: string | null } | null
  chatUrl: string | null
  marks: Marks
  /** Support cases that name this case, newest first. */
  support: SupportCase[]
}

export interface JobDetail extends JobItem {
  startedAt: number | null
  failure: { code: string; origin: string; message: string | null } | null
  /** The chat's address, if the service sent one that may be opened. */
  chatUrl: string | null
  allResults: ResultView[]
  timeline: TimelineEntry[]
  case: CaseDetail
}

export interface CaseCounts {
  open: number
  refunded: number
  all: number
  attention: number
  /** Credits outstanding in the open cases, and in those of them that ask for attention. */
  openCredits: number
  attentionCredits: number
  byStatus: Record<RefundStatus, { cases: number; credits: number }>
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
  newest: JobItem[]
  days: DayTotals[]
  jobCount: number
}

export type Links = Record<LinkKey, string>

/** A support case: a message to Carat's support and its state. */
export interface SupportCase {
  id: number
  state: 'draft' | 'sent' | 'answered' | 'resolved'
  /** Names of the cases in the message; none if it is about the ledger as a whole. */
  cases: string[]
  subject: string
  text: string
  remindAt: number | null
  /** Who closed it: the user, or a refund that arrived. */
  closedBy: 'user' | 'refund' | null
  createdAt: number
  changedAt: number
}

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
  /** Other sign-ins known on this computer; `sameEmail` if only the sign-in method differs. */
  otherAccounts: { displayName: string; signInMethod: string; sameEmail: boolean; jobs: number; lastSeenAt: number }[]
  streams: StreamState[]
  matches: JobItem[]
}

/** Views of cases: list items, details and evidence. JSON-safe; times in epoch milliseconds, amounts in whole credits. */
import type { MadeEvidence } from './folders.ts'
import type { JobItem, Marks, ResultView, TimelineEntry } from './job-views.ts'
import type { LedgerItem } from './ledger-views.ts'
import type { MatchedCharge } from './matches.ts'
import type { Agent, JobKind, Lacking, Open, Outcome, ProofStream, RefundReason, RefundStatus } from './values.ts'

/** One case: a job, or a generation charge without one. */
export interface CaseItem {
  /** As that of a job. */
  account: string | null
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
  /** How long `since` lasts in milliseconds: an imported charge may be known to the minute or the day only. */
  precisionMs: number
  /** When the wait ends and the status may change by itself; null if the rule has no wait. */
  deadlineAt: number | null
  dueAt: number | null
  /** The streams still to read before the case could be called missing. */
  unread: ProofStream[]
  /** Why the records of an imported charge cannot tell what became of it; empty for any other case. */
  lacking: Lacking[]
  /** The end of Carat's history, if the balance changed after it and that is why `credits` is unread; otherwise null. */
  historyEndsAt: number | null
  /** From when on Carat lists jobs, if the case is older and that is why a stream of jobs is unread; otherwise null. */
  jobsListedFrom: number | null
  /** From when on Carat lists credits, if it never listed older ones that may be about the case; otherwise null. */
  creditsListedFrom: number | null
  /** Credits that the balance holds beyond the history, if the status is `cannot_tell` and they may be the missing ones. */
  surplus: number
  /** The streams of `unread` with a record that could not be read and may be the refund, the job or its end. */
  unreadable: ProofStream[]
  thumbnail: ResultView | null
  /** The charge that paid for the file of a folder, as the user or matching decided; null for any other case. */
  matchedCharge: MatchedCharge | null
  /** When the user dismissed the case; it then no longer asks for attention. */
  dismissedAt: number | null
}

/** One line of evidence. The renderer turns `claim` into words. */
export interface Evidence {
  claim:
    | 'job_status'
    | 'no_job_record'
    | 'job_deleted'
    | 'possible_deletion'
    | 'charged'
    | 'not_charged'
    | 'refunded'
    | 'refunded_as'
    | 'refund_lapsed'
    | 'taken_back'
    | 'tries_refunded'
    | 'possible_refund'
    | 'possible_refund_as'
    | 'match_any'
    | 'match_confirmed'
    | 'match_charge'
    | 'match_found'
    | 'possible_job'
    | 'charge_retracted'
    | 'refund_retracted'
    | 'no_refund'
    | 'no_refund_since'
    | 'no_rest'
    | 'results'
    | 'results_short'
    | 'no_results'
    | 'wait_over_read_after'
    | 'wait_running'
    | 'still_to_read'
    | 'history_ends'
    | 'jobs_begin'
    | 'credits_begin'
    | Lacking
    | 'record_unreadable'
    | 'job_unreadable'
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
  /** Refunds that name no record of ours, or rows of an unknown kind, that may be the refund of the case (rules L9 and L14). */
  refunds: LedgerItem[]
  /** Other cases to which one of these refunds may belong instead. */
  cases: CaseItem[]
  /** Other cases that make the amount of the refund together with this one (rule L14). */
  together: CaseItem[]
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
  /** The files of folders that are results of a job of the service, by their paths below the folders. */
  files: string[]
  /** What tells when the file of a job of a folder was made; null for a job of the service. */
  madeEvidence: MadeEvidence | null
  /** Whether only an imported export knows the job. Its results then have no files that could be shown. */
  isImported: boolean
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
  /** Charges that wait for the user's decision which results belong to them. */
  matches: number
  attention: number
  /** Credits outstanding in the open cases, and in those of them that ask for attention. */
  openCredits: number
  attentionCredits: number
  byStatus: Record<RefundStatus, { cases: number; credits: number }>
}

/** A support case: a message to Carat's support and its state. */
export interface SupportCase {
  id: number
  /** As that of a job. */
  account: string | null
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

/** Views of the ledger: rows, pages, totals, findings. JSON-safe; times in epoch milliseconds, amounts in whole credits. */
import type { Page } from './job-views.ts'
import type { Agent, CreditSource, Feature, Open, RefundStatus, TransactionKind } from './values.ts'

export interface LedgerItem {
  /** As that of a job. */
  account: string | null
  id: string
  kind: Open<TransactionKind>
  feature: Open<Feature> | null
  source: Open<CreditSource> | null
  amount: number
  /** Balance after this row as the service stated it. */
  balanceAfter: number | null
  /** Balance after this row, calculated backwards from the stated balance. */
  runningBalance: number | null
  occurredAt: number
  /** How exact `occurredAt` is, in milliseconds: an imported table may state the minute or the day only. */
  precisionMs: number
  agent: Agent | null
  model: string | null
  memo: string | null
  /** The job in whose case the row counts. */
  jobId: string | null
  /** The job that the row itself names, even if no such job is known. */
  statedJobId: string | null
  prompt: string | null
  reverses: string | null
  /** When the reversed charge was written. */
  reversesAt: number | null
  expiresAt: number | null
  retractedAt: number | null
  /** The case in which this row counts; null for rows that count in no case. */
  case: string | null
  refundStatus: RefundStatus | null
  thumbnail: { agent: Agent; jobId: string; resultId: string } | null
}

export interface DayTotals {
  /** The local day, `YYYY-MM-DD`. */
  day: string
  charged: number
  refunded: number
}

export interface LedgerPage extends Page<LedgerItem> {
  /** Totals of each whole day on the page under the page's filter; empty for a search by words. */
  days: DayTotals[]
  /** How many of the newest rows a search by words looked at; null if it looked at all. */
  searchedNewest: number | null
}

export interface LedgerCounts {
  total: number
  kinds: Record<string, number>
  features: Record<string, number>
}

export interface CreditSummary extends Omit<DayTotals, 'day'> {
  days: DayTotals[]
}

/** What became of the credits of a period, as segments of one bar. `dismissed` segments asked for attention before. */
export interface CreditFlow {
  delivered: number
  notGeneration: number
  refunded: number
  pending: number
  inProgress: number
  attention: number
  cannotTell: number
  dismissed: number
}

/** Something in the ledger that a person should look at. Each row is listed once, under the first kind that fits. */
export interface Finding {
  /** As that of a job. */
  account: string | null
  kind: 'withdrawn_charge' | 'refund_without_charge' | 'double_refund' | 'double_charge'
  at: number
  /** Credits in question; never negative. */
  amount: number
  case: string | null
  transactionIds: string[]
  prompt: string | null
}

/** The comparison of the ledger with the stated balance. */
export interface Reconciliation {
  /** The stated balance and its time. */
  stated: number
  statedAt: number
  /** Balance before the oldest stored record; null if no row states it. */
  opening: number | null
  ledger: number
  /** Stated − (opening + ledger); null while the opening is not known. */
  difference: number | null
  /** The part of the difference without a possible cause. */
  unexplained: number
  /** How many of the newest rows were searched for credits that ran out; null if all were. */
  searchedNewest: number | null
  /** Possible causes of the difference; `amount` is null if only a person can tell. */
  candidates: {
    kind:
      | 'expired_unlisted'
      | 'retracted'
      | 'quarantined'
      | 'not_caught_up'
      | 'written_after'
      | 'daily_reset'
      | 'unlisted_refund'
    amount: number | null
    records: number
    /** When the last of the credits ran out; null for the other kinds. */
    at: number | null
    explains: boolean
  }[]
}

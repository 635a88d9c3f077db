/** The facts and the context from which the rules decide `refund_cases`: reads of jobs, ledger rows and streams. */
import { isLost, lostStatuses, unprovenStatuses } from '../../shared/refund-answers.ts'
import type { Agent, RecordStream, RefundStatus } from '../../shared/values.ts'
import { isChargeCase, outcomeOf, rowIdOfCase } from '../domain/ledger.ts'
import {
  type CaseFacts,
  decideRefundStatus,
  type Policy,
  type ReadUntil,
  type Verdict,
} from '../domain/refund-status.ts'
import { policyOf } from './accounts.ts'
import { historyEnd, surplusOf } from './balance-jumps.ts'
import { caseFacets } from './case-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** Everything besides its own records on which the verdict of a case depends. */
export interface CaseContext {
  accountId: number
  policy: Policy
  /** Up to which time each stream proves anything: `readAt`, or the end of the history if that is earlier. */
  readUntil: ReadUntil
  /** When each stream was last read whole. */
  readAt: ReadUntil
  now: number
}

/** The context of one account at the time `now`. */
export function caseContext(database: Readable, accountId: number, now: number): CaseContext {
  const account = statement<[number], AccountRow>(database, 'SELECT * FROM v_accounts WHERE accountId = ?').get(
    accountId,
  )
  if (!account) throw new Error('unknown account')
  const readAt: Record<RecordStream, number | null> = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
  const rows = statement<[number], { stream: RecordStream; lastSuccessAt: number | null }>(
    database,
    `SELECT stream, last_success_at AS lastSuccessAt FROM sync_streams WHERE account_id = ? AND stream <> 'account'`,
  ).all(accountId)
  for (const { stream, lastSuccessAt } of rows) {
    // A time in the future proves nothing: the clock was set back after that sync.
    readAt[stream] = lastSuccessAt !== null && lastSuccessAt <= now ? lastSuccessAt : null
  }
  const credits = earlierOf(readAt.credits, historyEnd(database, accountId))
  return { accountId, policy: policyOf(account), readUntil: { ...readAt, credits }, readAt, now }
}

/** A history that ends earlier than it was read proves nothing from its end on. */
const earlierOf = (readAt: number | null, historyEndsAt: number | null): number | null =>
  readAt === null || historyEndsAt === null ? readAt : Math.min(readAt, historyEndsAt)

/** The facts of a case, with the kind and model of its job; both null without a job. */
export interface StoredCase extends CaseFacts {
  kind: string | null
  model: string | null
}

type StoredJob = Pick<
  StoredCase,
  'agent' | 'kind' | 'model' | 'failureOrigin' | 'resultCount' | 'createdAt' | 'finishedAt'
>

/** Gathers the facts of a case from its records; null if no record makes it a case any more. */
export function caseFacts(database: Readable, caseId: number): StoredCase | null {
  const rowId = rowIdOfCase(caseId)
  let charged = 0
  let refunded = 0
  let chargeRetracted = false
  let transactions = 0
  const rows = statement<[number], { kind: string; amount: number; retractedAt: number | null }>(
    database,
    'SELECT kind, amount, retracted_at AS retractedAt FROM credit_transactions WHERE case_id = ?',
  ).all(caseId)
  for (const { kind, amount, retractedAt } of rows) {
    transactions++
    if (kind === 'charge') {
      charged -= amount
      if (retractedAt !== null) {
        refunded -= amount
        if (amount !== 0) chargeRetracted = true
      }
    } else if (retractedAt === null) {
      refunded += amount
    }
  }
  const credits = { charged, refunded, chargeRetracted, surplus: 0 }
  if (isChargeCase(caseId)) {
    const charge = statement<[number], { agent: Agent | null; createdAt: number }>(
      database,
      'SELECT agent, occurred_at AS createdAt FROM credit_transactions WHERE row_id = ?',
    ).get(rowId)
    if (!charge || transactions === 0) return null
    const noJob = { outcome: 'no_job', failureOrigin: null, resultCount: 0, kind: null, model: null } as const
    return { ...noJob, ...charge, finishedAt: null, ...credits }
  }
  const found = statement<[number], StoredJob & { status: string }>(
    database,
    `SELECT agent, kind, model, status, failure_origin AS failureOrigin, result_count AS resultCount,
       created_at AS createdAt, finished_at AS finishedAt FROM jobs WHERE row_id = ?`,
  ).get(rowId)
  if (!found) return null
  const { status, ...job } = found
  return { ...job, outcome: outcomeOf(status), ...credits }
}

/**
 * Decides a case. The balance is looked at only if the case would be called missing: then it must not hold the credits
 * already.
 */
export function decideCase(database: Readable, context: CaseContext, caseId: number, facts: CaseFacts): Verdict {
  const { accountId, policy, readUntil, now } = context
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  if (!isLost(verdict.status)) return verdict
  const surplus = surplusOf(database, accountId, caseId)
  return surplus === 0 ? verdict : decideRefundStatus({ ...facts, surplus }, policy, readUntil, now)
}

/** The cases with one of these statuses. */
const casesWith = (database: Readable, accountId: number, statuses: readonly RefundStatus[]): number[] =>
  caseFacets(database, accountId, { refundStatuses: statuses }).flatMap((facet) =>
    scalar<[number], number>(database, 'SELECT case_id FROM refund_cases WHERE facet_id = ?').all(facet.facetId),
  )

/** The cases that a sync of a stream may decide. */
export const unprovenCases = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, unprovenStatuses)

/** The cases that the stated balance may decide. */
export const balanceCases = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, [...lostStatuses, ...unprovenStatuses])

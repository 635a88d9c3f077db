/** The facts and the context from which the rules decide `refund_cases`: reads of jobs, ledger rows and streams. */
import { unprovenStatuses } from '../../shared/refund-answers.ts'
import type { Agent, RecordStream } from '../../shared/values.ts'
import { isChargeCase, outcomeOf, rowIdOfCase } from '../domain/ledger.ts'
import type { CaseFacts, Policy, ReadUntil } from '../domain/refund-status.ts'
import { policyOf } from './accounts.ts'
import { caseFacets } from './case-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** Everything besides its own records on which the verdict of a case depends. */
export interface CaseContext {
  accountId: number
  policy: Policy
  readUntil: ReadUntil
  now: number
}

/** The context of one account at the time `now`. */
export function caseContext(database: Readable, accountId: number, now: number): CaseContext {
  const account = statement<[number], AccountRow>(database, 'SELECT * FROM v_accounts WHERE accountId = ?').get(
    accountId,
  )
  if (!account) throw new Error('unknown account')
  const readUntil: Record<RecordStream, number | null> = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
  const rows = statement<[number], { stream: RecordStream; lastSuccessAt: number | null }>(
    database,
    `SELECT stream, last_success_at AS lastSuccessAt FROM sync_streams WHERE account_id = ? AND stream <> 'account'`,
  ).all(accountId)
  for (const { stream, lastSuccessAt: readAt } of rows) {
    // A time in the future proves nothing: the clock was set back after that sync.
    readUntil[stream] = readAt !== null && readAt <= now ? readAt : null
  }
  return { accountId, policy: policyOf(account), readUntil, now }
}

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
  const credits = { charged, refunded, chargeRetracted }
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

/** The cases that a sync of a stream may decide. */
export const unprovenCases = (database: Readable, accountId: number): number[] =>
  caseFacets(database, accountId, { refundStatuses: unprovenStatuses }).flatMap((facet) =>
    scalar<[number], number>(database, 'SELECT case_id FROM refund_cases WHERE facet_id = ?').all(facet.facetId),
  )

import { unprovenStatuses } from '../../shared/refund-answers.ts'
import type { Agent, RecordStream } from '../../shared/values.ts'
import { isChargeCase, outcomeOf, rowIdOfCase } from '../domain/ledger.ts'
import type { CaseFacts, Policy, ReadUntil } from '../domain/refund-status.ts'
import { policyOf } from './accounts.ts'
import { caseFacets } from './case-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** All that a case depends on besides its own records. */
export interface CaseContext {
  accountId: number
  policy: Policy
  readUntil: ReadUntil
  now: number
}

/** The context in force for one account at the moment `now`. */
export function caseContext(database: Readable, accountId: number, now: number): CaseContext {
  const account = statement<[number], AccountRow>(database, 'SELECT * FROM v_accounts WHERE accountId = ?').get(
    accountId,
  )
  if (!account) throw new Error('unknown account')
  const readUntil: Record<RecordStream, number | null> = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
  const rows = statement<[number], { stream: RecordStream; last_success_at: number | null }>(
    database,
    `SELECT stream, last_success_at FROM sync_streams WHERE account_id = ? AND stream <> 'account'`,
  ).all(accountId)
  for (const { stream, last_success_at: readAt } of rows) {
    // Only a clock that was set back makes this possible, and then it proves nothing.
    readUntil[stream] = readAt !== null && readAt <= now ? readAt : null
  }
  return { accountId, policy: policyOf(account), readUntil, now }
}

/** The facts of a case, and what its job makes with which model; null without a job. */
export interface StoredCase extends CaseFacts {
  kind: string | null
  model: string | null
}

interface JobFactsRow {
  agent: Agent
  kind: string
  model: string
  status: string
  failure_origin: string | null
  result_count: number
  created_at: number
  finished_at: number | null
}

/** Gathers the facts of a case from its records; null where no record makes it a case any more. */
export function caseFacts(database: Readable, caseId: number): StoredCase | null {
  const rowId = rowIdOfCase(caseId)
  let charged = 0
  let refunded = 0
  let chargeRetracted = false
  let transactions = 0
  const rows = statement<[number], { kind: string; amount: number; retracted_at: number | null }>(
    database,
    'SELECT kind, amount, retracted_at FROM credit_transactions WHERE case_id = ?',
  ).all(caseId)
  for (const row of rows) {
    transactions++
    if (row.kind === 'charge') {
      charged -= row.amount
      if (row.retracted_at !== null) {
        refunded -= row.amount
        if (row.amount !== 0) chargeRetracted = true
      }
    } else if (row.retracted_at === null) {
      refunded += row.amount
    }
  }
  const credits = { charged, refunded, chargeRetracted }
  if (isChargeCase(caseId)) {
    const charge = statement<[number], { agent: Agent | null; occurred_at: number }>(
      database,
      'SELECT agent, occurred_at FROM credit_transactions WHERE row_id = ?',
    ).get(rowId)
    if (!charge || transactions === 0) return null
    return {
      outcome: 'no_job',
      failureOrigin: null,
      resultCount: 0,
      agent: charge.agent,
      kind: null,
      model: null,
      createdAt: charge.occurred_at,
      finishedAt: null,
      ...credits,
    }
  }
  const job = statement<[number], JobFactsRow>(
    database,
    'SELECT agent, kind, model, status, failure_origin, result_count, created_at, finished_at FROM jobs WHERE row_id = ?',
  ).get(rowId)
  if (!job) return null
  return {
    outcome: outcomeOf(job.status),
    failureOrigin: job.failure_origin,
    resultCount: job.result_count,
    agent: job.agent,
    kind: job.kind,
    model: job.model,
    createdAt: job.created_at,
    finishedAt: job.finished_at,
    ...credits,
  }
}

/** The cases that a sync of a stream may decide. */
export const unprovenCases = (database: Readable, accountId: number): number[] =>
  caseFacets(database, accountId, { refundStatuses: unprovenStatuses }).flatMap((facet) =>
    scalar<[number], number>(database, 'SELECT case_id FROM refund_cases WHERE facet_id = ?').all(facet.facet_id),
  )

import type { Agent, RecordStream } from '../../shared/values.ts'
import { isChargeCase, outcomeOf, rowIdOfCase } from '../domain/ledger.ts'
import { type CaseFacts, decideRefundStatus, type Policy, type ReadUntil } from '../domain/refund-status.ts'
import { policyOf } from './accounts.ts'
import { caseFacetIds, caseFacets } from './case-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

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
  for (const row of rows) readUntil[row.stream] = row.last_success_at
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

/** Decides the named cases anew and stores what changed. Runs inside the caller's transaction. Returns how many changed. */
export function recomputeCases(database: Writable, context: CaseContext, caseIds: Iterable<number>): number {
  const save = statement<unknown[]>(
    database,
    `INSERT INTO refund_cases (case_id, account_id, facet_id, reason, charged, refunded, since, deadline_at, due_at, unread)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (case_id) DO UPDATE SET facet_id = excluded.facet_id, reason = excluded.reason,
       charged = excluded.charged, refunded = excluded.refunded, since = excluded.since,
       deadline_at = excluded.deadline_at, due_at = excluded.due_at, unread = excluded.unread
     WHERE (facet_id, reason, charged, refunded, since, deadline_at, due_at, unread)
       IS NOT (excluded.facet_id, excluded.reason, excluded.charged, excluded.refunded, excluded.since,
         excluded.deadline_at, excluded.due_at, excluded.unread)`,
  )
  const remove = statement<[number]>(database, 'DELETE FROM refund_cases WHERE case_id = ?')
  const groupId = caseFacetIds(database, context.accountId)
  let changed = 0
  for (const caseId of caseIds) {
    const facts = caseFacts(database, caseId)
    if (!facts) {
      changed += remove.run(caseId).changes
      continue
    }
    const verdict = decideRefundStatus(facts, context.policy, context.readUntil, context.now)
    changed += save.run(
      caseId,
      context.accountId,
      groupId({ ...facts, refund_status: verdict.status }),
      verdict.reason,
      facts.charged,
      facts.refunded,
      verdict.since,
      verdict.deadlineAt,
      verdict.dueAt,
      verdict.unread.join(' '),
    ).changes
  }
  return changed
}

/**
 * Flips the cases whose wait ran out before `context.now`; with a clock that was set back, decides every case anew.
 * One transaction. Returns how many cases changed.
 */
export function evaluateCases(database: Writable, context: CaseContext): number {
  const evaluate = database.transaction(() => {
    const evaluatedAt = scalar<[number], number>(
      database,
      'SELECT evaluated_at FROM accounts WHERE account_id = ?',
    ).get(context.accountId) as number
    const due =
      context.now < evaluatedAt
        ? allCases(database, context.accountId)
        : scalar<[number, number], number>(
            database,
            'SELECT case_id FROM refund_cases WHERE account_id = ? AND due_at < ?',
          ).all(context.accountId, context.now)
    const changed = recomputeCases(database, context, due as number[])
    statement<[number, number]>(database, 'UPDATE accounts SET evaluated_at = ? WHERE account_id = ?').run(
      context.now,
      context.accountId,
    )
    return changed
  })
  return evaluate.immediate()
}

/** Every case id of an account. */
export const allCases = (database: Readable, accountId: number): number[] =>
  scalar<[number], number>(database, 'SELECT case_id FROM refund_cases WHERE account_id = ?').all(accountId) as number[]

/** The cases that wait for a stream to be read. */
export const unprovenCases = (database: Readable, accountId: number): number[] =>
  caseFacets(database, accountId, { refundStatuses: ['cannot_tell'] }).flatMap((facet) =>
    scalar<[number], number>(database, 'SELECT case_id FROM refund_cases WHERE facet_id = ?').all(facet.facet_id),
  )

/** When the next case changes by itself; null where none waits. */
export const nextDueAt = (database: Readable, accountId: number): number | null =>
  scalar<[number], number | null>(
    database,
    'SELECT min(due_at) FROM refund_cases WHERE account_id = ? AND due_at IS NOT NULL',
  ).get(accountId) as number | null

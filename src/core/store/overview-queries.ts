import type { Agent, RefundStatus } from '../../shared/values.ts'
import type { CreditFlow, JobItem, Overview } from '../../shared/views.ts'
import { firstRowId } from '../domain/ledger.ts'
import { type JobFilter, listJobs, toJobItem } from './job-queries.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** What became of the credits charged since `from`: the parts add up to the sum of the charges. */
export function creditFlow(database: Readable, accountId: number, agent: Agent | undefined, from: number): CreditFlow {
  const flow: CreditFlow = {
    delivered: 0,
    notGeneration: 0,
    refunded: 0,
    pending: 0,
    inProgress: 0,
    attention: 0,
    cannotTell: 0,
    settled: 0,
  }
  type Row = { refund_status: RefundStatus | null; settled_at: number | null; refunded: number | null; charged: number }
  const rows = statement<unknown[], Row>(
    database,
    `SELECT c.refund_status, c.settled_at, c.refunded, -sum(t.amount) AS charged
     FROM credit_transactions t LEFT JOIN refund_cases c ON c.case_id = t.case_id
     WHERE t.account_id = ? AND t.row_id >= ? AND t.kind = 'charge' AND (? IS NULL OR coalesce(t.agent, c.agent) = ?)
     GROUP BY coalesce(t.case_id, -1)`,
  ).all(accountId, firstRowId(from), agent ?? null, agent ?? null)
  for (const row of rows) {
    if (row.refund_status === null) {
      flow.notGeneration += row.charged
      continue
    }
    const refunded = Math.min(row.refunded ?? 0, row.charged)
    flow.refunded += refunded
    flow[partOf(row.refund_status, row.settled_at !== null)] += row.charged - refunded
  }
  return flow
}

function partOf(status: RefundStatus, settled: boolean): keyof CreditFlow {
  switch (status) {
    case 'refund_pending':
      return 'pending'
    case 'in_progress':
      return 'inProgress'
    case 'cannot_tell':
      return 'cannotTell'
    case 'refund_missing':
    case 'result_missing':
    case 'needs_review':
      return settled ? 'settled' : 'attention'
    default:
      return 'delivered'
  }
}

/** What is still on its way: refunds within their wait, and work that runs. */
export function waitingCases(database: Readable, accountId: number, agent: Agent | undefined): Overview['waiting'] {
  type Row = { refund_status: RefundStatus; cases: number; credits: number; due_at: number | null }
  const rows = statement<unknown[], Row>(
    database,
    `SELECT refund_status, count(*) AS cases, sum(charged - refunded) AS credits, min(due_at) AS due_at FROM refund_cases
     WHERE account_id = ? AND refund_status IN ('refund_pending', 'in_progress') AND (? IS NULL OR agent = ?)
     GROUP BY refund_status`,
  ).all(accountId, agent ?? null, agent ?? null)
  const pending = rows.find((row) => row.refund_status === 'refund_pending')
  const running = rows.find((row) => row.refund_status === 'in_progress')
  return {
    pending: pending?.cases ?? 0,
    pendingCredits: pending?.credits ?? 0,
    nextDueAt: pending?.due_at ?? null,
    running: running?.cases ?? 0,
    runningCredits: running?.credits ?? 0,
  }
}

/** The newest jobs that have something to show. */
export function newestResults(
  database: Readable,
  accountId: number,
  agent: Agent | undefined,
  limit: number,
): JobItem[] {
  const filter: JobFilter = { agent, outcomes: ['succeeded'] }
  const { rows } = listJobs(database, accountId, filter, Number.MAX_SAFE_INTEGER, limit * 2)
  return rows
    .filter((row) => row.result_count > 0)
    .slice(0, limit)
    .map((row) => toJobItem(database, row))
}

export const countAllJobs = (database: Readable, accountId: number, agent: Agent | undefined): number =>
  scalar<unknown[], number>(
    database,
    'SELECT count(*) FROM jobs WHERE account_id = ? AND (? IS NULL OR agent = ?)',
  ).get(accountId, agent ?? null, agent ?? null) ?? 0

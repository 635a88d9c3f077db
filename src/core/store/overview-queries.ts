/** Reads for the Overview screen: totals of `case_facets`, and the credit flow of `credit_transactions`. */
import { awaitingRefundStatuses, awaitingResultStatuses } from '../../shared/status-sets.ts'
import type { Agent, RefundStatus } from '../../shared/values.ts'
import type { CreditFlow, JobItem, Overview } from '../../shared/views.ts'
import { emptyFlow, flowSegmentOf } from '../domain/flow.ts'
import { aboveAllIds, firstRowId } from '../domain/ledger.ts'
import { caseFacets, jobFacets, totalOf } from './case-facets.ts'
import type { Readable } from './handles.ts'
import { toJobItems } from './job-items.ts'
import { type JobFilter, listJobs } from './job-queries.ts'
import { scalar, statement } from './statement.ts'

/** The use of the credits charged since `from` (epoch ms), as segments that add up to the sum of the charges. */
export function creditFlow(database: Readable, accountId: number, agent: Agent | undefined, from: number): CreditFlow {
  const flow = { ...emptyFlow }
  type Row = {
    refundStatus: RefundStatus | null
    dismissedAt: number | null
    refunded: number | null
    charged: number
  }
  const rows = statement<[object], Row>(
    database,
    `SELECT f.refund_status AS refundStatus, c.dismissed_at AS dismissedAt, c.refunded, -sum(t.amount) AS charged
     FROM credit_transactions t
     LEFT JOIN refund_cases c ON c.case_id = t.case_id
     LEFT JOIN case_facets f ON f.facet_id = c.facet_id
     WHERE +t.account_id = @accountId AND t.row_id >= @from AND t.kind = 'charge'
       AND (@agent IS NULL OR coalesce(t.agent, f.agent) = @agent)
     GROUP BY coalesce(t.case_id, -1)`,
  ).all({ accountId, from: firstRowId(from), agent: agent ?? null })
  for (const row of rows) {
    if (row.refundStatus === null) {
      flow.notGeneration += row.charged
      continue
    }
    const refunded = Math.min(row.refunded ?? 0, row.charged)
    flow.refunded += refunded
    flow[flowSegmentOf(row.refundStatus, row.dismissedAt !== null)] += row.charged - refunded
  }
  return flow
}

/** The cases whose refund or result may still arrive in time. */
export function waitingCases(database: Readable, accountId: number, agent: Agent | undefined): Overview['waiting'] {
  const total = (refundStatuses: readonly RefundStatus[]) =>
    totalOf(caseFacets(database, accountId, { agent, refundStatuses }))
  const pending = total(awaitingRefundStatuses)
  const running = total(awaitingResultStatuses)
  const nextDueAt = scalar<[object], number>(
    database,
    `SELECT c.due_at FROM refund_cases c JOIN case_facets f ON f.facet_id = c.facet_id
     WHERE c.account_id = @accountId AND c.due_at IS NOT NULL AND f.refund_status = 'refund_pending'
       AND (@agent IS NULL OR f.agent = @agent)
     ORDER BY c.due_at LIMIT 1`,
  ).get({ accountId, agent: agent ?? null })
  return {
    pending: pending.cases,
    pendingCredits: pending.charged - pending.refunded,
    nextDueAt: nextDueAt ?? null,
    running: running.cases,
    runningCredits: running.charged - running.refunded,
  }
}

/** The newest jobs with results. */
export function newestResults(
  database: Readable,
  accountId: number,
  agent: Agent | undefined,
  limit: number,
): JobItem[] {
  const filter: JobFilter = { agent, outcomes: ['succeeded'] }
  const { rows } = listJobs(database, accountId, filter, aboveAllIds, limit * 2)
  const withResults = rows.filter((row) => row.resultCount > 0)
  return toJobItems(database, withResults.slice(0, limit))
}

export const countAllJobs = (database: Readable, accountId: number, agent: Agent | undefined): number =>
  totalOf(jobFacets(database, accountId, { agent })).cases

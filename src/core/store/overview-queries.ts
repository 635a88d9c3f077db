/** Reads for the Overview screen: totals of `case_facets`, and the newest results. */
import { awaitingRefundStatuses, awaitingResultStatuses } from '../../shared/status-sets.ts'
import type { Agent, RefundStatus } from '../../shared/values.ts'
import type { JobItem, Overview } from '../../shared/views.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import type { AccountScope } from './accounts/account-scope.ts'
import { caseFacets, jobFacets, totalOf } from './cases/case-facets.ts'
import type { Readable } from './handles.ts'
import { toJobItems } from './jobs/job-items.ts'
import { type JobFilter, listJobs } from './jobs/job-queries.ts'
import { scalar } from './statement.ts'

/** The cases whose refund or result may still arrive in time. */
export function waitingCases(
  database: Readable,
  accounts: readonly number[],
  agent: Agent | undefined,
): Overview['waiting'] {
  const total = (refundStatuses: readonly RefundStatus[]) =>
    totalOf(caseFacets(database, accounts, { agent, refundStatuses }))
  const pending = total(awaitingRefundStatuses)
  const running = total(awaitingResultStatuses)
  const nextDue = scalar<[object], number>(
    database,
    `SELECT c.due_at FROM refund_cases c JOIN case_facets f ON f.facet_id = c.facet_id
     WHERE c.account_id = @accountId AND c.due_at IS NOT NULL AND f.refund_status = 'refund_pending'
       AND (@agent IS NULL OR f.agent = @agent)
     ORDER BY c.due_at LIMIT 1`,
  )
  const dueTimes = accounts.flatMap((accountId) => nextDue.get({ accountId, agent: agent ?? null }) ?? [])
  return {
    pending: pending.cases,
    pendingCredits: pending.charged - pending.refunded,
    nextDueAt: dueTimes.length > 0 ? Math.min(...dueTimes) : null,
    running: running.cases,
    runningCredits: running.charged - running.refunded,
  }
}

/** The newest jobs with results. */
export function newestResults(
  database: Readable,
  { ids: accounts, nameOf }: AccountScope,
  agent: Agent | undefined,
  limit: number,
): JobItem[] {
  const filter: JobFilter = { agent, outcomes: ['succeeded'] }
  const { rows } = listJobs(database, accounts, filter, aboveAllIds, limit * 2)
  const withResults = rows.filter((row) => row.resultCount > 0)
  return toJobItems(database, withResults.slice(0, limit), nameOf)
}

export const countAllJobs = (database: Readable, accounts: readonly number[], agent: Agent | undefined): number =>
  totalOf(jobFacets(database, accounts, { agent })).cases

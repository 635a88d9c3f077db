/** Refunds without ids and charges without a job: the records that they may belong to, and the cases that depend on them. */
import { openStatuses } from '../../shared/status-sets.ts'
import { dayMs } from '../domain/days.ts'
import { casesPerRow, firstRowId, jobCaseId, rowIdOfCase, timeOfRowId } from '../domain/ledger.ts'
import { concernsUnnamedRefunds } from '../domain/linking.ts'
import {
  jobWindow,
  mayBeRefundOf,
  type OpenCase,
  possibleJobs,
  presumedCases,
  refundWindow,
  type UnchargedJob,
  type UnnamedRefund,
  type Work,
} from '../domain/possible-links.ts'
import { caseFacets } from './case-facets.ts'
import type { Changes } from './changes.ts'
import { newestOfFacets } from './facets.ts'
import type { Readable, Writable } from './handles.ts'
import { isUnnamed, type LinkRow, linkColumns, moveToCase } from './linking.ts'
import { caseOfJob, isCaseOfCharge, isCaseOfJob, isFromService } from './schema/views.ts'
import { scalar, statement } from './statement.ts'

/** The jobs near a charge without a job that it may have paid for (rule L10). */
export function jobsNear(database: Readable, accountId: number, charge: Work & { at: number }): UnchargedJob[] {
  const jobs = statement<[object], Omit<UnchargedJob, 'isDelivered'> & { delivered: number }>(
    database,
    `SELECT j.row_id AS rowId, j.id, j.agent, j.kind, j.model, j.chat_id AS chatId, j.created_at AS createdAt,
       coalesce(j.finished_at, j.end_seen_at, j.created_at) AS endedAt,
       j.status = 'succeeded' AND j.result_count > 0 AS delivered
     FROM jobs j JOIN refund_cases c ON c.case_id = ${caseOfJob('j.row_id')}
     WHERE +j.account_id = @accountId AND j.row_id >= @from AND j.row_id < @below AND j.${isFromService}
       AND c.charged = 0`,
  ).all({
    accountId,
    from: firstRowId(charge.at - jobWindow.before),
    below: firstRowId(charge.at + jobWindow.after + 1),
  })
  return possibleJobs(
    charge,
    jobs.map(({ delivered, ...job }) => ({ ...job, isDelivered: delivered === 1 })),
  )
}

/** A job without a charge, and the times within which a charge for it may have been written; times in epoch ms. */
interface JobSpan {
  rowId: number
  createdAt: number
  endedAt: number
}

/** The jobs without a charge among the jobs of these cases. */
export const unchargedJobs = (database: Readable, caseIds: Iterable<number>): JobSpan[] =>
  statement<[string], JobSpan>(
    database,
    `SELECT j.row_id AS rowId, j.created_at AS createdAt, coalesce(j.finished_at, j.end_seen_at, j.created_at) AS endedAt
     FROM json_each(?) i CROSS JOIN refund_cases c ON c.case_id = i.value JOIN jobs j ON j.row_id = c.case_id / ${casesPerRow}
     WHERE c.charged = 0 AND ${isCaseOfJob('c.case_id')} AND j.${isFromService}`,
  ).all(JSON.stringify([...caseIds]))

/** The cases of charges without a job that may have paid for one of these jobs, by time. */
export function chargesNear(database: Readable, accountId: number, jobs: readonly JobSpan[]): number[] {
  if (jobs.length === 0) return []
  const facets = caseFacets(database, accountId, { outcomes: ['no_job'] }).map(({ facetId }) => facetId)
  if (facets.length === 0) return []
  const spans = jobs.map(({ createdAt, endedAt }) => ({
    from: createdAt - jobWindow.after,
    to: Math.min(endedAt + jobWindow.after, createdAt + jobWindow.before),
  }))
  const from = firstCaseId(spans.reduce((least, span) => Math.min(least, span.from), Number.POSITIVE_INFINITY))
  const below = firstCaseId(spans.reduce((most, span) => Math.max(most, span.to), 0) + 1)
  return [...newestOfFacets(database, 'refund_cases', facets, { from, below })].filter((caseId) => {
    const at = timeOf(caseId)
    return spans.some((span) => at >= span.from && at <= span.to)
  })
}

/** A job that runs for longer and is charged at its end gets no refund without ids. */
const longestJob = 7 * dayMs

const timeOf = (caseId: number): number => timeOfRowId(rowIdOfCase(caseId))
const firstCaseId = (time: number): number => jobCaseId(firstRowId(time))

/** SQL that holds for a row of `credit_transactions t` whose whole amount a listed row that reverses it took again. */
const isTakenAgain = `EXISTS (SELECT 1 FROM credit_transactions a WHERE a.account_id = t.account_id AND a.reverses = t.id
  AND a.kind <> 'charge' AND a.amount = -t.amount AND a.retracted_at IS NULL)`

/**
 * Refunds without ids of one amount that the service lists, that were not taken again, and that were written within a range
 * of times, oldest first.
 */
const unnamedRefunds = (
  database: Readable,
  accountId: number,
  amount: number,
  from = 0,
  to = lastTime,
): Iterable<UnnamedRefund> =>
  statement<[object], UnnamedRefund>(
    database,
    `SELECT row_id AS rowId, id, amount, occurred_at AS at, feature AS kind, agent, model
     FROM credit_transactions t WHERE account_id = @accountId AND amount = @amount AND ${isUnnamed} AND retracted_at IS NULL
       AND row_id >= @from AND row_id < @below AND NOT ${isTakenAgain} ORDER BY row_id`,
  ).iterate({ accountId, amount, from: firstRowId(from), below: firstRowId(to + 1) })

/** Later than every row id. */
const lastTime = Date.UTC(2100, 0, 1)

/** The first `most` refunds without ids that may give this amount of a case back. */
export function refundsThatFit(database: Readable, accountId: number, open: OpenCase, most: number): UnnamedRefund[] {
  const found: UnnamedRefund[] = []
  const { chargedAt } = open
  for (const refund of unnamedRefunds(database, accountId, open.open, chargedAt, chargedAt + refundWindow)) {
    if (mayBeRefundOf(refund, open) && found.push(refund) === most) break
  }
  return found
}

/** Finds the amounts of a case that refunds without ids may give back. */
export type FindOpen = (caseId: number) => OpenCase[]

/**
 * Moves refunds without ids into the cases to which they may belong (rule L9), after the cases of `changes` were decided.
 * Returns the cases that depend on these refunds; the caller decides them again.
 */
export function linkUnnamedRefunds(
  database: Writable,
  accountId: number,
  changes: Changes,
  findOpen: FindOpen,
): Set<number> {
  const dependent = new Set<number>()
  const amounts = [...changedAmounts(database, accountId, changes, findOpen)]
  const rows = statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions
     WHERE account_id = @accountId AND amount IN (SELECT value FROM json_each(@amounts)) AND ${isUnnamed}`,
  ).all({ accountId, amounts: JSON.stringify(amounts) })
  // Retracted and removed refunds, too: cases that they fitted depend on them.
  const times = [...rows.map(({ amount, occurredAt }) => ({ amount, at: occurredAt })), ...changes.removedRefunds]
  const openByAmount = openCasesByAmount(database, accountId, times, findOpen, changes.cases)
  const assigned = new Map<number, number>()
  for (const amount of amounts) {
    const open = openByAmount.get(amount) ?? []
    for (const { caseId } of open) dependent.add(caseId)
    for (const link of presumedCases([...unnamedRefunds(database, accountId, amount)], open)) assigned.set(...link)
  }
  for (const row of rows) {
    if (row.caseId !== null) dependent.add(row.caseId)
    moveToCase(database, row, assigned.get(row.rowId) ?? null, changes)
  }
  return dependent
}

/** The amounts of all refunds without ids of an account. */
export const unnamedRefundAmounts = (database: Readable, accountId: number): number[] =>
  scalar<[number], number>(
    database,
    `WITH RECURSIVE amounts (amount) AS (
       SELECT 0
       UNION ALL
       SELECT (SELECT min(t.amount) FROM credit_transactions t
               WHERE t.account_id = ? AND t.amount > amounts.amount AND ${isUnnamed}) FROM amounts WHERE amount IS NOT NULL)
     SELECT amount FROM amounts WHERE amount > 0`,
  ).all(accountId)

/** The amounts of refunds without ids whose cases may have changed. */
function changedAmounts(database: Readable, accountId: number, changes: Changes, findOpen: FindOpen): Set<number> {
  const known = new Set(unnamedRefundAmounts(database, accountId))
  const amounts = new Set([...changes.unnamedRefunds, ...changes.removedRefunds.map(({ amount }) => amount)])
  if (known.size === 0) return amounts
  for (const row of changes.insertedCredits) if (concernsUnnamedRefunds(row)) amounts.add(Math.abs(row.amount))
  const assigned = scalar<[number], number>(
    database,
    `SELECT amount FROM credit_transactions WHERE case_id = ? AND ${isUnnamed}`,
  )
  for (const caseId of changes.cases) {
    for (const amount of assigned.all(caseId)) amounts.add(amount)
    for (const { open } of findOpen(caseId)) if (known.has(open)) amounts.add(open)
  }
  return amounts
}

/**
 * The open cases to which some refunds may belong by amount and time, whether or not one is counted in them, by amount. All
 * that is outstanding, a charge, or a share of the results may be of the amount; a counted refund of any amount may have
 * left less.
 */
export function openCasesByAmount(
  database: Readable,
  accountId: number,
  refunds: readonly Pick<UnnamedRefund, 'amount' | 'at'>[],
  findOpen: FindOpen,
  changed: Iterable<number> = [],
): Map<number, OpenCase[]> {
  if (refunds.length === 0) return new Map()
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { at } of refunds) {
    first = Math.min(first, at)
    last = Math.max(last, at)
  }
  const facets = caseFacets(database, accountId, { refundStatuses: openStatuses }).map(({ facetId }) => facetId)
  const caseIds = scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases
     WHERE facet_id IN (SELECT value FROM json_each(@facets)) AND case_id >= @from AND case_id < @below
       AND (charged - refunded IN (SELECT value FROM json_each(@amounts)) OR ${isCaseOfCharge('case_id')}
         OR EXISTS (SELECT 1 FROM credit_transactions t WHERE t.case_id = refund_cases.case_id
           AND (t.kind = 'charge' AND -t.amount IN (SELECT value FROM json_each(@amounts)) OR ${isUnnamed}))
         OR EXISTS (SELECT 1 FROM jobs j WHERE j.row_id = case_id / ${casesPerRow} AND j.result_count > 0
           AND j.result_count < j.requested_results))`,
  ).all({
    facets: JSON.stringify(facets),
    amounts: JSON.stringify([0, ...new Set(refunds.map(({ amount }) => amount))]),
    // A job is charged after its creation, at the latest when it ends.
    from: firstCaseId(first - refundWindow - longestJob),
    below: firstCaseId(last + 1),
  })
  const open = [...new Set([...caseIds, ...changed])].flatMap(findOpen)
  return Map.groupBy(open, (found) => found.open)
}

/** The case in which each refund without ids must count, by row id. `verify` compares the stored links with it. */
export function expectedUnnamedLinks(database: Readable, accountId: number, findOpen: FindOpen): Map<number, number> {
  const refunds = unnamedRefundAmounts(database, accountId).flatMap((amount) => [
    ...unnamedRefunds(database, accountId, amount),
  ])
  const openByAmount = openCasesByAmount(database, accountId, refunds, findOpen)
  const links = [...Map.groupBy(refunds, ({ amount }) => amount)].flatMap(([amount, some]) => [
    ...presumedCases(some, openByAmount.get(amount) ?? []),
  ])
  return new Map(links)
}

/** Refunds that name no case, or a job that was paid for with others: the cases in which they count. */
import { openStatuses } from '../../../shared/status-sets.ts'
import { dayMs } from '../../domain/days.ts'
import { casesPerRow, isChargeCase } from '../../domain/ledger.ts'
import { concernsUnnamedRefunds } from '../../domain/linking.ts'
import { type OpenCase, presumedCases, refundWindow, type UnnamedRefund } from '../../domain/possible-links.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { isCaseOfCharge, isCaseOfJob } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { caseFacets } from './case-facets.ts'
import { isUnnamed, type LinkRow, linkColumns } from './link-rows.ts'
import { linkTransactions, moveToCase } from './linking.ts'
import { firstCaseId, isCharged, jobsAroundCharges } from './near-jobs.ts'
import { unnamedRefundAmounts, unnamedRefunds } from './unnamed-refunds.ts'

/** If a job is charged later than this after its creation, no refund without ids counts in its case; it still disproves "missing". */
export const longestJob = 7 * dayMs

/**
 * Links refunds again that name a job near one of the charges of `changes`, or that count in such a charge (rule L13). Returns the
 * cases that they left and joined; the caller decides them.
 */
export function linkMemberRefunds(database: Writable, accountId: number, changes: Changes): Set<number> {
  const charges = [...changes.cases].filter(isChargeCase)
  const rows = statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions t
     WHERE row_id IN (SELECT row_id FROM credit_transactions WHERE case_id IN (SELECT value FROM json_each(@charges))
         UNION ALL SELECT n.row_id FROM json_each(@jobs) i JOIN jobs j ON j.row_id = i.value
           JOIN credit_transactions n ON n.account_id = j.account_id AND n.job_id = j.id AND n.kind <> 'charge')
       AND kind <> 'charge' AND amount > 0
       AND EXISTS (SELECT 1 FROM jobs m WHERE m.account_id = t.account_id AND m.agent IN ('agent-1', 'agent-2') AND m.id = t.job_id)`,
  ).all({ charges: JSON.stringify(charges), jobs: JSON.stringify(jobsAroundCharges(database, accountId, charges)) })
  const moved = { relinkedCredits: changes.relinkedCredits, cases: new Set<number>() }
  linkTransactions(database, accountId, rows, moved)
  return moved.cases
}

/** The cases of jobs without a charge that got credits back: once all charges are read, rule L13 may move their refunds. */
export const refundedUncharged = (database: Readable, accountId: number): number[] =>
  scalar<[number], number>(
    database,
    `SELECT DISTINCT case_id FROM credit_transactions t
     WHERE account_id = ? AND job_id IS NOT NULL AND kind <> 'charge' AND amount > 0 AND ${isCaseOfJob('case_id')}
       AND NOT ${isCharged('t.case_id')}`,
  ).all(accountId)

/** Finds the amounts of some cases that refunds without ids may give back. */
export type FindOpen = (caseIds: readonly number[]) => OpenCase[]

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
  const times = [
    ...rows.map(({ amount, occurredAt, kind }) => ({ amount, at: occurredAt, isRefund: kind === 'refund' })),
    ...changes.removedRefunds.map((removed) => ({ ...removed, isRefund: true })),
  ]
  const openByAmount = openCasesByAmount(database, accountId, times, findOpen, changes.cases)
  const assigned = new Map<number, number>()
  for (const amount of amounts) {
    const open = openByAmount.get(amount) ?? []
    for (const { caseId } of open) dependent.add(caseId)
    for (const link of presumedCases(unnamedRefunds(database, accountId, amount), open)) assigned.set(...link)
  }
  for (const row of rows) {
    if (row.caseId !== null) dependent.add(row.caseId)
    moveToCase(database, row, assigned.get(row.rowId) ?? null, changes)
  }
  return dependent
}

/** The facets of the cases that are not settled. */
export const openFacets = (database: Readable, accountId: number): number[] =>
  caseFacets(database, [accountId], { refundStatuses: openStatuses }).map(({ facetId }) => facetId)

/** The amounts of refunds without ids whose cases may have changed. */
function changedAmounts(database: Readable, accountId: number, changes: Changes, findOpen: FindOpen): Set<number> {
  const known = new Set(unnamedRefundAmounts(database, accountId))
  const amounts = new Set([...changes.unnamedRefunds, ...changes.removedRefunds.map(({ amount }) => amount)])
  if (known.size === 0) return amounts
  for (const row of [...changes.insertedCredits, ...changes.linkedCharges])
    if (concernsUnnamedRefunds(row)) amounts.add(Math.abs(row.amount))
  const cases = JSON.stringify([...changes.cases])
  const assigned = scalar<[string], number>(
    database,
    `SELECT DISTINCT amount FROM credit_transactions WHERE case_id IN (SELECT value FROM json_each(?)) AND ${isUnnamed}`,
  )
  for (const amount of assigned.all(cases)) amounts.add(amount)
  const open = scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases
     WHERE case_id IN (SELECT value FROM json_each(@cases)) AND facet_id IN (SELECT value FROM json_each(@facets))`,
  )
  const changed = open.all({ cases, facets: JSON.stringify(openFacets(database, accountId)) })
  for (const { open } of findOpen(changed)) if (known.has(open)) amounts.add(open)
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
  refunds: readonly Pick<UnnamedRefund, 'amount' | 'at' | 'isRefund'>[],
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
  // A job is charged after its creation, at the latest when it ends.
  const range = { from: firstCaseId(first - refundWindow - longestJob), below: firstCaseId(last + dayMs) }
  const caseIds = scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases
     WHERE facet_id IN (SELECT value FROM json_each(@facets)) AND case_id >= @from AND case_id < @below
       AND (charged - refunded IN (SELECT value FROM json_each(@amounts)) OR @shares AND ${isCaseOfCharge('case_id')}
         OR EXISTS (SELECT 1 FROM credit_transactions t WHERE t.case_id = refund_cases.case_id
           AND (t.kind = 'charge' AND -t.amount IN (SELECT value FROM json_each(@amounts)) OR ${isUnnamed}))
         OR @shares AND EXISTS (SELECT 1 FROM jobs j WHERE j.row_id = case_id / ${casesPerRow} AND j.result_count > 0
           AND j.result_count < j.requested_results))`,
  ).all({
    facets: JSON.stringify(openFacets(database, accountId)),
    amounts: JSON.stringify([0, ...new Set(refunds.map(({ amount }) => amount))]),
    // Any open case of a charge, and any job without some results, may have a share of the amount.
    shares: refunds.some(({ isRefund }) => isRefund) ? 1 : 0,
    ...range,
  })
  const inRange = [...changed].filter((caseId) => caseId >= range.from && caseId < range.below)
  return Map.groupBy(findOpen([...new Set([...caseIds, ...inRange])]), ({ open }) => open)
}

/** The case in which each refund without ids must count, by row id. `verify` compares the stored links with it. */
export function expectedUnnamedLinks(database: Readable, accountId: number, findOpen: FindOpen): Map<number, number> {
  const refunds = unnamedRefundAmounts(database, accountId).flatMap((amount) =>
    unnamedRefunds(database, accountId, amount),
  )
  const openByAmount = openCasesByAmount(database, accountId, refunds, findOpen)
  const links = [...Map.groupBy(refunds, ({ amount }) => amount)].flatMap(([amount, some]) => [
    ...presumedCases(some, openByAmount.get(amount) ?? []),
  ])
  return new Map(links)
}

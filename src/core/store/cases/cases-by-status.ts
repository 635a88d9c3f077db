/** The cases that some change may decide, found by their status. */
import { lostStatuses, openStatuses, unprovenStatuses } from '../../../shared/status-sets.ts'
import type { RefundReason, RefundStatus } from '../../../shared/values.ts'
import type { Readable, Writable } from '../handles.ts'
import { saveReach } from '../ledger/balance-jumps.ts'
import { scalar } from '../statement.ts'
import { caseFacets } from './case-facets.ts'
import { openAmountsOf, unlinkedRefundsOf } from './cases.ts'

/** The cases with one of these statuses and, if given, this reason. */
const casesWith = (
  database: Readable,
  accountId: number,
  statuses: readonly RefundStatus[],
  reason: RefundReason | null = null,
): number[] =>
  caseFacets(database, [accountId], { refundStatuses: statuses }).flatMap((facet) =>
    scalar<[object], number>(
      database,
      'SELECT case_id FROM refund_cases WHERE facet_id = @facetId AND (@reason IS NULL OR reason = @reason)',
    ).all({ facetId: facet.facetId, reason }),
  )

/** The ids of the unlinked refunds for which some case says that it may have been refunded (L14). */
export function possibleReturns(database: Readable, accountId: number): ReadonlySet<string> {
  const unlinked = unlinkedRefundsOf(database, accountId)
  const cases = casesWith(database, accountId, ['needs_review'], 'possible_refund')
  const refunds = cases.flatMap((caseId) => unlinked.of(caseId, openAmountsOf(database, accountId, [caseId])).refunds)
  return new Set(refunds.map(({ id }) => id))
}

/** The cases of charges that are proven to have no job. */
export const lostCharges = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, ['result_missing'], 'no_job')

/** The cases that are not settled. */
export const openCases = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, openStatuses)

/** The cases that a sync of a stream may decide. */
export const unprovenCases = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, unprovenStatuses)

const overRefundedCases = (database: Readable, accountId: number): number[] =>
  casesWith(database, accountId, ['needs_review', ...unprovenStatuses], 'over_refunded')

/** The cases that a shorter list may decide. */
export const casesOfLists = (database: Readable, accountId: number): number[] => [
  ...balanceCases(database, accountId),
  ...overRefundedCases(database, accountId),
]

/** The cases that the stated balance or an unreadable record may decide: their proof is the whole history. */
export const balanceCases = (database: Readable, accountId: number): number[] => [
  ...casesWith(database, accountId, [...lostStatuses, ...unprovenStatuses]),
  ...casesWith(database, accountId, ['needs_review'], 'partly_delivered'),
]

/** Computes the reach of the history again. If it changed, adds the cases that depend on it to `cases`. */
export function updateReach(database: Writable, accountId: number, cases: Set<number>): void {
  if (!saveReach(database, accountId)) return
  for (const caseId of balanceCases(database, accountId)) cases.add(caseId)
}

/** The records that a case may belong to although no row names it, as the page of the case shows them. */
import type { CaseItem, PossibleLinks } from '../../../shared/views.ts'
import { isChargeCase, rowIdOfCase } from '../../domain/ledger.ts'
import { mayBeRefundOf, type UnnamedRefund } from '../../domain/possible-links.ts'
import type { Readable } from '../handles.ts'
import { toJobItems } from '../jobs/job-items.ts'
import { ledgerRows } from '../ledger/ledger-queries.ts'
import type { AccountRow, CaseRow, JobRow } from '../schema/views.ts'
import { statement } from '../statement.ts'
import { toCaseItem } from './case-queries.ts'
import { openAmountsOf, unlinkedRefundsOf } from './cases.ts'
import { jobsOfCharge, loneCharge } from './near-jobs.ts'
import { openCasesByAmount } from './possible-links.ts'
import { fittingRefunds } from './unnamed-refunds.ts'

/** A page shows at most this many records of each sort. */
const shown = 10

/** The possible links of a case. All lists are empty if ids link everything. */
export function possibleLinks(
  database: Readable,
  account: AccountRow,
  { caseId, reason }: Pick<CaseRow, 'caseId' | 'reason'>,
): PossibleLinks {
  const { accountId } = account
  const open = openAmountsOf(database, accountId, [caseId])
  const findFitting = fittingRefunds(database, accountId)
  const fitting = open.flatMap((amount) => findFitting(amount, shown))
  const unnamed = [...new Map(fitting.map((refund) => [refund.rowId, refund])).values()].slice(0, shown)
  // An unlinked refund says something only about a case that would be called missing.
  const isUnlinked = unnamed.length === 0 && reason === 'possible_refund'
  const unlinked = isUnlinked ? unlinkedRefundsOf(database, accountId).of(caseId, open) : { refunds: [], cases: [] }
  const refunds = [...unnamed, ...unlinked.refunds.slice(0, shown)]
  return {
    refunds: ledgerRows(
      database,
      account,
      refunds.map(({ rowId }) => rowId),
    ),
    cases: refunds.length > 0 ? rivalCases(database, accountId, caseId, refunds) : [],
    together: caseItems(
      database,
      unlinked.cases.map((other) => other.caseId),
    ),
    jobs: isChargeCase(caseId) ? possibleJobs(database, accountId, caseId) : [],
  }
}

/** Other cases to which the same refunds may belong. */
function rivalCases(
  database: Readable,
  accountId: number,
  caseId: number,
  refunds: readonly UnnamedRefund[],
): PossibleLinks['cases'] {
  const find = (ids: readonly number[]) => openAmountsOf(database, accountId, ids)
  const fitting = [...openCasesByAmount(database, accountId, refunds, find).values()]
    .flat()
    .filter((found) => found.caseId !== caseId && refunds.some((refund) => mayBeRefundOf(refund, found)))
  return caseItems(database, [...new Set(fitting.map((found) => found.caseId))])
}

function caseItems(database: Readable, caseIds: readonly number[]): CaseItem[] {
  const row = statement<[number], CaseRow>(database, 'SELECT * FROM v_cases WHERE caseId = ?')
  return caseIds.slice(0, shown).map((caseId) => toCaseItem(database, row.get(caseId) as CaseRow))
}

function possibleJobs(database: Readable, accountId: number, caseId: number): PossibleLinks['jobs'] {
  const charge = loneCharge(database, rowIdOfCase(caseId))
  if (!charge) return []
  const row = statement<[number], JobRow>(database, 'SELECT * FROM v_jobs WHERE rowId = ?')
  const near = jobsOfCharge(database, accountId, charge).slice(0, shown)
  return toJobItems(
    database,
    near.map(({ rowId }) => row.get(rowId) as JobRow),
  )
}

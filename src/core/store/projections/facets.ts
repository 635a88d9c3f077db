/** The projection of facets: the combination of filterable values to which each case and each ledger row belongs. */
import type { Agent, RefundStatus } from '../../../shared/values.ts'
import { isChargeCase, jobCaseId, rowIdOfCase } from '../../domain/ledger.ts'
import { caseFacetIds } from '../cases/case-facets.ts'
import { caseValues } from '../cases/cases.ts'
import { type LinkRow, linkColumns } from '../cases/link-rows.ts'
import type { Readable, Writable } from '../handles.ts'
import { ledgerFacetIds } from '../ledger/ledger-facets.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'
import { caseIdBelow, recordCount, recordSliceStart } from './slices.ts'

/** Jobs, ledger rows and cases of one slice: about 3 ms. */
const sliceRows = 500

/** `apply` handles only ledger rows that moved to another case; a case gets its facet together with its verdict. */
export const facets: Projection = {
  name: 'facets',
  version: 1,
  apply(database, { accountId }, { relinkedCredits, linkedCharges }) {
    relinkedFacets(database, accountId, [...linkedCharges, ...relinkedCredits])
    return 0
  },
  rebuild(database, before) {
    const from = recordSliceStart(database, before, sliceRows)
    const credits = statement<[number, number], LinkRow & { accountId: number }>(
      database,
      `SELECT account_id AS accountId, ${linkColumns} FROM credit_transactions WHERE row_id >= ? AND row_id < ?`,
    ).all(from, before)
    for (const [accountId, rows] of Map.groupBy(credits, (row) => row.accountId)) {
      setLedgerFacets(database, accountId, rows)
    }
    const cases = rebuildCaseFacets(database, jobCaseId(from), caseIdBelow(before))
    return { next: from === 0 ? null : from, rows: credits.length + cases, changed: 0 }
  },
  total: (database) => recordCount(database, '*'),
}

/** Sets the facets of moved rows: a row that names no agent has that of its case. */
export const relinkedFacets = (database: Writable, accountId: number, rows: readonly LinkRow[]): void =>
  setLedgerFacets(
    database,
    accountId,
    rows.filter((row) => row.agent === null),
  )

function setLedgerFacets(database: Writable, accountId: number, rows: readonly LinkRow[]): void {
  const facetId = ledgerFacetIds(database, accountId)
  const save = statement<[object]>(
    database,
    'UPDATE credit_transactions SET facet_id = @facetId WHERE row_id = @rowId AND facet_id <> @facetId',
  )
  for (const row of rows) {
    const agent = row.agent ?? (row.caseId === null ? null : agentOfCase(database, row.caseId))
    save.run({ rowId: row.rowId, facetId: facetId({ ...row, agent }) })
  }
}

/** The agent of a case's job; of a charge without a job, the agent that the charge names. */
const agentOfCase = (database: Readable, caseId: number): Agent | null =>
  scalar<[number], Agent | null>(
    database,
    `SELECT agent FROM ${isChargeCase(caseId) ? 'credit_transactions' : 'jobs'} WHERE row_id = ?`,
  ).get(rowIdOfCase(caseId)) ?? null

/** Finds the facet of each case again from its record and its stored refund status. Returns how many cases it read. */
function rebuildCaseFacets(database: Writable, from: number, below: number): number {
  const cases = statement<[number, number], { caseId: number; accountId: number; refundStatus: RefundStatus }>(
    database,
    `SELECT c.case_id AS caseId, c.account_id AS accountId, f.refund_status AS refundStatus
     FROM refund_cases c JOIN case_facets f ON f.facet_id = c.facet_id WHERE c.case_id >= ? AND c.case_id < ?`,
  ).all(from, below)
  const save = statement<[object]>(
    database,
    'UPDATE refund_cases SET facet_id = @facetId WHERE case_id = @caseId AND facet_id <> @facetId',
  )
  for (const [accountId, rows] of Map.groupBy(cases, (row) => row.accountId)) {
    const facetId = caseFacetIds(database, accountId)
    for (const { caseId, refundStatus } of rows) {
      const values = caseValues(database, accountId, caseId)
      if (values) save.run({ caseId, facetId: facetId({ ...values, refundStatus }) })
    }
  }
  return cases.length
}

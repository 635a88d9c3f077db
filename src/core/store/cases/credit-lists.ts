/** Reads how far the credit history of the service reached back: it proves nothing about rows that it never listed. */
import { fewestOldRecords } from '../../domain/job-lists.ts'
import { firstImportedRowId, firstRowId, isChargeCase, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import { jobWindow, refundWindow } from '../../domain/possible-links.ts'
import { listedAgainFrom } from '../../domain/shortenings.ts'
import type { Readable } from '../handles.ts'
import { ledgerFacets } from '../ledger/ledger-facets.ts'
import { isFromService } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { readShortenings } from '../streams.ts'

/** The time of the oldest ledger row that the service ever listed; null if there is none. */
export function oldestCredit(database: Readable, accountId: number): number | null {
  const first = scalar<[string], number | null>(
    database,
    `SELECT min((SELECT min(row_id) FROM credit_transactions WHERE facet_id = value
       AND row_id % ${firstRowId(1)} < ${firstImportedRowId(0)})) FROM json_each(?)`,
  ).get(JSON.stringify(ledgerFacets(database, [accountId]).map(({ facetId }) => facetId)))
  return first == null ? null : timeOfRowId(first)
}

/** Finds what the credit history lacks for a case. Remembers what it read, so use it for one decision of many cases only. */
export function creditLists(database: Readable, accountId: number) {
  const shortenings = readShortenings(database, accountId)('credits')
  let begin: number | null | undefined

  /** When the credit history begins, if it was short from the first reading on: several jobs are older than all of its rows. */
  function shortBegin(): number | null {
    if (begin !== undefined) return begin
    const at = oldestCredit(database, accountId)
    const older = scalar<[object], number>(
      database,
      `SELECT count(*) FROM (SELECT 1 FROM jobs WHERE +account_id = @accountId AND row_id < @below AND ${isFromService}
         LIMIT ${fewestOldRecords})`,
    ).get({ accountId, below: at === null ? 0 : firstRowId(at - jobWindow.after) })
    begin = older === fewestOldRecords ? at : null
    return begin
  }

  return {
    /** From when on the service lists credits again, if a refund of the case may be among those that it never listed; else null. */
    refundsFrom(caseId: number): number | null {
      if (shortenings.length === 0) return null
      const charged = statement<[number], { first: number | null; last: number; taken: number }>(
        database,
        `SELECT min(occurred_at) AS first, max(occurred_at) AS last, max(kind <> 'charge') AS taken FROM credit_transactions
         WHERE case_id = ? AND amount < 0`,
      ).get(caseId)
      if (charged?.first == null) return null
      // Credits that were taken again came before: their refund may be as old as the job.
      const first = charged.taken === 1 ? Math.min(charged.first, timeOfRowId(rowIdOfCase(caseId))) : charged.first
      return listedAgainFrom(shortenings, first, charged.last + refundWindow)
    },
    /** From when on the service lists credits, if a charge of the job may be among those that it never listed; else null. */
    chargesFrom(caseId: number): number | null {
      if (isChargeCase(caseId)) return null
      const createdAt = timeOfRowId(rowIdOfCase(caseId))
      const last = scalar<[number], number | null>(
        database,
        'SELECT max(occurred_at) FROM credit_transactions WHERE case_id = ?',
      ).get(caseId)
      const again = listedAgainFrom(shortenings, createdAt - jobWindow.after, last ?? createdAt)
      const begins = shortBegin()
      return again ?? (begins !== null && createdAt + jobWindow.after < begins ? begins : null)
    },
  }
}

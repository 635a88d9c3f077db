/** The records of cases, read for many cases at once: their ledger rows, and their jobs. */
import type { CaseRow } from '../../domain/case-credits.ts'
import { isChargeCase, rowIdOfCase } from '../../domain/ledger.ts'
import type { Work } from '../../domain/possible-links.ts'
import type { CaseFacts } from '../../domain/refund-status.ts'
import type { Readable } from '../handles.ts'
import { statement } from '../statement.ts'
import { isUnnamed } from './link-rows.ts'

/** The job of a case. */
export interface CaseJob
  extends Work,
    Pick<CaseFacts, 'failureOrigin' | 'resultCount' | 'requestedResults' | 'createdAt' | 'finishedAt'> {
  id: string
  status: string
  listingEpoch: number
}

export interface CaseRecords {
  /** The ledger rows that count in one of the cases. */
  rowsOf(caseId: number): readonly CaseRow[]
  /** The job of one of the cases; undefined if it is not stored. */
  jobOf(caseId: number): CaseJob | undefined
}

interface CreditRow extends Omit<CaseRow, 'isRetracted' | 'isUnnamed'> {
  caseId: number
  retractedAt: number | null
  unnamed: number
}

/** Cases whose records are read at once. */
export const readAtOnce = 500

export function recordsOfCases(database: Readable, caseIds: readonly number[]): CaseRecords {
  const credits = statement<[string], CreditRow>(
    database,
    `SELECT case_id AS caseId, t.id, kind, amount, reverses, occurred_at AS occurredAt, expires_at AS expiresAt, retracted_at AS retractedAt,
       ${isUnnamed} AS unnamed FROM json_each(?) i CROSS JOIN credit_transactions t ON t.case_id = i.value`,
  ).all(JSON.stringify(caseIds))
  const jobs = statement<[string], CaseJob & { rowId: number }>(
    database,
    `SELECT row_id AS rowId, j.id, agent, kind, model, status, failure_origin AS failureOrigin, result_count AS resultCount,
       requested_results AS requestedResults, created_at AS createdAt, coalesce(finished_at, end_seen_at) AS finishedAt,
       listing_epoch AS listingEpoch
     FROM json_each(?) i CROSS JOIN jobs j ON j.row_id = i.value`,
  ).all(JSON.stringify(caseIds.filter((caseId) => !isChargeCase(caseId)).map(rowIdOfCase)))
  const rowsByCase = new Map<number, CaseRow[]>()
  for (const { caseId, retractedAt, unnamed, ...row } of credits) {
    const found = { ...row, isRetracted: retractedAt !== null, isUnnamed: unnamed === 1 }
    const rows = rowsByCase.get(caseId)
    if (rows) rows.push(found)
    else rowsByCase.set(caseId, [found])
  }
  const jobsByRowId = new Map(jobs.map(({ rowId, ...job }) => [rowId, job]))
  return {
    rowsOf: (caseId) => rowsByCase.get(caseId) ?? [],
    jobOf: (caseId) => jobsByRowId.get(rowIdOfCase(caseId)),
  }
}

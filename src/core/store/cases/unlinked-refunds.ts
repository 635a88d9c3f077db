/** Reads of the rows that count in no case and may still be the refund of one (rule L14). */
import { agents, transactionKinds } from '../../../shared/values.ts'
import { dayMs } from '../../domain/days.ts'
import { firstRowId, isChargeCase, mayCountInJob, rowIdOfCase } from '../../domain/ledger.ts'
import { type OpenCase, refundWindow, type UnnamedRefund } from '../../domain/possible-links.ts'
import { mostLookedAt, type PossibleReturn, possibleReturn } from '../../domain/unlinked-refunds.ts'
import { newestOfFacets } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { isUnlinked } from './link-rows.ts'
import { firstCaseId } from './near-jobs.ts'
import { longestJob, openFacets } from './possible-links.ts'
import { isTakenAgain, type RefundRow, refundColumns, toRefund } from './unnamed-refunds.ts'

const isUnknownKind = `kind NOT IN (${transactionKinds.map((kind) => `'${kind}'`).join(', ')})`

/**
 * SQL that holds for a row that reverses no row we have, and names no job we have. A row of a kind that this version does not
 * know is not linked although it may name a case.
 */
const isWithoutRecord = `NOT EXISTS (SELECT 1 FROM credit_transactions o WHERE o.account_id = t.account_id AND o.id = t.reverses)
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.account_id = t.account_id AND j.agent IN (${agents.map((agent) => `'${agent}'`).join(', ')})
    AND j.id = t.job_id AND (t.agent IS NULL OR j.agent = t.agent))
  AND NOT EXISTS (SELECT 1 FROM credit_transactions c WHERE c.account_id = t.account_id AND c.job_id = t.job_id
    AND c.kind = 'charge' AND ${isCaseOfCharge('c.case_id')} AND (t.agent IS NULL OR c.agent IS NULL OR c.agent = t.agent))`

/** Whether an account has any row that rule L14 looks at. */
export const hasUnlinkedRefunds = (database: Readable, accountId: number): boolean =>
  scalar<[number], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM credit_transactions WHERE account_id = ? AND row_id > 0 AND ${isUnlinked})`,
  ).get(accountId) === 1

/** Finds the unlinked refunds of cases. Remembers what it read, so use it for one decision of many cases only. */
export function unlinkedRefunds(
  database: Readable,
  accountId: number,
  findMissing: (caseId: number) => readonly OpenCase[],
) {
  const days = new Map<number, UnnamedRefund[]>()
  const others = new Map<number, OpenCase[]>()
  const missing = new Map<number, readonly OpenCase[]>()
  let facets: number[] | null = null
  let hasAny: boolean | null = null

  /** The first refunds after a charge, up to 30 days after the last one. If a table states only the day, that may be the day before. */
  function refundsAfter(chargedAt: number, lastChargedAt: number): UnnamedRefund[] {
    const found: UnnamedRefund[] = []
    const last = Math.floor((lastChargedAt + refundWindow) / dayMs)
    for (let day = Math.floor(chargedAt / dayMs) - 1; day <= last && found.length < mostLookedAt; day++) {
      const rows = days.get(day) ?? refundsOfDay(database, accountId, day)
      days.set(day, rows)
      found.push(...rows.filter(({ at }) => at >= chargedAt))
    }
    return found.slice(0, mostLookedAt)
  }

  /** The cases before a refund that miss all of their credits, the newest first. */
  function missingBefore({ rowId, at }: UnnamedRefund): OpenCase[] {
    const known = others.get(rowId)
    if (known) return known
    facets ??= openFacets(database, accountId)
    const range = { from: firstCaseId(at - refundWindow - longestJob), below: firstCaseId(at + 1) }
    const found: OpenCase[] = []
    for (const caseId of newestOfFacets(database, 'refund_cases', facets, range)) {
      const all = missing.get(caseId) ?? findMissing(caseId)
      missing.set(caseId, all)
      found.push(...all)
      if (found.length >= mostLookedAt) break
    }
    others.set(rowId, found)
    return found
  }

  return {
    /** The unlinked refunds that may be those of a case with these open amounts. */
    of(caseId: number, amounts: readonly OpenCase[]): PossibleReturn {
      hasAny ??= hasUnlinkedRefunds(database, accountId)
      if (!hasAny) return { refunds: [], cases: [] }
      const named = namedRefunds(database, accountId, caseId)
      const [whole] = amounts
      if (named.length > 0 || !whole) return { refunds: named, cases: [] }
      const first = amounts.reduce((least, { chargedAt }) => Math.min(least, chargedAt), whole.chargedAt)
      return possibleReturn(refundsAfter(first, whole.lastChargedAt), amounts, missingBefore)
    },
  }
}

/** The rows of a day that name no record of ours. */
const refundsOfDay = (database: Readable, accountId: number, day: number): UnnamedRefund[] =>
  statement<[object], RefundRow>(
    database,
    `SELECT ${refundColumns} FROM credit_transactions t
     WHERE account_id = @accountId AND ${isUnlinked} AND row_id >= @from AND row_id < @below
       AND retracted_at IS NULL AND NOT ${isTakenAgain} AND ${isWithoutRecord} ORDER BY row_id`,
  )
    .all({ accountId, from: firstRowId(day * dayMs), below: firstRowId((day + 1) * dayMs) })
    .map(toRefund)

/** The rows of an unknown kind that name a case: its job, or one of its rows. */
function namedRefunds(database: Readable, accountId: number, caseId: number): UnnamedRefund[] {
  const job = statement<[number], { jobId: string | null; agent: string | null }>(
    database,
    isChargeCase(caseId)
      ? 'SELECT job_id AS jobId, agent FROM credit_transactions WHERE row_id = ?'
      : 'SELECT id AS jobId, agent FROM jobs WHERE row_id = ?',
  ).get(rowIdOfCase(caseId))
  return statement<[object], RefundRow>(
    database,
    `SELECT ${refundColumns} FROM credit_transactions t WHERE row_id IN (
       SELECT r.row_id FROM credit_transactions c CROSS JOIN credit_transactions r
         ON r.account_id = c.account_id AND r.reverses = c.id WHERE c.case_id = @caseId
       UNION ALL SELECT n.row_id FROM credit_transactions n WHERE n.account_id = @accountId AND n.job_id = @jobId
         AND n.kind <> 'charge' AND (n.agent IS NULL OR @agent IS NULL OR n.agent = @agent))
     AND ${isUnlinked} AND ${isUnknownKind} AND retracted_at IS NULL AND NOT ${isTakenAgain} ORDER BY row_id`,
  )
    .all({ accountId, caseId, ...job })
    .map(toRefund)
    .filter(({ kind }) => mayCountInJob(kind))
}

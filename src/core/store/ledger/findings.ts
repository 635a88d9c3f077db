/** Findings in the ledger: applies the rules N1 to N7 of the domain to rows of `v_ledger`. */
import type { Finding } from '../../../shared/views.ts'
import { minuteMs } from '../../domain/days.ts'
import {
  type ChargedRequest,
  type ChargeFacts,
  doubleCharges,
  excessCharges,
  type Found,
  type JobCharges,
  oddRefunds,
  type PossiblyLostCharge,
  type RefundFacts,
  retractedCharges,
  retriedCharges,
} from '../../domain/findings.ts'
import { casesPerRow, firstRowId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import { longestRetry } from '../../domain/repeats.ts'
import type { AccountScope } from '../accounts/account-scope.ts'
import { caseName } from '../cases/case-queries.ts'
import { lostCharges, possibleReturns } from '../cases/cases-by-status.ts'
import { jobsNear, type LoneCharge, loneCharge } from '../cases/near-jobs.ts'
import type { Readable } from '../handles.ts'
import { isCaseOfCharge, isCaseOfJob } from '../schema/views.ts'
import { statement } from '../statement.ts'
import { textOfRow } from './ledger-texts.ts'

interface LedgerFacts {
  id: string
  amount: number
  at: number
  caseId: number | null
  prompt: string | null
}

interface RetractedCharge extends LedgerFacts {
  rowId: number
  retractedAt: number | null
}

type ChargeRow = RetractedCharge & ChargedRequest

/** The findings of the ledgers of some accounts since `from` (epoch ms), newest first. */
export const ledgerFindings = (
  database: Readable,
  { ids, nameOf }: Pick<AccountScope, 'ids' | 'nameOf'>,
  from: number,
): Finding[] =>
  ids.flatMap((accountId) => findingsOf(database, accountId, from, nameOf(accountId))).sort((a, b) => b.at - a.at)

function findingsOf(database: Readable, accountId: number, from: number, account: string | null): Finding[] {
  const since = firstRowId(from)
  const repeated = doubleCharges(jobChargesSince(database, accountId, since), ({ rowId }) => chargeOf(database, rowId))
  const namedCases = new Set(repeated.flatMap(({ rows }) => rows.map(({ caseId }) => caseId)))
  const excess = excessCharges([
    ...equalChargesSince(database, accountId, since).filter(({ caseId }) => !namedCases.has(caseId)),
    ...equalChargesOfUnknownJobs(database, accountId, since),
  ])
  const named = new Set([...repeated, ...excess].flatMap(({ rows }) => rows.map(({ rowId }) => rowId)))
  const refunds = refundsSince(database, accountId, since)
  // What a case names as its possible refund has a charge.
  const ofCases = refunds.some(({ caseId }) => caseId === null) ? possibleReturns(database, accountId) : null
  const found: Found<LedgerFacts>[] = [
    ...retractedCharges(retractedChargesSince(database, accountId, since)),
    ...repeated,
    ...excess,
    ...retriedCharges(chargesAfterLost(database, accountId, since).filter(({ rowId }) => !named.has(rowId))),
    ...oddRefunds(refunds.filter(({ caseId, id }) => caseId !== null || !ofCases?.has(id))),
  ]
  return found.map((finding) => toFinding(database, finding, account))
}

function toFinding(database: Readable, { rows, ...finding }: Found<LedgerFacts>, account: string | null): Finding {
  const { caseId, prompt } = rows.at(-1) as LedgerFacts
  const isCommon = rows.every((row) => row.prompt === prompt)
  return {
    ...finding,
    account,
    case: caseId === null ? null : caseName(database, caseId),
    transactionIds: rows.map((row) => row.id),
    prompt: isCommon ? prompt : null,
  }
}

const chargeColumns = `rowId, id, -amount AS amount, occurredAt AS at, caseId, retractedAt, caseAgent AS agent,
  jobModel AS model, prompt`

const retractedChargesSince = (database: Readable, accountId: number, since: number): RetractedCharge[] =>
  statement<[number, number], RetractedCharge>(
    database,
    `SELECT ${chargeColumns} FROM v_ledger
     WHERE +accountId = ? AND rowId >= ? AND kind = 'charge' AND retractedAt IS NOT NULL`,
  ).all(accountId, since)

/** The listed charges of jobs. Two amounts of one time keep the order of their row ids. */
const jobChargesSince = (database: Readable, accountId: number, since: number): Iterable<ChargeFacts> =>
  statement<[number, number], ChargeFacts>(
    database,
    `SELECT row_id AS rowId, -amount AS amount, occurred_at AS at FROM credit_transactions
     WHERE +account_id = ? AND row_id >= ? AND kind = 'charge' AND amount < 0 AND ${isCaseOfJob('case_id')}
       AND retracted_at IS NULL ORDER BY row_id`,
  ).iterate(accountId, since)

/** Jobs with several listed charges of one amount. */
const equalChargesSince = (
  database: Readable,
  accountId: number,
  since: number,
): (JobCharges<ChargeRow> & { caseId: number })[] =>
  statement<
    [number, number],
    { caseId: number; rowIds: string; resultCount: number; charged: number; refunded: number }
  >(
    database,
    `SELECT e.*, v.resultCount, v.charged, v.refunded FROM (
       SELECT case_id AS caseId, json_group_array(row_id) AS rowIds FROM credit_transactions
       WHERE +account_id = ? AND row_id >= ? AND kind = 'charge' AND amount < 0 AND ${isCaseOfJob('case_id')}
         AND retracted_at IS NULL
       GROUP BY +case_id, amount HAVING count(*) > 1) e JOIN v_cases v ON v.caseId = e.caseId`,
  )
    .all(accountId, since)
    .map(({ rowIds, charged, refunded, ...job }) => {
      const charges = chargesOf(database, rowIds)
      const standing = Math.floor((charged - refunded) / (charges[0] as ChargeRow).amount)
      return { ...job, charges, standing: Math.min(charges.length, standing) }
    })

/** Charges of one amount that name the same job, of which we have no record. */
const equalChargesOfUnknownJobs = (database: Readable, accountId: number, since: number): JobCharges<ChargeRow>[] =>
  statement<[number, number], { rowIds: string; standing: number }>(
    database,
    `SELECT json_group_array(t.row_id) AS rowIds, sum(c.refunded < c.charged) AS standing
     FROM credit_transactions t JOIN refund_cases c ON c.case_id = t.case_id
     WHERE +t.account_id = ? AND t.row_id >= ? AND t.kind = 'charge' AND t.amount < 0 AND ${isCaseOfCharge('t.case_id')}
       AND t.job_id IS NOT NULL AND t.retracted_at IS NULL
     GROUP BY t.job_id, t.agent, t.amount HAVING count(*) > 1`,
  )
    .all(accountId, since)
    .map(({ rowIds, standing }) => {
      const charges = chargesOf(database, rowIds)
      return { standing, charges, resultCount: jobsPaidFor(database, accountId, charges) }
    })

/** The charges of a JSON list of row ids, in order of time. */
const chargesOf = (database: Readable, rowIds: string): ChargeRow[] =>
  (JSON.parse(rowIds) as number[]).sort((a, b) => a - b).map((rowId) => chargeOf(database, rowId))

/** The number of jobs that the charges within a minute of the first may have paid for: they may be a batch. */
function jobsPaidFor(database: Readable, accountId: number, charges: readonly ChargeRow[]): number {
  const first = charges[0] as ChargeRow
  const work = loneCharge(database, first.rowId) as LoneCharge
  const together = charges.filter(({ at }) => at - first.at < minuteMs).length
  return Math.min(together, jobsNear(database, accountId, work).length)
}

type RetriedCharge = LedgerFacts & PossiblyLostCharge

/** The charges that are proven to have no job, and those of the same amount that may be retries of them, in order of time. */
function chargesAfterLost(database: Readable, accountId: number, since: number): RetriedCharge[] {
  const lost = new Set(lostCharges(database, accountId).filter((caseId) => rowIdOfCase(caseId) >= since))
  const after = statement<[object], RetriedCharge & { caseId: number }>(
    database,
    `SELECT t.row_id AS rowId, t.id, -t.amount AS amount, t.occurred_at AS at, t.case_id AS caseId, ${textOfRow('feature', 't')} AS kind,
       t.agent, ${textOfRow('model', 't')} AS model, NULL AS prompt, c.charged - c.refunded AS lost
     FROM credit_transactions o CROSS JOIN credit_transactions t ON t.row_id >= o.row_id AND t.row_id < @below
       AND +t.account_id = o.account_id AND t.kind = 'charge' AND t.amount = o.amount AND t.retracted_at IS NULL
     JOIN refund_cases c ON c.case_id = t.case_id WHERE o.row_id = @rowId`,
  )
  const found = new Map<number, RetriedCharge>()
  for (const rowId of [...lost].map(rowIdOfCase)) {
    const below = firstRowId(timeOfRowId(rowId) + longestRetry + 1)
    for (const row of after.all({ rowId, below })) {
      found.set(row.rowId, { ...row, lost: lost.has(row.caseId) ? row.lost : 0 })
    }
  }
  return [...found.values()].sort((a, b) => a.rowId - b.rowId)
}

const chargeOf = (database: Readable, rowId: number): ChargeRow =>
  statement<[number], ChargeRow>(
    database,
    `SELECT v.*, c.charged AS caseCharged, c.refunded AS caseRefunded, coalesce(j.result_count, 0) AS resultCount
     FROM (SELECT ${chargeColumns} FROM v_ledger WHERE rowId = ?) v LEFT JOIN refund_cases c ON c.case_id = v.caseId
     LEFT JOIN jobs j ON j.row_id = v.caseId / ${casesPerRow} AND ${isCaseOfJob('v.caseId')}`,
  ).get(rowId) as ChargeRow

interface RefundRow extends LedgerFacts {
  charged: number | null
  refunded: number | null
  unproven: number
  taken: number
  reversed: string | null
  reversedAmount: number | null
  reversedRetractedAt: number | null
}

const refundsSince = (database: Readable, accountId: number, since: number): (LedgerFacts & RefundFacts)[] =>
  statement<[number, number], RefundRow>(
    database,
    `SELECT t.id, t.amount, t.occurredAt AS at, t.caseId, c.charged, c.refunded,
       t.refundStatus = 'cannot_tell' AS unproven, t.prompt,
       (SELECT coalesce(-sum(a.amount), 0) FROM credit_transactions a
        WHERE a.case_id = t.caseId AND a.kind = 'adjustment' AND a.amount < 0 AND a.retracted_at IS NULL) AS taken,
       o.id AS reversed, -o.amount AS reversedAmount, o.retracted_at AS reversedRetractedAt
     FROM v_ledger t
     LEFT JOIN refund_cases c ON c.case_id = t.caseId
     LEFT JOIN credit_transactions o ON o.account_id = t.accountId AND o.id = t.reverses AND o.kind = 'charge'
     WHERE +t.accountId = ? AND t.rowId >= ? AND t.kind = 'refund' AND t.retractedAt IS NULL AND t.amount > 0
       AND NOT (t.caseId IS NULL AND EXISTS (
         SELECT 1 FROM credit_transactions a WHERE a.account_id = t.accountId AND a.reverses = t.id AND a.kind <> 'charge'
           AND a.amount = -t.amount AND a.retracted_at IS NULL))
     ORDER BY t.occurredAt, t.id`,
  )
    .all(accountId, since)
    .map(({ charged, refunded, unproven, taken, reversed, reversedAmount, reversedRetractedAt, ...row }) => ({
      ...row,
      reversed:
        reversed === null
          ? null
          : { id: reversed, amount: reversedAmount ?? 0, retracted: reversedRetractedAt !== null },
      case:
        row.caseId === null
          ? null
          : { id: row.caseId, charged: charged ?? 0, refunded: refunded ?? 0, taken, isUnproven: unproven === 1 },
    }))

import type { Finding } from '../../shared/views.ts'
import { firstRowId } from '../domain/ledger.ts'
import { oddRefunds, type StandingRefund } from '../domain/odd-refunds.ts'
import { repeatedCharges } from '../domain/repeats.ts'
import { caseName } from './case-queries.ts'
import { statement } from './statement.ts'
import type { Readable } from './store.ts'

interface FoundRow {
  id: string
  amount: number
  occurred_at: number
  case_id: number | null
  prompt: string | null
}

/** What looks wrong in the ledger since `from` (epoch ms), newest first; every row is named once. */
export function findIrregularities(database: Readable, accountId: number, from: number): Finding[] {
  return [retractedCharges, doubleCharges, refundFindings]
    .flatMap((find) => find(database, accountId, from))
    .sort((a, b) => b.at - a.at)
}

const finding = (database: Readable, kind: Finding['kind'], rows: FoundRow[], at: number, amount: number): Finding => {
  const { case_id: caseId, prompt } = rows.at(-1) as FoundRow
  return {
    kind,
    at,
    amount,
    case: caseId === null ? null : caseName(database, caseId),
    transactionIds: rows.map((row) => row.id),
    prompt,
  }
}

interface ChargeRow extends FoundRow {
  retracted_at: number | null
  agent: string | null
  model: string | null
}

const charges = `SELECT t.id, t.amount, t.occurred_at, t.case_id, t.retracted_at, j.agent, j.model, j.prompt
  FROM credit_transactions t LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2`

/** Charges that the service no longer lists. */
function retractedCharges(database: Readable, accountId: number, from: number): Finding[] {
  const rows = statement<[number, number], ChargeRow & { retracted_at: number }>(
    database,
    `${charges} WHERE +t.account_id = ? AND t.row_id >= ? AND t.kind = 'charge' AND t.amount < 0
       AND t.retracted_at IS NOT NULL`,
  ).all(accountId, firstRowId(from))
  return rows.map((row) => finding(database, 'withdrawn_charge', [row], row.retracted_at, -row.amount))
}

/** Charges for one request less than a minute apart. Two honest requests look the same: a person decides. */
function doubleCharges(database: Readable, accountId: number, from: number): Finding[] {
  const amounts = statement<[number, number], { row_id: number; key: string; at: number }>(
    database,
    `SELECT row_id, amount AS key, occurred_at AS at FROM credit_transactions
     WHERE +account_id = ? AND row_id >= ? AND kind = 'charge' AND amount < 0 AND case_id % 2 = 0
       AND retracted_at IS NULL ORDER BY row_id`,
  ).iterate(accountId, firstRowId(from))
  const detail = statement<[number], ChargeRow>(database, `${charges} WHERE t.row_id = ?`)
  // What was asked for is looked up only where an amount comes again.
  const suspects = [...repeatedCharges(amounts)].flat().sort((a, b) => a.row_id - b.row_id)
  const asked = suspects.map(({ row_id, at }) => {
    const row = detail.get(row_id) as ChargeRow
    // Jobs without words are told apart by their case.
    return { row, at, key: JSON.stringify([row.agent, row.model, row.amount, row.prompt || row.case_id]) }
  })
  return repeatedCharges(asked).map((group) => {
    const rows = group.map(({ row }) => row)
    const { occurred_at: at, amount } = rows.at(-1) as ChargeRow
    return finding(database, 'double_charge', rows, at, -amount * (rows.length - 1))
  })
}

interface RefundRow extends FoundRow {
  charged: number | null
  refunded: number | null
  reversed: string | null
  reversed_amount: number | null
  reversed_retracted_at: number | null
}

/** Refunds that give back more than was charged, and refunds that no charge of ours explains. */
function refundFindings(database: Readable, accountId: number, from: number): Finding[] {
  const rows = statement<[number, number], RefundRow>(
    database,
    `SELECT t.id, t.amount, t.occurred_at, t.case_id, c.charged, c.refunded, j.prompt,
       o.id AS reversed, o.amount AS reversed_amount, o.retracted_at AS reversed_retracted_at
     FROM credit_transactions t
     LEFT JOIN refund_cases c ON c.case_id = t.case_id
     LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2
     LEFT JOIN credit_transactions o ON o.account_id = t.account_id AND o.id = t.reverses AND o.kind = 'charge'
     WHERE +t.account_id = ? AND t.row_id >= ? AND t.kind = 'refund' AND t.retracted_at IS NULL AND t.amount > 0
     ORDER BY t.occurred_at, t.id`,
  ).all(accountId, firstRowId(from))
  const { double, withoutCharge } = oddRefunds(rows.map((row) => ({ ...standingRefund(row), row })))
  return [
    ...double.map(({ refunds, excess }) => {
      const found = refunds.map(({ row }) => row)
      return finding(database, 'double_refund', found, (found.at(-1) as RefundRow).occurred_at, excess)
    }),
    ...withoutCharge.map(({ row }) => finding(database, 'refund_without_charge', [row], row.occurred_at, row.amount)),
  ]
}

const standingRefund = (row: RefundRow): StandingRefund => ({
  id: row.id,
  amount: row.amount,
  reversed:
    row.reversed === null
      ? null
      : { id: row.reversed, amount: -(row.reversed_amount ?? 0), retracted: row.reversed_retracted_at !== null },
  case: row.case_id === null ? null : { id: row.case_id, charged: row.charged ?? 0, refunded: row.refunded ?? 0 },
})

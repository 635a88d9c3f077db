import type { Finding, Reconciliation } from '../../shared/views.ts'
import { firstRowId } from '../domain/ledger.ts'
import type { AccountRow } from './accounts.ts'
import { caseName } from './case-queries.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** Two charges for one prompt this close together are worth a look. */
const doubleChargeWindow = 60_000

interface RefundRow {
  id: string
  amount: number
  occurred_at: number
  case_id: number | null
  charged: number | null
  refunded: number | null
  prompt: string | null
}

/** What looks wrong in the ledger since `from` (epoch ms), newest first; every row is named once. */
export function findIrregularities(database: Readable, accountId: number, from: number): Finding[] {
  const found = [
    ...withdrawnCharges(database, accountId, from),
    ...oddRefunds(database, accountId, from),
    ...doubleCharges(database, accountId, from),
  ]
  const named = new Set<string>()
  return found
    .filter((finding) => {
      const fresh = finding.transactionIds.some((id) => !named.has(id))
      for (const id of finding.transactionIds) named.add(id)
      return fresh
    })
    .sort((a, b) => b.at - a.at)
}

function withdrawnCharges(database: Readable, accountId: number, from: number): Finding[] {
  const rows = statement<[number, number], RefundRow & { withdrawn_at: number }>(
    database,
    `SELECT t.id, t.amount, t.occurred_at, t.case_id, t.withdrawn_at, j.prompt FROM credit_transactions t
     LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2
     WHERE t.account_id = ? AND t.row_id >= ? AND t.kind = 'charge' AND t.withdrawn_at IS NOT NULL`,
  ).all(accountId, firstRowId(from))
  return rows.map((row) => ({
    kind: 'withdrawn_charge',
    at: row.withdrawn_at,
    amount: -row.amount,
    case: row.case_id === null ? null : caseName(database, row.case_id),
    transactionIds: [row.id],
    prompt: row.prompt,
  }))
}

/** Refunds that give back more than was charged, and refunds that no charge of ours explains. */
function oddRefunds(database: Readable, accountId: number, from: number): Finding[] {
  const rows = statement<[number, number], RefundRow>(
    database,
    `SELECT t.id, t.amount, t.occurred_at, t.case_id, c.charged, c.refunded, j.prompt FROM credit_transactions t
     LEFT JOIN refund_cases c ON c.case_id = t.case_id
     LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2
     WHERE t.account_id = ? AND t.row_id >= ? AND t.kind = 'refund' AND t.withdrawn_at IS NULL
       AND (c.refunded > c.charged OR (t.case_id IS NULL AND NOT EXISTS (
         SELECT 1 FROM credit_transactions o
         WHERE o.account_id = t.account_id AND o.id = t.reverses AND o.kind = 'charge')))
     ORDER BY t.occurred_at, t.id`,
  ).all(accountId, firstRowId(from))
  const byCase = new Map<number, RefundRow[]>()
  const findings: Finding[] = []
  for (const row of rows) {
    if (row.case_id !== null && (row.charged ?? 0) > 0) {
      byCase.set(row.case_id, [...(byCase.get(row.case_id) ?? []), row])
      continue
    }
    findings.push({
      kind: 'refund_without_charge',
      at: row.occurred_at,
      amount: row.amount,
      case: row.case_id === null ? null : caseName(database, row.case_id),
      transactionIds: [row.id],
      prompt: row.prompt,
    })
  }
  for (const [caseId, refunds] of byCase) {
    const last = refunds.at(-1) as RefundRow
    findings.push({
      kind: 'double_refund',
      at: last.occurred_at,
      amount: (last.refunded ?? 0) - (last.charged ?? 0),
      case: caseName(database, caseId),
      transactionIds: refunds.map((row) => row.id),
      prompt: last.prompt,
    })
  }
  return findings
}

/** One prompt charged twice within a minute, for the same amount and agent. Two honest requests look the same: a person decides. */
function doubleCharges(database: Readable, accountId: number, from: number): Finding[] {
  type Row = { id: string; before: string; amount: number; occurred_at: number; case_id: number; prompt: string }
  const rows = statement<[number, number, number], Row>(
    database,
    `SELECT * FROM (
       SELECT t.id, t.amount, t.occurred_at, t.case_id, j.prompt,
         lag(t.id) OVER same AS before, t.occurred_at - lag(t.occurred_at) OVER same AS apart
       FROM credit_transactions t JOIN jobs j ON j.row_id = t.case_id / 2
       WHERE t.account_id = ? AND t.row_id >= ? AND t.kind = 'charge' AND t.case_id % 2 = 0 AND t.amount < 0
         AND t.withdrawn_at IS NULL
       WINDOW same AS (PARTITION BY j.agent, j.prompt, t.amount ORDER BY t.row_id)
     ) WHERE before IS NOT NULL AND apart < ?`,
  ).all(accountId, firstRowId(from), doubleChargeWindow)
  return rows.map((row) => ({
    kind: 'double_charge',
    at: row.occurred_at,
    amount: -row.amount,
    case: caseName(database, row.case_id),
    transactionIds: [row.before, row.id],
    prompt: row.prompt,
  }))
}

/** Holds the sum of the ledger against the balance that the service states, and names what could explain a difference. */
export function reconcile(database: Readable, account: AccountRow, now: number): Reconciliation {
  const { account_id: id, balance: stated, balance_as_of: statedAt } = account
  const sum = (where: string, ...values: number[]) =>
    statement<number[], { total: number; records: number }>(
      database,
      `SELECT coalesce(sum(amount), 0) AS total, count(*) AS records FROM credit_transactions
       WHERE account_id = ? AND ${where}`,
    ).get(id, ...values) as { total: number; records: number }
  const ledger = sum('withdrawn_at IS NULL').total
  const opening =
    scalar<[number], number>(
      database,
      `SELECT balance_after - amount FROM credit_transactions
       WHERE account_id = ? AND row_id > 0 AND balance_after IS NOT NULL AND withdrawn_at IS NULL
       ORDER BY row_id LIMIT 1`,
    ).get(id) ?? null
  const difference = opening === null ? null : stated - (opening + ledger)
  const withdrawn = sum('withdrawn_at IS NOT NULL')
  const after = sum('occurred_at > ? AND withdrawn_at IS NULL', statedAt)
  const expired = sum(`kind IN ('grant', 'top_up', 'refund') AND expires_at < ? AND withdrawn_at IS NULL`, now)
  const listedExpiry = sum(`kind = 'expiry'`)
  const setAside = scalar<[number], number>(
    database,
    `SELECT count(*) FROM records_set_aside WHERE account_id = ? AND stream = 'credits'`,
  ).get(id) as number
  const readAt = scalar<[number], number | null>(
    database,
    `SELECT last_success_at FROM sync_streams WHERE account_id = ? AND stream = 'credits'`,
  ).get(id)
  const behind = readAt == null || readAt < statedAt
  const exactly = (amount: number) => difference !== null && difference !== 0 && amount === difference
  const candidates: Reconciliation['candidates'] = [
    { kind: 'not_caught_up', amount: null, records: 0, explains: behind },
    { kind: 'written_after', amount: -after.total, records: after.records, explains: exactly(-after.total) },
    { kind: 'withdrawn', amount: withdrawn.total, records: withdrawn.records, explains: exactly(withdrawn.total) },
    { kind: 'set_aside', amount: null, records: setAside, explains: setAside > 0 },
    {
      kind: 'expired_unlisted',
      amount: -Math.max(0, expired.total + listedExpiry.total),
      records: expired.records,
      // Credits that ran out may have been spent in part, so any loss up to their sum fits.
      explains: difference !== null && difference < 0 && -difference <= expired.total + listedExpiry.total,
    },
  ]
  const relevant = candidates.filter(({ records, explains }) => records > 0 || explains)
  return { stated, statedAt, opening, ledger, difference, candidates: difference === 0 ? [] : relevant }
}

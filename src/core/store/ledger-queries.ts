import type { Agent, RefundStatus, TransactionKind } from '../../shared/values.ts'
import { transactionKinds } from '../../shared/values.ts'
import type { CreditSummary, DayTotals, LedgerItem } from '../../shared/views.ts'
import { dayOf } from '../domain/days.ts'
import { firstRowId } from '../domain/ledger.ts'
import { matchesQuery, queryWords } from '../domain/search-text.ts'
import { caseName } from './case-queries.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

export interface LedgerFilter {
  agent?: Agent
  kinds?: string[]
  features?: string[]
  sources?: string[]
  text?: string
}

interface LedgerRow {
  row_id: number
  id: string
  kind: string
  feature: string | null
  source: string | null
  amount: number
  balance_after: number | null
  occurred_at: number
  agent: Agent | null
  model: string | null
  memo: string | null
  job_id: string | null
  reverses: string | null
  expires_at: number | null
  withdrawn_at: number | null
  case_id: number | null
  refund_status: RefundStatus | null
  prompt: string | null
  job_agent: Agent | null
  job_model: string | null
  named_job: string | null
  result_id: string | null
  reverses_at: number | null
}

const select = `SELECT t.row_id, t.id, t.kind, t.feature, t.source, t.amount, t.balance_after, t.occurred_at, t.agent,
    t.model, t.memo, t.job_id, t.reverses, t.expires_at, t.withdrawn_at, t.case_id, c.refund_status,
    j.prompt, j.agent AS job_agent, j.model AS job_model, j.id AS named_job,
    (SELECT r.result_id FROM results r WHERE r.job_row_id = j.row_id AND r.mime_type NOT LIKE 'audio/%'
     ORDER BY r.position LIMIT 1) AS result_id,
    (SELECT o.occurred_at FROM credit_transactions o WHERE o.account_id = t.account_id AND o.id = t.reverses) AS reverses_at
  FROM credit_transactions t
  LEFT JOIN refund_cases c ON c.case_id = t.case_id
  LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2`

const oneOf = (column: string, values: readonly string[] | undefined) =>
  values && values.length > 0
    ? [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }]
    : []

/** A page of the ledger, newest first, below the row id `before`, each row with the balance after it. */
export function listLedger(
  database: Readable,
  account: { account_id: number; balance: number },
  filter: LedgerFilter,
  before: number,
  limit: number,
): { items: LedgerItem[]; next: number | null } {
  const words = queryWords(filter.text ?? '')
  const all = [
    { sql: 't.account_id = ?', values: [account.account_id] as unknown[] },
    { sql: 't.row_id < ?', values: [before] },
    ...(filter.agent ? [{ sql: 'coalesce(t.agent, j.agent) = ?', values: [filter.agent] }] : []),
    ...oneOf('t.kind', filter.kinds),
    ...oneOf('t.feature', filter.features),
    ...oneOf('t.source', filter.sources),
  ]
  const sql = `${select} WHERE ${all.map((condition) => condition.sql).join(' AND ')} ORDER BY t.row_id DESC`
  const rows: LedgerRow[] = []
  let more = false
  for (const row of statement<unknown[], LedgerRow>(database, sql).iterate(...all.flatMap(({ values }) => values))) {
    const text = [row.prompt, row.model, row.job_model, row.memo].filter(Boolean).join('\n')
    if (words.length > 0 && !matchesQuery(text, words)) continue
    if (rows.length === limit) {
      more = true
      break
    }
    rows.push(row)
  }
  return { items: withBalances(database, account, rows), next: more ? (rows.at(-1)?.row_id ?? null) : null }
}

/** The rows of one case, oldest first. */
export function ledgerOfCase(
  database: Readable,
  account: { account_id: number; balance: number },
  caseId: number,
): LedgerItem[] {
  const rows = statement<[number], LedgerRow>(database, `${select} WHERE t.case_id = ? ORDER BY t.row_id DESC`).all(
    caseId,
  )
  return withBalances(database, account, rows).reverse()
}

/** Charges between two moments (epoch ms, `to` exclusive), newest first. */
export function chargesBetween(
  database: Readable,
  account: { account_id: number; balance: number },
  from: number,
  to: number,
  limit: number,
): LedgerItem[] {
  const rows = statement<unknown[], LedgerRow>(
    database,
    `${select} WHERE t.account_id = ? AND t.kind = 'charge' AND t.row_id >= ? AND t.row_id < ?
     ORDER BY t.row_id DESC LIMIT ?`,
  ).all(account.account_id, firstRowId(from), firstRowId(to), limit)
  return withBalances(database, account, rows)
}

/** Adds the balance after each row: the stated balance less everything newer. `rows` are newest first. */
function withBalances(
  database: Readable,
  account: { account_id: number; balance: number },
  rows: readonly LedgerRow[],
): LedgerItem[] {
  const between = scalar<[number, number, number], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM credit_transactions
     WHERE account_id = ? AND row_id > ? AND row_id <= ? AND withdrawn_at IS NULL`,
  )
  let balance = account.balance
  let newest = Number.MAX_SAFE_INTEGER
  return rows.map((row) => {
    balance -= between.get(account.account_id, row.row_id, newest) ?? 0
    newest = row.row_id
    return toLedgerItem(database, row, balance)
  })
}

const toLedgerItem = (database: Readable, row: LedgerRow, runningBalance: number): LedgerItem => ({
  id: row.id,
  kind: row.kind,
  feature: row.feature,
  source: row.source,
  amount: row.amount,
  balanceAfter: row.balance_after,
  runningBalance,
  occurredAt: row.occurred_at,
  agent: row.agent ?? row.job_agent,
  model: row.model ?? row.job_model,
  memo: row.memo,
  jobId: row.named_job,
  prompt: row.prompt,
  reverses: row.reverses,
  reversesAt: row.reverses_at,
  expiresAt: row.expires_at,
  withdrawnAt: row.withdrawn_at,
  case: row.case_id === null ? null : caseName(database, row.case_id),
  refundStatus: row.refund_status,
  thumbnail:
    row.result_id && row.job_agent && row.named_job
      ? { agent: row.job_agent, jobId: row.named_job, resultId: row.result_id }
      : null,
})

/** Credits charged and given back per local day, from `from` to `to` (epoch ms); every day of the span is there. */
export function dailyTotals(
  database: Readable,
  accountId: number,
  agent: Agent | undefined,
  days: readonly string[],
  from: number,
  timeZone: string,
): DayTotals[] {
  const totals = new Map(days.map((day) => [day, { day, charged: 0, refunded: 0 }]))
  const rows = statement<unknown[], { kind: string; amount: number; occurred_at: number }>(
    database,
    `SELECT kind, amount, occurred_at FROM credit_transactions
     WHERE account_id = ? AND row_id >= ? AND kind IN ('charge', 'refund') AND withdrawn_at IS NULL
       AND (? IS NULL OR agent = ?)`,
  ).all(accountId, firstRowId(from), agent ?? null, agent ?? null)
  for (const row of rows) {
    const total = totals.get(dayOf(row.occurred_at, timeZone))
    if (!total) continue
    if (row.kind === 'charge') total.charged -= row.amount
    else total.refunded += row.amount
  }
  return [...totals.values()]
}

/** Rows of the ledger by kind. */
export function countTransactions(database: Readable, accountId: number, agent?: Agent): CreditSummary['counts'] {
  const counts = Object.fromEntries(transactionKinds.map((kind) => [kind, 0])) as Record<TransactionKind, number>
  const rows = statement<unknown[], { kind: string; n: number }>(
    database,
    `SELECT kind, count(*) AS n FROM credit_transactions WHERE account_id = ? AND (? IS NULL OR agent = ?) GROUP BY kind`,
  ).all(accountId, agent ?? null, agent ?? null)
  let all = 0
  for (const row of rows) {
    all += row.n
    if (row.kind in counts) counts[row.kind as TransactionKind] = row.n
  }
  return { all, ...counts }
}

import type { Agent, RefundStatus } from '../../shared/values.ts'
import type { DayTotals, LedgerCounts, LedgerItem } from '../../shared/views.ts'
import { type DaySpan, dayOf, quarterHour } from '../domain/days.ts'
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

/** A search by words looks at this many of the newest rows. */
const boundedScan = 50_000

/** SQL conditions and their values, built from fixed texts only. */
interface Condition {
  sql: string
  values: unknown[]
}

/** One value can be looked up in an index, in row order; several only be told from others. */
function oneOf(column: string, values: readonly string[] | undefined): Condition[] {
  if (!values || values.length === 0) return []
  if (values.length === 1) return [{ sql: `${column} = ?`, values: [...values] }]
  return [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }]
}

/** A row's own agent, else that of the case in which it counts. */
const agentOf = 'coalesce(t.agent, (SELECT of.agent FROM refund_cases of WHERE of.case_id = t.case_id))'

const ofAgent = (agent: Agent | undefined): Condition[] => (agent ? [{ sql: `${agentOf} = ?`, values: [agent] }] : [])

/** What a filter says, its text aside. */
const conditions = (accountId: number, filter: LedgerFilter): Condition[] => [
  // An index is worth using for more than the account: by that alone it would bring the rows out of their order.
  { sql: filter.kinds?.length === 1 ? 't.account_id = ?' : '+t.account_id = ?', values: [accountId] },
  ...ofAgent(filter.agent),
  ...oneOf('t.kind', filter.kinds),
  ...oneOf('t.feature', filter.features),
  ...oneOf('t.source', filter.sources),
]

const where = (all: readonly Condition[]) => ({
  sql: all.map((condition) => condition.sql).join(' AND '),
  values: all.flatMap((condition) => condition.values),
})

const textOf = (row: Pick<LedgerRow, 'prompt' | 'model' | 'job_model' | 'memo'>): string =>
  [row.prompt, row.model, row.job_model, row.memo].filter(Boolean).join('\n')

/** The row id of a transaction; null where there is none. */
export const findTransaction = (database: Readable, accountId: number, id: string): number | null =>
  scalar<[number, string], number>(
    database,
    'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?',
  ).get(accountId, id) ?? null

/** The row id from which a search by words looks; null where it looks at everything. */
const oldestSearched = (database: Readable, accountId: number): number | null =>
  scalar<[number, number], number>(
    database,
    `SELECT row_id FROM credit_transactions WHERE +account_id = ? AND row_id < ${Number.MAX_SAFE_INTEGER}
     ORDER BY row_id DESC LIMIT 1 OFFSET ?`,
  ).get(accountId, boundedScan - 1) ?? null

/** A page of the ledger, newest first, below the row id `before`, each row with the balance after it. */
export function listLedger(
  database: Readable,
  account: { account_id: number; balance: number },
  filter: LedgerFilter,
  before: number,
  limit: number,
): { items: LedgerItem[]; next: number | null; searchedNewest: number | null } {
  const words = queryWords(filter.text ?? '')
  const oldest = words.length > 0 ? oldestSearched(database, account.account_id) : null
  const found = where([
    ...conditions(account.account_id, filter),
    { sql: 't.row_id < ?', values: [before] },
    ...(oldest === null ? [] : [{ sql: 't.row_id >= ?', values: [oldest] }]),
  ])
  const sql = `${select} WHERE ${found.sql} ORDER BY t.row_id DESC`
  const rows: LedgerRow[] = []
  let more = false
  for (const row of statement<unknown[], LedgerRow>(database, sql).iterate(...found.values)) {
    if (words.length > 0 && !matchesQuery(textOf(row), words)) continue
    if (rows.length === limit) {
      more = true
      break
    }
    rows.push(row)
  }
  return {
    items: withBalances(database, account, rows),
    next: more ? (rows.at(-1)?.row_id ?? null) : null,
    searchedNewest: oldest === null ? null : boundedScan,
  }
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

/** The charges nearest to a moment, at most `reach` milliseconds away, newest first. */
export function chargesAround(
  database: Readable,
  account: { account_id: number; balance: number },
  at: number,
  reach: number,
  limit: number,
): LedgerItem[] {
  const charges = `${select} WHERE t.account_id = ? AND t.kind = 'charge' AND t.row_id >= ? AND t.row_id < ?`
  const between = (from: number, to: number, order: 'ASC' | 'DESC') =>
    statement<unknown[], LedgerRow>(database, `${charges} ORDER BY t.row_id ${order} LIMIT ?`).all(
      account.account_id,
      firstRowId(from),
      firstRowId(to),
      limit,
    )
  const apart = (row: LedgerRow) => Math.abs(row.occurred_at - at)
  const nearest = [...between(at - reach, at, 'DESC'), ...between(at, at + reach, 'ASC')]
    .sort((a, b) => apart(a) - apart(b))
    .slice(0, limit)
  return withBalances(
    database,
    account,
    nearest.sort((a, b) => b.row_id - a.row_id),
  )
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
     WHERE +account_id = ? AND row_id > ? AND row_id <= ? AND withdrawn_at IS NULL`,
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

/** Credits charged and given back per local day, of the rows that fit the filter, its text aside. */
export function dailyTotals(
  database: Readable,
  accountId: number,
  filter: LedgerFilter,
  { days, from, to }: DaySpan,
  timeZone: string,
): DayTotals[] {
  const totals = new Map(days.map((day) => [day, { day, charged: 0, refunded: 0 }]))
  const found = where([
    ...conditions(accountId, filter),
    { sql: 't.row_id >= ? AND t.row_id < ?', values: [firstRowId(from), firstRowId(to)] },
  ])
  const rows = statement<unknown[], { kind: string; quarter: number; amount: number }>(
    database,
    `SELECT t.kind, t.occurred_at / ${quarterHour} AS quarter, sum(t.amount) AS amount FROM credit_transactions t
     WHERE ${found.sql} AND t.kind IN ('charge', 'refund') AND t.withdrawn_at IS NULL GROUP BY t.kind, quarter`,
  ).all(...found.values)
  for (const { kind, quarter, amount } of rows) {
    const total = totals.get(dayOf(quarter * quarterHour, timeZone))
    if (!total) continue
    if (kind === 'charge') total.charged -= amount
    else total.refunded += amount
  }
  return [...totals.values()]
}

interface LedgerGroup {
  kind: string
  feature: string | null
  rows: number
}

/** How many rows each chip would show: kinds count within the features and the other way round. */
export function countLedger(database: Readable, accountId: number, filter: LedgerFilter): LedgerCounts {
  const { agent, text, kinds, features } = filter
  const words = queryWords(text ?? '')
  const groups =
    words.length > 0 ? groupsMatching(database, accountId, agent, words) : ledgerGroups(database, accountId, agent)
  const counts: LedgerCounts = { total: 0, kinds: {}, features: {} }
  for (const { kind, feature, rows } of groups) {
    const kindFits = !kinds?.length || kinds.includes(kind)
    const featureFits = !features?.length || (feature !== null && features.includes(feature))
    if (kindFits && featureFits) counts.total += rows
    if (featureFits) counts.kinds[kind] = (counts.kinds[kind] ?? 0) + rows
    if (kindFits && feature !== null) counts.features[feature] = (counts.features[feature] ?? 0) + rows
  }
  return counts
}

function ledgerGroups(database: Readable, accountId: number, agent: Agent | undefined): LedgerGroup[] {
  const found = where([{ sql: 't.account_id = ?', values: [accountId] }, ...ofAgent(agent)])
  return statement<unknown[], LedgerGroup>(
    database,
    `SELECT t.kind, t.feature, count(*) AS rows FROM credit_transactions t INDEXED BY credits_counted
     WHERE ${found.sql} GROUP BY t.kind, t.feature`,
  ).all(...found.values)
}

function groupsMatching(
  database: Readable,
  accountId: number,
  agent: Agent | undefined,
  words: string[],
): LedgerGroup[] {
  const oldest = oldestSearched(database, accountId) ?? 0
  const found = where([...conditions(accountId, { agent }), { sql: 't.row_id >= ?', values: [oldest] }])
  return statement<unknown[], LedgerRow>(database, `${select} WHERE ${found.sql}`)
    .all(...found.values)
    .filter((row) => matchesQuery(textOf(row), words))
    .map(({ kind, feature }) => ({ kind, feature, rows: 1 }))
}

import type { Agent, RefundStatus } from '../../shared/values.ts'
import type { DayTotals, LedgerCounts, LedgerItem } from '../../shared/views.ts'
import { type DaySpan, dayOf, quarterHour } from '../domain/days.ts'
import { firstRowId } from '../domain/ledger.ts'
import { matchesQuery, queryWords } from '../domain/search-text.ts'
import { caseName } from './case-queries.ts'
import { newestOfFacets, readRows } from './facets.ts'
import { changeBetween, changeSince, type LedgerFacetFilter, ledgerFacets } from './ledger-facets.ts'
import type { RowSpan } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

export interface LedgerFilter extends LedgerFacetFilter {
  text?: string
}

interface LedgerRow {
  row_id: number
  facet_id: number
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
  retracted_at: number | null
  case_id: number | null
  refund_status: RefundStatus | null
  prompt: string | null
  job_agent: Agent | null
  job_model: string | null
  named_job: string | null
  result_id: string | null
  reverses_at: number | null
}

const columns = `t.row_id, t.facet_id, t.id, t.kind, t.feature, t.source, t.amount, t.balance_after, t.occurred_at, t.agent,
    t.model, t.memo, t.job_id, t.reverses, t.expires_at, t.retracted_at, t.case_id, g.refund_status,
    j.prompt, j.agent AS job_agent, j.model AS job_model, j.id AS named_job,
    (SELECT r.result_id FROM results r WHERE r.job_row_id = j.row_id AND r.mime_type NOT LIKE 'audio/%'
     ORDER BY r.position LIMIT 1) AS result_id,
    (SELECT o.occurred_at FROM credit_transactions o WHERE o.account_id = t.account_id AND o.id = t.reverses) AS reverses_at`
const withRecords = `LEFT JOIN refund_cases c ON c.case_id = t.case_id
  LEFT JOIN case_facets g ON g.facet_id = c.facet_id
  LEFT JOIN jobs j ON t.case_id % 2 = 0 AND j.row_id = t.case_id / 2`

const select = `SELECT ${columns} FROM credit_transactions t ${withRecords}`

/** A search by words looks at this many of the newest rows. */
const boundedScan = 50_000

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
  const facets = ledgerFacets(database, account.account_id, filter).map((facet) => facet.facet_id)
  const span = { from: oldest ?? 0, below: before }
  const found = words.length > 0 ? rowsWithWords(database, facets, span, words) : rowsOfFacets(database, facets, span)
  const rows: LedgerRow[] = []
  let more = false
  for (const row of found) {
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

function* rowsOfFacets(database: Readable, facets: readonly number[], span: RowSpan): Generator<LedgerRow> {
  const sql = `SELECT ${columns} FROM json_each(?) i CROSS JOIN credit_transactions t ON t.row_id = i.value ${withRecords}`
  yield* readRows<LedgerRow>(database, sql, newestOfFacets(database, 'credit_transactions', facets, span))
}

function* rowsWithWords(
  database: Readable,
  facets: readonly number[],
  { from, below }: RowSpan,
  words: readonly string[],
): Generator<LedgerRow> {
  const ofFacets = new Set(facets)
  const sql = `${select} WHERE t.row_id >= ? AND t.row_id < ? ORDER BY t.row_id DESC`
  for (const row of statement<[number, number], LedgerRow>(database, sql).iterate(from, below)) {
    if (ofFacets.has(row.facet_id) && matchesQuery(textOf(row), words)) yield row
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
  const charges = `${select} WHERE +t.account_id = ? AND t.kind = 'charge' AND t.row_id >= ? AND t.row_id < ?`
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
  const [newest] = rows
  if (!newest) return []
  let balance = account.balance - changeSince(database, account.account_id, newest.row_id)
  let last = newest.row_id
  return rows.map((row) => {
    balance -= changeBetween(database, account.account_id, row.row_id, last)
    last = row.row_id
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
  retractedAt: row.retracted_at,
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
  const { text: _, ...narrowed } = filter
  const isNarrow = Object.values(narrowed).some((values) => values?.length)
  const facets = ledgerFacets(database, accountId, isNarrow ? narrowed : { kinds: ['charge', 'refund'] })
  const rows = statement<unknown[], { kind: string; quarter: number; amount: number }>(
    database,
    `SELECT t.kind, t.occurred_at / ${quarterHour} AS quarter, sum(t.amount) AS amount FROM credit_transactions t
     WHERE t.facet_id IN (SELECT value FROM json_each(?)) AND t.row_id >= ? AND t.row_id < ?
       AND t.kind IN ('charge', 'refund') AND t.retracted_at IS NULL GROUP BY t.kind, quarter`,
  ).all(JSON.stringify(facets.map((facet) => facet.facet_id)), firstRowId(from), firstRowId(to))
  for (const { kind, quarter, amount } of rows) {
    const total = totals.get(dayOf(quarter * quarterHour, timeZone))
    if (!total) continue
    if (kind === 'charge') total.charged -= amount
    else total.refunded += amount
  }
  return [...totals.values()]
}

/** How many rows each chip would show: kinds count within the features and the other way round. */
export function countLedger(database: Readable, accountId: number, filter: LedgerFilter): LedgerCounts {
  const { agent, text, kinds, features } = filter
  const words = queryWords(text ?? '')
  const facets = ledgerFacets(database, accountId, { agent })
  const rowsOf =
    words.length > 0
      ? countWithWords(database, accountId, facets, words)
      : new Map(facets.map((facet) => [facet.facet_id, facet.rows]))
  const counts: LedgerCounts = { total: 0, kinds: {}, features: {} }
  for (const { facet_id: id, kind, feature } of facets) {
    const rows = rowsOf.get(id) ?? 0
    if (rows === 0) continue
    const kindFits = !kinds?.length || kinds.includes(kind)
    const featureFits = !features?.length || (feature !== null && features.includes(feature))
    if (kindFits && featureFits) counts.total += rows
    if (featureFits) counts.kinds[kind] = (counts.kinds[kind] ?? 0) + rows
    if (kindFits && feature !== null) counts.features[feature] = (counts.features[feature] ?? 0) + rows
  }
  return counts
}

function countWithWords(
  database: Readable,
  accountId: number,
  facets: readonly { facet_id: number }[],
  words: readonly string[],
): Map<number, number> {
  const rowsOf = new Map<number, number>()
  const span = { from: oldestSearched(database, accountId) ?? 0, below: Number.MAX_SAFE_INTEGER }
  const ids = facets.map((facet) => facet.facet_id)
  for (const { facet_id: id } of rowsWithWords(database, ids, span, words)) rowsOf.set(id, (rowsOf.get(id) ?? 0) + 1)
  return rowsOf
}

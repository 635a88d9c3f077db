/** Pages, counts and totals of the ledger: the view `v_ledger` and the table `credit_transactions`. */
import type { DayTotals, LedgerCounts, LedgerItem } from '../../shared/views.ts'
import { type DateRange, dayOf, quarterHour } from '../domain/days.ts'
import { aboveAllIds, firstRowId } from '../domain/ledger.ts'
import { queryMatcher, queryWords } from '../domain/search-text.ts'
import { caseNameOf } from './case-queries.ts'
import { newestOfFacets, readRows } from './facets.ts'
import { changeBetween, changeSince, type LedgerFacetFilter, ledgerFacets } from './ledger-facets.ts'
import type { AccountRow, LedgerRow } from './schema/views.ts'
import type { RowIdRange } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

export interface LedgerFilter extends LedgerFacetFilter {
  text?: string
}

/** A search reads this many of the newest rows. */
const boundedScan = 50_000

const textOf = (row: Pick<LedgerRow, 'prompt' | 'model' | 'jobModel' | 'memo'>): string =>
  [row.prompt, row.model, row.jobModel, row.memo].filter(Boolean).join('\n')

/** The row id of a transaction; null if it is not stored. */
export const findTransaction = (database: Readable, accountId: number, id: string): number | null =>
  scalar<[number, string], number>(
    database,
    'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?',
  ).get(accountId, id) ?? null

/** The oldest row id that a search reads; null if it reads everything. */
const oldestSearched = (database: Readable, accountId: number): number | null =>
  scalar<[number, number], number>(
    database,
    `SELECT row_id FROM credit_transactions WHERE +account_id = ? AND row_id < ${aboveAllIds}
     ORDER BY row_id DESC LIMIT 1 OFFSET ?`,
  ).get(accountId, boundedScan - 1) ?? null

/** A page of the ledger, newest first, below the row id `before`, each row with the balance after it. */
export function listLedger(
  database: Readable,
  account: Pick<AccountRow, 'accountId' | 'balance'>,
  filter: LedgerFilter,
  before: number,
  limit: number,
): { items: LedgerItem[]; next: number | null; searchedNewest: number | null } {
  const words = queryWords(filter.text ?? '')
  const oldest = words.length > 0 ? oldestSearched(database, account.accountId) : null
  const facets = ledgerFacets(database, account.accountId, filter).map((facet) => facet.facetId)
  const range = { from: oldest ?? 0, below: before }
  const found = words.length > 0 ? rowsWithWords(database, facets, range, words) : rowsOfFacets(database, facets, range)
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
    next: more ? (rows.at(-1)?.rowId ?? null) : null,
    searchedNewest: oldest === null ? null : boundedScan,
  }
}

function* rowsOfFacets(database: Readable, facets: readonly number[], range: RowIdRange): Generator<LedgerRow> {
  const sql = 'SELECT v.* FROM json_each(?) i CROSS JOIN v_ledger v WHERE v.rowId = i.value'
  yield* readRows<LedgerRow>(database, sql, newestOfFacets(database, 'credit_transactions', facets, range))
}

function* rowsWithWords(
  database: Readable,
  facets: readonly number[],
  { from, below }: RowIdRange,
  words: readonly string[],
): Generator<LedgerRow> {
  const ofFacets = new Set(facets)
  const matches = queryMatcher(words)
  const sql = 'SELECT * FROM v_ledger WHERE rowId >= ? AND rowId < ? ORDER BY rowId DESC'
  for (const row of statement<[number, number], LedgerRow>(database, sql).iterate(from, below)) {
    if (ofFacets.has(row.facetId) && matches(textOf(row))) yield row
  }
}

/** The rows of one case, oldest first. */
export function ledgerOfCase(
  database: Readable,
  account: Pick<AccountRow, 'accountId' | 'balance'>,
  caseId: number,
): LedgerItem[] {
  const rows = statement<[number], LedgerRow>(
    database,
    'SELECT * FROM v_ledger WHERE caseId = ? ORDER BY rowId DESC',
  ).all(caseId)
  return withBalances(database, account, rows).reverse()
}

/** The charges nearest to the time `at`, at most `reach` milliseconds away, newest first. */
export function chargesAround(
  database: Readable,
  account: Pick<AccountRow, 'accountId' | 'balance'>,
  at: number,
  reach: number,
  limit: number,
): LedgerItem[] {
  const between = (from: number, to: number, order: 'ASC' | 'DESC') =>
    statement<[object], LedgerRow>(
      database,
      `SELECT * FROM v_ledger
       WHERE +accountId = @accountId AND kind = 'charge' AND rowId >= @from AND rowId < @below
       ORDER BY rowId ${order} LIMIT @limit`,
    ).all({ accountId: account.accountId, from: firstRowId(from), below: firstRowId(to), limit })
  const apart = (row: LedgerRow) => Math.abs(row.occurredAt - at)
  const nearest = [...between(at - reach, at, 'DESC'), ...between(at, at + reach, 'ASC')]
    .sort((a, b) => apart(a) - apart(b))
    .slice(0, limit)
  return withBalances(
    database,
    account,
    nearest.sort((a, b) => b.rowId - a.rowId),
  )
}

/** Adds the balance after each row: the stated balance less everything newer. `rows` are newest first. */
function withBalances(
  database: Readable,
  account: Pick<AccountRow, 'accountId' | 'balance'>,
  rows: readonly LedgerRow[],
): LedgerItem[] {
  const [newest] = rows
  if (!newest) return []
  let balance = account.balance - changeSince(database, account.accountId, newest.rowId)
  let last = newest.rowId
  return rows.map((row) => {
    balance -= changeBetween(database, account.accountId, row.rowId, last)
    last = row.rowId
    return toLedgerItem(row, balance)
  })
}

function toLedgerItem(row: LedgerRow, runningBalance: number): LedgerItem {
  const { rowId, accountId, facetId, caseId, caseAgent, chargeId, jobModel, thumbnailId, ...item } = row
  const thumbnail =
    thumbnailId && caseAgent && row.jobId ? { agent: caseAgent, jobId: row.jobId, resultId: thumbnailId } : null
  return { ...item, runningBalance, case: caseNameOf(row), thumbnail }
}

/** Credits charged and refunded per local day by the rows that match the filter; its text does not count. */
export function dailyTotals(
  database: Readable,
  accountId: number,
  filter: LedgerFilter,
  { days, from, to }: DateRange,
  timeZone: string,
): DayTotals[] {
  const totals = new Map(days.map((day) => [day, { day, charged: 0, refunded: 0 }]))
  const { text: _, ...values } = filter
  const isFiltered = Object.values(values).some((value) => value?.length)
  const facets = ledgerFacets(database, accountId, isFiltered ? values : { kinds: ['charge', 'refund'] })
  const rows = statement<[object], { kind: string; quarter: number; amount: number }>(
    database,
    `SELECT t.kind, t.occurred_at / ${quarterHour} AS quarter, sum(t.amount) AS amount FROM credit_transactions t
     WHERE t.facet_id IN (SELECT value FROM json_each(@facets)) AND t.row_id >= @from AND t.row_id < @below
       AND t.kind IN ('charge', 'refund') AND t.retracted_at IS NULL GROUP BY t.kind, quarter`,
  ).all({ facets: JSON.stringify(facets.map((facet) => facet.facetId)), from: firstRowId(from), below: firstRowId(to) })
  for (const { kind, quarter, amount } of rows) {
    const total = totals.get(dayOf(quarter * quarterHour, timeZone))
    if (!total) continue
    if (kind === 'charge') total.charged -= amount
    else total.refunded += amount
  }
  return [...totals.values()]
}

/**
 * The number of rows that each filter chip would show: kinds count within the chosen features, and features within the
 * kinds.
 */
export function countLedger(database: Readable, accountId: number, filter: LedgerFilter): LedgerCounts {
  const { agent, text, kinds, features } = filter
  const words = queryWords(text ?? '')
  const facets = ledgerFacets(database, accountId, { agent })
  const rowsOf =
    words.length > 0
      ? countWithWords(database, accountId, facets, words)
      : new Map(facets.map((facet) => [facet.facetId, facet.rows]))
  const counts: LedgerCounts = { total: 0, kinds: {}, features: {} }
  for (const { facetId: id, kind, feature } of facets) {
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
  facets: readonly { facetId: number }[],
  words: readonly string[],
): Map<number, number> {
  const rowsOf = new Map<number, number>()
  const range = { from: oldestSearched(database, accountId) ?? 0, below: aboveAllIds }
  const ids = facets.map((facet) => facet.facetId)
  for (const { facetId: id } of rowsWithWords(database, ids, range, words)) rowsOf.set(id, (rowsOf.get(id) ?? 0) + 1)
  return rowsOf
}

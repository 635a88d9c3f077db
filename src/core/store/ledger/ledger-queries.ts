/** Pages, counts and totals of the ledger: the view `v_ledger` and the table `credit_transactions`. */
import { agents } from '../../../shared/values.ts'
import type { AccountView, LedgerCounts, LedgerItem } from '../../../shared/views.ts'
import { aboveAllIds, firstRowId } from '../../domain/ledger.ts'
import { queryMatcher, queryWords } from '../../domain/search-text.ts'
import type { AccountScope, NameOfAccount } from '../accounts/account-scope.ts'
import { isImported } from '../accounts/accounts.ts'
import { caseNameOf } from '../cases/case-queries.ts'
import { rowsNamingJobs } from '../cases/link-rows.ts'
import { inBatches, newestOfFacets, readRows } from '../facets.ts'
import type { Readable } from '../handles.ts'
import type { RowIdRange } from '../jobs/search.ts'
import type { AccountRow, LedgerRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { type LedgerFacetFilter, ledgerFacets } from './ledger-facets.ts'
import { changeBetween, changeSince } from './ledger-totals.ts'

export interface LedgerFilter extends LedgerFacetFilter {
  text?: string
}

/** A search reads this many of the newest rows. */
const boundedScan = 50_000

/** What a search reads of each row. */
type SearchedRow = Pick<LedgerRow, 'rowId' | 'facetId' | 'prompt' | 'model' | 'jobModel' | 'memo'>
const searchedColumns = 'v.rowId, v.facetId, v.prompt, v.model, v.jobModel, v.memo'

const textOf = (row: SearchedRow): string => [row.prompt, row.model, row.jobModel, row.memo].filter(Boolean).join('\n')

/** The row id of a transaction of one of some accounts, of the first that has it; null if none does. */
export function findTransaction(database: Readable, accounts: readonly number[], id: string): number | null {
  const sql = 'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?'
  const find = scalar<[number, string], number>(database, sql)
  return accounts.flatMap((accountId) => find.get(accountId, id) ?? [])[0] ?? null
}

/** The oldest row id that a search reads; null if it reads everything. */
function oldestSearched(database: Readable, accounts: readonly number[]): number | null {
  const shown = JSON.stringify(accounts)
  const areOthers = scalar<[string], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM accounts WHERE account_id NOT IN (SELECT value FROM json_each(?)))',
  ).get(shown)
  // Without other accounts, the account of each row need not be read, which takes most of the time.
  const oldest = scalar<[object], number>(
    database,
    `SELECT row_id FROM credit_transactions WHERE (@shown IS NULL OR +account_id IN (SELECT value FROM json_each(@shown)))
       AND row_id < ${aboveAllIds} ORDER BY row_id DESC LIMIT 1 OFFSET @newer`,
  )
  return oldest.get({ shown: areOthers ? shown : null, newer: boundedScan - 1 }) ?? null
}

/** A page of the ledger, newest first, below the row id `before`, each row with the balance of its account after it. */
export function listLedger(
  database: Readable,
  { accounts, ids, nameOf }: AccountScope,
  filter: LedgerFilter,
  before: number,
  limit: number,
): { items: LedgerItem[]; next: number | null; searchedNewest: number | null } {
  const search = textSearch(database, ids, filter.text)
  const oldest = search ? oldestSearched(database, ids) : null
  const facets = ledgerFacets(database, ids, filter).map((facet) => facet.facetId)
  const range = { from: oldest ?? 0, below: before }
  const found = search
    ? wholeRows(database, rowsWithText(database, facets, range, search))
    : rowsOfFacets(database, facets, range)
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
    items: withBalancesOfEach(database, accounts, rows, nameOf),
    next: more ? (rows.at(-1)?.rowId ?? null) : null,
    searchedNewest: oldest === null ? null : boundedScan,
  }
}

/** A page of the whole ledger as `listLedger` gives it, without the facets, which take longer than the rows. */
export function listWholeLedger(
  database: Readable,
  account: BalanceAccount,
  before: number,
  limit: number,
): { items: LedgerItem[]; next: number | null } {
  const sql = 'SELECT * FROM v_ledger WHERE rowId < ? AND +accountId = ? ORDER BY rowId DESC LIMIT ?'
  const rows = statement<[number, number, number], LedgerRow>(database, sql).all(before, account.accountId, limit)
  const next = rows.length === limit ? (rows.at(-1)?.rowId ?? null) : null
  return { items: withBalances(database, account, rows), next }
}

const rowsById = (columns: string) =>
  `SELECT ${columns} FROM json_each(?) i CROSS JOIN v_ledger v WHERE v.rowId = i.value`

function* rowsOfFacets(database: Readable, facets: readonly number[], range: RowIdRange): Generator<LedgerRow> {
  yield* readRows<LedgerRow>(database, rowsById('v.*'), newestOfFacets(database, 'credit_transactions', facets, range))
}

/** A parsed search text: its words, and the rows that it names by an id, newest first. */
interface TextSearch {
  words: readonly string[]
  named: readonly number[]
}

/** Rows with every word, and rows that the text names by an id, which may be older than the searched range. */
function* rowsWithText(
  database: Readable,
  facets: readonly number[],
  { from, below }: RowIdRange,
  { words, named }: TextSearch,
): Generator<SearchedRow> {
  const ofFacets = new Set(facets)
  const matches = queryMatcher(words)
  const isNamed = new Set(named)
  const sql = `SELECT ${searchedColumns} FROM v_ledger v WHERE v.rowId >= ? AND v.rowId < ? ORDER BY v.rowId DESC`
  for (const row of statement<[number, number], SearchedRow>(database, sql).iterate(from, below)) {
    const fits = isNamed.has(row.rowId) || (words.length > 0 && matches(textOf(row)))
    if (fits && ofFacets.has(row.facetId)) yield row
  }
  const older = named.filter((rowId) => rowId < Math.min(from, below))
  for (const row of readRows<SearchedRow>(database, rowsById(searchedColumns), older)) {
    if (ofFacets.has(row.facetId)) yield row
  }
}

function* wholeRows(database: Readable, found: Iterable<SearchedRow>): Generator<LedgerRow> {
  for (const rows of inBatches(found)) {
    const ids = rows.map(({ rowId }) => rowId)
    yield* readRows<LedgerRow>(database, rowsById('v.*'), ids)
  }
}

/** Parses a search text; null if it has neither words nor the id of a row. */
function textSearch(database: Readable, accounts: readonly number[], given = ''): TextSearch | null {
  const text = given.trim()
  const search = { words: queryWords(text), named: text === '' ? [] : rowsNamed(database, accounts, text) }
  return search.words.length + search.named.length > 0 ? search : null
}

/** The rows whose transaction, job or refunded charge has the id `text`, also with the apostrophe of our CSV in front. */
function rowsNamed(database: Readable, accounts: readonly number[], text: string): number[] {
  const find = scalar<[object], number>(
    database,
    `SELECT row_id FROM credit_transactions WHERE account_id = @accountId AND id = @id
     UNION ALL SELECT row_id FROM credit_transactions WHERE account_id = @accountId AND reverses = @id
     UNION ALL ${rowsNamingJobs()}`,
  )
  const ids = text.startsWith("'") ? [text, text.slice(1)] : [text]
  const ofAll = (id: string) => {
    const named = { id, jobIds: JSON.stringify([id]), agents: JSON.stringify(agents) }
    const found = accounts.flatMap((accountId) => find.all({ accountId, ...named }))
    return [...new Set(found)].sort((a, b) => b - a)
  }
  return ids.map(ofAll).find((rows) => rows.length > 0) ?? []
}

/** The rows of one case, oldest first. */
export function ledgerOfCase(database: Readable, account: BalanceAccount, caseId: number): LedgerItem[] {
  const rows = statement<[number], LedgerRow>(
    database,
    'SELECT * FROM v_ledger WHERE caseId = ? ORDER BY rowId DESC',
  ).all(caseId)
  return withBalances(database, account, rows).reverse()
}

/** Some ledger rows, oldest first. */
export function ledgerRows(database: Readable, account: BalanceAccount, rowIds: readonly number[]): LedgerItem[] {
  const row = statement<[number], LedgerRow>(database, 'SELECT * FROM v_ledger WHERE rowId = ?')
  const newestFirst = rowIds.toSorted((a, b) => b - a).flatMap((rowId) => row.get(rowId) ?? [])
  return withBalances(database, account, newestFirst).reverse()
}

/** The charges nearest to the time `at`, at most `reach` milliseconds away, newest first. */
export function chargesAround(
  database: Readable,
  account: BalanceAccount,
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

type BalanceAccount = Pick<AccountRow, 'accountId' | 'signInMethod' | 'balance' | 'balanceAsOf'>

/** The stated balance of an account with its time (epoch ms); for imports, that of the newest row. Null if none is stated. */
export function statedBalance(
  database: Readable,
  account: BalanceAccount,
): Pick<AccountView, 'balance' | 'balanceAsOf'> {
  if (!isImported(account)) return { balance: account.balance, balanceAsOf: account.balanceAsOf }
  const newest = statement<[number], { balance: number | null; at: number }>(
    database,
    `SELECT balance_after AS balance, occurred_at AS at FROM credit_transactions
     WHERE +account_id = ? AND row_id < ${aboveAllIds} ORDER BY row_id DESC LIMIT 1`,
  ).get(account.accountId)
  if (!newest || newest.balance === null) return { balance: null, balanceAsOf: null }
  return { balance: newest.balance, balanceAsOf: newest.at }
}

/** Adds the running balance to rows of several accounts, each within its own account. `rows` are newest first. */
function withBalancesOfEach(
  database: Readable,
  accounts: readonly BalanceAccount[],
  rows: readonly LedgerRow[],
  nameOf: NameOfAccount,
): LedgerItem[] {
  const itemOf = new Map<number, LedgerItem>()
  for (const account of accounts) {
    const { accountId } = account
    const own = rows.filter((row) => row.accountId === accountId)
    const items = withBalances(database, account, own, nameOf(accountId))
    for (const [index, item] of items.entries()) itemOf.set((own[index] as LedgerRow).rowId, item)
  }
  return rows.flatMap(({ rowId }) => itemOf.get(rowId) ?? [])
}

/** Adds the balance after each row: the stated balance less everything newer. `rows` are newest first. */
function withBalances(
  database: Readable,
  account: BalanceAccount,
  rows: readonly LedgerRow[],
  name: string | null = null,
): LedgerItem[] {
  const [newest] = rows
  if (!newest) return []
  const { balance: stated } = statedBalance(database, account)
  if (stated === null) return rows.map((row) => toLedgerItem(row, null, name))
  let balance = stated - changeSince(database, account.accountId, newest.rowId)
  let last = newest.rowId
  return rows.map((row) => {
    balance -= changeBetween(database, account.accountId, row.rowId, last)
    last = row.rowId
    return toLedgerItem(row, balance, name)
  })
}

function toLedgerItem(row: LedgerRow, runningBalance: number | null, account: string | null): LedgerItem {
  const { rowId, accountId, facetId, caseId, caseAgent, chargeId, jobModel, thumbnailId, ...item } = row
  const thumbnail =
    thumbnailId && caseAgent && row.jobId ? { agent: caseAgent, jobId: row.jobId, resultId: thumbnailId } : null
  return { ...item, account, runningBalance, case: caseNameOf(row), thumbnail }
}

/**
 * The number of rows that each filter chip would show: kinds count within the chosen features, and features within the
 * kinds.
 */
export function countLedger(database: Readable, accounts: readonly number[], filter: LedgerFilter): LedgerCounts {
  const { agent, text, kinds, features } = filter
  const search = textSearch(database, accounts, text)
  const facets = ledgerFacets(database, accounts, { agent })
  const rowsOf = search
    ? countWithText(database, accounts, facets, search)
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

function countWithText(
  database: Readable,
  accounts: readonly number[],
  facets: readonly { facetId: number }[],
  search: TextSearch,
): Map<number, number> {
  const rowsOf = new Map<number, number>()
  const range = { from: oldestSearched(database, accounts) ?? 0, below: aboveAllIds }
  const ids = facets.map((facet) => facet.facetId)
  for (const { facetId: id } of rowsWithText(database, ids, range, search)) rowsOf.set(id, (rowsOf.get(id) ?? 0) + 1)
  return rowsOf
}

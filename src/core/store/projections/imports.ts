/** The projection of imports: the ledger rows that only imports know, merged from all tables of an account. */
import { beginningOf } from '../../domain/days.ts'
import {
  type ListedTransaction,
  lengthOf,
  type MergedTransaction,
  mergeTransactions,
} from '../../domain/import/merge.ts'
import { chargeCaseId, firstImportedRowId, firstRowId, isImportedRowId } from '../../domain/ledger.ts'
import { updateReach } from '../cases/cases-by-status.ts'
import { type LinkRow, linkColumns } from '../cases/link-rows.ts'
import { chargedAgain } from '../cases/near-jobs.ts'
import { type Changes, noChanges } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { type CountedTransaction, importedOfDay, saveTransactionId } from '../imports/imports.ts'
import { isHashOf, removeImportedRow, transactionWriter } from '../ledger/credits.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { isFromService, koreanDayOfRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'

/** Days of one slice, whose rows are merged in about 10 ms. */
const sliceDays = 20

export const imports: Projection = {
  name: 'imports',
  version: 2,
  apply(database, { accountId }, changes) {
    const days = new Set(changes.importedDays)
    if (hasImports(database, accountId)) for (const day of changes.ledgerDays) days.add(day)
    let isChanged = false
    for (const day of days) isChanged = mergeDay(database, accountId, day, changes) || isChanged
    // New stated balances may move the jumps between them.
    if (isChanged) updateReach(database, accountId, changes.cases)
    return 0
  },
  rebuild(database, before) {
    const days = importedDays(database, before, sliceDays)
    const records = new Map<number, Changes>()
    for (const { accountId, day } of days) {
      const changes = records.get(accountId) ?? noChanges()
      records.set(accountId, changes)
      mergeDay(database, accountId, day, changes)
    }
    for (const [accountId, { cases }] of records) updateReach(database, accountId, cases)
    const last = days.at(-1)
    return { next: last && days.length >= sliceDays ? last.day : null, rows: days.length, changed: 0, records }
  },
  total: (database) => scalar<[], number>(database, 'SELECT count(DISTINCT day) FROM import_rows').get() ?? 0,
}

const hasImports = (database: Readable, accountId: number): boolean =>
  scalar<[number], number>(database, 'SELECT EXISTS (SELECT 1 FROM import_batches WHERE account_id = ?)').get(
    accountId,
  ) === 1

/** The newest `count` days below `before` with imported rows, one entry per account and day. */
export const importedDays = (database: Readable, before: number, count: number): { accountId: number; day: number }[] =>
  statement<[number, number], { accountId: number; day: number }>(
    database,
    `SELECT DISTINCT b.account_id AS accountId, r.day FROM import_rows r JOIN import_batches b ON b.batch_id = r.batch_id
     WHERE r.day IN (SELECT DISTINCT day FROM import_rows WHERE day < ? ORDER BY day DESC LIMIT ?)
     ORDER BY r.day DESC, b.account_id`,
  ).all(before, count)

/** The days for which the ledger has, or should have, imported rows. Reads the whole ledger in its order. */
export const storedDays = (database: Readable, accountId: number): number[] =>
  scalar<[object], number>(
    database,
    `SELECT r.day FROM import_batches b JOIN import_rows r ON r.batch_id = b.batch_id
     WHERE b.account_id = @accountId AND r.day IS NOT NULL
     UNION SELECT ${koreanDayOfRow('row_id')} FROM credit_transactions
     WHERE +account_id = @accountId AND NOT ${isFromService}`,
  ).all({ accountId })

/** The rows that the imports of one day add to the ledger, with their row ids. */
interface DayOfImports {
  wanted: (MergedTransaction & { rowId: number })[]
  /** The rows of the imports, each with the id of its ledger row. */
  rows: (CountedTransaction & { nowId: string })[]
}

/** Merges the imports of one day with the rows of the service; reads only. */
export function mergedDay(database: Readable, accountId: number, day: number): DayOfImports {
  const rows = importedOfDay(database, accountId, day)
  const service = listedOfDay(database, accountId, day)
  const { transactions, ids } = mergeTransactions(rows, service)
  const taken = new Set(rowIdsOfOthers(database, accountId, day))
  let last = 0
  const wanted = transactions.map((transaction) => {
    let rowId = Math.max(last + 1, firstImportedRowId(transaction.occurredAt))
    while (taken.has(rowId) || !isImportedRowId(rowId)) rowId++
    last = rowId
    return { ...transaction, rowId }
  })
  return { wanted, rows: rows.map((row, index) => ({ ...row, nowId: ids[index] as string })) }
}

/** The row ids of the day that are taken by the service or by other accounts, since all accounts share row ids. */
const rowIdsOfOthers = (database: Readable, accountId: number, day: number): number[] =>
  scalar<[object], number>(
    database,
    `SELECT row_id FROM credit_transactions
     WHERE row_id >= @from AND row_id < @below AND (account_id <> @accountId OR ${isFromService})`,
  ).all({ accountId, ...rowIdsOf(day) })

/** The rows of the service on one day. */
export const listedOfDay = (database: Readable, accountId: number, day: number): ListedTransaction[] =>
  statement<[object], ListedTransaction>(
    database,
    `SELECT id, occurred_at AS occurredAt, amount, kind, ${textOfRow('feature')} AS feature FROM credit_transactions
     WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND ${isFromService}`,
  ).all({ accountId, ...rowIdsOf(day) })

interface StoredRow extends LinkRow {
  hash: Buffer
  precisionMs: number
  retractedAt: number | null
}

/** The stored ledger rows of one day that only imports know. */
export const storedImports = (database: Readable, accountId: number, day: number): StoredRow[] =>
  statement<[object], StoredRow>(
    database,
    `SELECT ${linkColumns}, hash, precision_ms AS precisionMs, retracted_at AS retractedAt FROM credit_transactions
     WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND NOT ${isFromService}`,
  ).all({ accountId, ...rowIdsOf(day) })

const rowIdsOf = (day: number) => ({ from: firstRowId(beginningOf(day)), below: firstRowId(beginningOf(day + 1)) })

/** Whether the ledger holds a merged row exactly as it is wanted. */
export const isStoredAs = (stored: StoredRow, wanted: DayOfImports['wanted'][number]): boolean =>
  stored.rowId === wanted.rowId &&
  stored.id === wanted.id &&
  stored.precisionMs === lengthOf[wanted.precision] &&
  stored.retractedAt === wanted.retractedAt &&
  isHashOf(stored.hash, wanted)

/** Brings the ledger rows of one day in step with the imports, and reports the changes. Returns whether rows changed. */
function mergeDay(database: Writable, accountId: number, day: number, changes: Changes): boolean {
  const { wanted, rows } = mergedDay(database, accountId, day)
  const stored = new Map(storedImports(database, accountId, day).map((row) => [row.rowId, row]))
  const missing = wanted.filter((row) => {
    const known = stored.get(row.rowId)
    if (!known || !isStoredAs(known, row)) return true
    stored.delete(row.rowId)
    return false
  })
  const removed = [...stored.values()]
  const charges = removed.filter(({ kind }) => kind === 'charge').map(({ rowId }) => chargeCaseId(rowId))
  // Later charges of a job depend on the first one, which may be removed.
  for (const caseId of chargedAgain(database, accountId, new Set(charges))) changes.cases.add(caseId)
  for (const row of removed) removeImportedRow(database, accountId, row, changes)
  const writer = transactionWriter(database, accountId)
  for (const row of missing)
    writer.write(row, { ...row, listingEpoch: 0, precisionMs: lengthOf[row.precision], caseId: null }, changes)
  writer.saveTotals()
  for (const row of rows) {
    if (row.transactionId === row.nowId) continue
    saveTransactionId(database, row, row.nowId)
    if (row.transactionId !== null) changes.renamedCredits.set(row.transactionId, row.nowId)
  }
  return missing.length + removed.length > 0
}

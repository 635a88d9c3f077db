/** Adds, undoes, redoes and rereads imports, each in one transaction with everything that depends on it. */
import { AppError } from '../../shared/errors.ts'
import type { Reading } from '../../shared/imports.ts'
import { beginningOf, koreanDayOf } from '../domain/days.ts'
import { apartFrom, type BatchTransaction, lengthOf, mergeTransactions } from '../domain/import/merge.ts'
import type { AgreedReading } from '../domain/import/remembered.ts'
import { caseContext } from '../store/cases/cases.ts'
import { openCases } from '../store/cases/cases-by-status.ts'
import { noteDecisionTime } from '../store/cases/due-cases.ts'
import { unnamedRefundAmounts } from '../store/cases/unnamed-refunds.ts'
import { noChanges } from '../store/changes.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { contentsOf } from '../store/imports/folders.ts'
import { type ImportedJob, jobNamesOf, saveImportedJobs } from '../store/imports/imported-jobs.ts'
import {
  type BatchRow,
  daysOfBatch,
  findBatch,
  importedOfDay,
  insertBatch,
  refundsListedUntil,
  rememberReading,
  saveImported,
  saveRows,
  saveUndone,
  type TableRow,
  updateBatch,
} from '../store/imports/imports.ts'
import { decideMatches } from '../store/matching/match-run.ts'
import { listedOfDay } from '../store/projections/imports.ts'
import { applyChanges } from '../store/projections/projection.ts'

/** A table with the reading to which the user agreed, as JSON. */
export interface AgreedTable {
  source: string
  format: string
  layout: string
  reading: string
  /** The parts of the reading that the user changed; see `changedParts`. */
  changed: string[]
  rows: readonly TableRow[]
  /** The period that the table covers, which may end after its newest row; `to` is exclusive. */
  covers: { from: number; to: number } | null
  /** The number of its rows that the account already has; null if not counted yet. */
  recognised: number | null
  /** The jobs beside it; only an export of this app has any. */
  jobs?: readonly ImportedJob[]
}

/**
 * The positions of the rows that the account already has, by another import or from the service. The value is true if the balances
 * of both rows prove it.
 */
export function recognisedRows(
  database: Readable,
  accountId: number,
  rows: readonly TableRow[],
  { batchId = Number.MAX_SAFE_INTEGER, isOther = (other: number) => other !== batchId } = {},
): Map<number, boolean> {
  const recognised = new Map<number, boolean>()
  for (const [day, own] of Map.groupBy(transactionsOf(rows, batchId), ({ occurredAt }) => koreanDayOf(occurredAt))) {
    const others = importedOfDay(database, accountId, day).filter((row) => isOther(row.batchId))
    const service = listedOfDay(database, accountId, day)
    const { ids } = mergeTransactions([...others, ...own], service)
    const known = new Map(service.map(({ id }): [string, boolean] => [id, false]))
    for (const [index, { balanceAfter }] of others.entries()) {
      const id = ids[index] as string
      known.set(id, (known.get(id) ?? false) || balanceAfter !== null)
    }
    for (const [index, row] of own.entries()) {
      const id = ids[others.length + index] as string
      // A row that a table shows twice with one id is one row.
      const hasBalance = known.get(id)
      if (hasBalance === undefined) known.set(id, false)
      else recognised.set(row.position, hasBalance && row.balanceAfter !== null)
    }
  }
  return recognised
}

/** Keeps the rows at some positions apart from all rows of earlier imports and of the service. */
export function keptApart(
  database: Readable,
  accountId: number,
  rows: readonly TableRow[],
  positions: ReadonlySet<number>,
  batchId = Number.MAX_SAFE_INTEGER,
): TableRow[] {
  return rows.map((row) => {
    if (!row.transaction || !positions.has(row.position)) return row
    const { transaction, position } = row
    const day = koreanDayOf(transaction.occurredAt)
    const service = listedOfDay(database, accountId, day)
    const others = importedOfDay(database, accountId, day).filter((other) => other.batchId < batchId)
    const { transactions } = mergeTransactions(others, service)
    const apart = apartFrom({ ...transaction, position, batchId }, transactions, service)
    return { ...row, transaction: { ...transaction, apart } }
  })
}

const transactionsOf = (rows: readonly TableRow[], batchId: number): BatchTransaction[] =>
  rows.flatMap(({ position, transaction }) => (transaction ? { ...transaction, position, batchId } : []))

/** The counts and the period of a batch; times in epoch ms. */
function summary({ rows, covers }: Pick<AgreedTable, 'rows' | 'covers'>) {
  const transactions = rows.flatMap(({ transaction }) => transaction ?? [])
  const most = (times: readonly number[]) => times.reduce((latest, time) => Math.max(latest, time), 0)
  const newest = most(transactions.map(({ occurredAt }) => occurredAt))
  const end = most(transactions.map(({ occurredAt, precision }) => occurredAt + lengthOf[precision]))
  return {
    rows: transactions.length,
    refused: rows.filter(({ problem }) => problem !== null).length,
    showsRefunds: Number(transactions.some(({ kind }) => kind === 'refund')),
    coversFrom: covers?.from ?? null,
    // The table may have been copied right after its newest row, unless it states a later end.
    coversTo: covers && (covers.to > end ? covers.to : newest),
  }
}

/**
 * Adds the table that `read` returns to an account, and remembers its reading for the layout. The table is not kept while everything
 * else is derived, which needs as much memory again. Returns the batch as stored. Throws `import_empty` if no row was understood.
 */
export const addBatch = (database: Writable, accountId: number, read: () => AgreedTable, now: number): BatchRow =>
  changeImports(database, accountId, now, () => {
    const table = read()
    const { source, format, layout, reading } = table
    const agreed = { source, format, layout, reading, ...summary(table) }
    const batchId = insertBatch(database, { ...agreed, accountId, importedAt: now, imported: 0 })
    saveTable(database, accountId, batchId, table, now)
    saveImportedJobs(database, batchId, table.jobs ?? [])
    return { batchId, days: daysOfBatch(database, batchId), jobs: jobNamesOf(database, batchId) }
  })

/** Removes the rows of an import from the ledger, and its jobs or those of a folder from the Library. It can be redone. Throws `import_unknown`. */
export const undoBatch = (database: Writable, batchId: number, now: number): BatchRow =>
  setUndone(database, batchId, now, now)

/** Counts an undone import again. Throws `import_unknown`. */
export const redoBatch = (database: Writable, batchId: number, now: number): BatchRow =>
  setUndone(database, batchId, null, now)

function setUndone(database: Writable, batchId: number, undoneAt: number | null, now: number): BatchRow {
  const { accountId } = findBatch(database, batchId)
  return changeImports(database, accountId, now, () => {
    saveUndone(database, batchId, undoneAt)
    return {
      batchId,
      days: daysOfBatch(database, batchId),
      contents: contentsOf(database, batchId),
      jobs: jobNamesOf(database, batchId),
    }
  })
}

/** Stores another reading of a table that was imported before. Throws `import_empty` as `addBatch` does, and `import_unknown`. */
export function rereadBatch(
  database: Writable,
  batchId: number,
  table: Pick<AgreedTable, 'reading' | 'changed' | 'rows' | 'covers' | 'recognised'>,
  now: number,
): BatchRow {
  const { accountId, layout } = findBatch(database, batchId)
  return changeImports(database, accountId, now, () => {
    const days = daysOfBatch(database, batchId)
    updateBatch(database, { batchId, reading: table.reading, ...summary(table) })
    saveTable(database, accountId, batchId, { ...table, layout }, now)
    return { batchId, days: [...days, ...daysOfBatch(database, batchId)] }
  })
}

function saveTable(
  database: Writable,
  accountId: number,
  batchId: number,
  { layout, reading, changed, rows, recognised }: Omit<AgreedTable, 'source' | 'format' | 'covers'>,
  now: number,
): void {
  const understood = rows.filter(({ transaction }) => transaction !== null).length
  if (understood === 0) throw new AppError('import_empty')
  const known = recognised ?? recognisedRows(database, accountId, rows, { batchId }).size
  saveImported(database, batchId, understood - known)
  saveRows(database, batchId, rows)
  const agreed = { ...(JSON.parse(reading) as Reading), changed } satisfies AgreedReading
  rememberReading(database, layout, JSON.stringify(agreed), now)
}

/**
 * Runs `change` and derives everything that depends on it in one transaction. `change` returns the batch, the days whose imports
 * changed, the contents of a folder, and the case names of imported jobs. Returns the batch as stored.
 */
function changeImports(
  database: Writable,
  accountId: number,
  now: number,
  change: () => { batchId: number; days: readonly number[]; contents?: readonly string[]; jobs?: readonly string[] },
): BatchRow {
  const run = database.transaction(() => {
    noteDecisionTime(database, accountId, now)
    const listedBefore = refundsListedUntil(database, accountId)
    const { batchId, days, contents = [], jobs = [] } = change()
    const changes = noChanges()
    for (const day of days) changes.importedDays.add(day)
    for (const sha256 of contents) changes.contents.add(sha256)
    for (const name of jobs) changes.importedJobs.add(name)
    // Open cases depend on the time until which the tables show refunds.
    if (refundsListedUntil(database, accountId) !== listedBefore) {
      for (const caseId of openCases(database, accountId)) changes.cases.add(caseId)
      for (const amount of unnamedRefundAmounts(database, accountId)) changes.unnamedRefunds.add(amount)
    }
    applyChanges(database, caseContext(database, accountId, now), changes)
    const areas = days.map((day) => ({ from: beginningOf(day), to: beginningOf(day + 1) }))
    decideMatches(
      database,
      accountId,
      now,
      (session) => changes.contents.size > 0 || areas.some(({ from, to }) => session.from < to && session.to > from),
    )
    return findBatch(database, batchId)
  })
  return run.immediate()
}

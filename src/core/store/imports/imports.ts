/** The tables of imports: `import_batches`, `import_rows` and `import_readings`. */
import { AppError } from '../../../shared/errors.ts'
import type { Coded, RefusedReason } from '../../../shared/imports.ts'
import { koreanDayOf } from '../../domain/days.ts'
import type { ImportSources } from '../../domain/import/lacking.ts'
import type { BatchTransaction } from '../../domain/import/merge.ts'
import { importedSignIn } from '../accounts/accounts.ts'
import { parseStored, parseStoredList } from '../file/errors.ts'
import type { Readable, Writable } from '../handles.ts'
import { insertInto, scalar, statement } from '../statement.ts'

/** An import. `reading` is JSON; `imported` counts the rows that were new, and the period is that of the table. */
export interface BatchRow {
  batchId: number
  accountId: number
  source: string
  format: string
  layout: string
  reading: string
  importedAt: number
  undoneAt: number | null
  rows: number
  imported: number
  refused: number
  showsRefunds: number
  coversFrom: number | null
  coversTo: number | null
  /** The zone in which it was read until the rows of the service proved another one; null if they never did. */
  zoneBefore: string | null
}

/** A row of an imported table: its cells, and its transaction or its problem. A notice has neither. */
export interface TableRow {
  position: number
  /** The number of the row or line in the source, as a user counts. */
  origin: number
  cells: readonly string[]
  transaction: Omit<BatchTransaction, 'batchId' | 'position'> | null
  problem: Coded<RefusedReason> | null
}

const batchColumns = `batch_id AS batchId, account_id AS accountId, source, format, layout, reading,
  imported_at AS importedAt, undone_at AS undoneAt, rows, imported, refused, shows_refunds AS showsRefunds,
  covers_from AS coversFrom, covers_to AS coversTo, zone_before AS zoneBefore`

/** The imports of an account, newest first. */
export const listBatches = (database: Readable, accountId: number): BatchRow[] =>
  statement<[number], BatchRow>(
    database,
    `SELECT ${batchColumns} FROM import_batches WHERE account_id = ? ORDER BY batch_id DESC`,
  ).all(accountId)

/** One import. Throws `import_unknown`. */
export function findBatch(database: Readable, batchId: number): BatchRow {
  const batch = statement<[number], BatchRow>(
    database,
    `SELECT ${batchColumns} FROM import_batches WHERE batch_id = ?`,
  ).get(batchId)
  if (!batch) throw new AppError('import_unknown', { id: batchId })
  return batch
}

/** Stores an import without its rows. Returns its id. */
export const insertBatch = (database: Writable, batch: Omit<BatchRow, 'batchId' | 'undoneAt' | 'zoneBefore'>): number =>
  Number(
    statement<[object]>(
      database,
      insertInto('import_batches', [
        'account_id',
        'source',
        'format',
        'layout',
        'reading',
        'imported_at',
        'rows',
        'imported',
        'refused',
        'shows_refunds',
        'covers_from',
        'covers_to',
      ]),
    ).run(batch).lastInsertRowid,
  )

/** Stores the new reading of a batch and its counts. */
export function updateBatch(
  database: Writable,
  batch: Pick<BatchRow, 'batchId' | 'reading' | 'rows' | 'refused' | 'showsRefunds' | 'coversFrom' | 'coversTo'>,
): void {
  statement<[object]>(
    database,
    `UPDATE import_batches SET reading = @reading, rows = @rows, refused = @refused, shows_refunds = @showsRefunds,
       covers_from = @coversFrom, covers_to = @coversTo WHERE batch_id = @batchId`,
  ).run(batch)
}

/** Stores how many rows of an import were new. */
export function saveImported(database: Writable, batchId: number, imported: number): void {
  statement<[object]>(database, 'UPDATE import_batches SET imported = @imported WHERE batch_id = @batchId').run({
    batchId,
    imported,
  })
}

/** Adds to the counts of a folder: results, other files, and new contents. Counts of changed files may be negative. */
export function addFileCounts(
  database: Writable,
  counts: Pick<BatchRow, 'batchId' | 'rows' | 'refused' | 'imported'>,
): void {
  statement<[object]>(
    database,
    `UPDATE import_batches SET rows = rows + @rows, refused = refused + @refused, imported = imported + @imported
     WHERE batch_id = @batchId`,
  ).run(counts)
}

/** Remembers the zone in which a table was read before it was corrected. */
export function saveZoneBefore(database: Writable, batchId: number, zone: string): void {
  statement<[object]>(database, 'UPDATE import_batches SET zone_before = @zone WHERE batch_id = @batchId').run({
    batchId,
    zone,
  })
}

/** Marks an import as undone at `time`; null if it counts again. */
export function saveUndone(database: Writable, batchId: number, time: number | null): void {
  statement<[object]>(database, 'UPDATE import_batches SET undone_at = @time WHERE batch_id = @batchId').run({
    batchId,
    time,
  })
}

/** Replaces the rows of an import. A row that is read again keeps its ledger row, so that its marks stay. */
export function saveRows(database: Writable, batchId: number, rows: readonly TableRow[]): void {
  const before = statement<[number], { origin: number; cells: string; transactionId: string | null }>(
    database,
    'SELECT origin, cells, transaction_id AS transactionId FROM import_rows WHERE batch_id = ?',
  ).all(batchId)
  // One line of the source may have several rows, so the origin alone does not identify a row.
  const transactionIds = new Map(before.map((row) => [`${row.origin} ${row.cells}`, row.transactionId]))
  statement<[number]>(database, 'DELETE FROM import_rows WHERE batch_id = ?').run(batchId)
  const insert = statement<[object]>(
    database,
    insertInto('import_rows', [
      'batch_id',
      'position',
      'origin',
      'cells',
      'understood',
      'problem',
      'day',
      'transaction_id',
    ]),
  )
  for (const { position, origin, transaction, problem, ...row } of rows) {
    const cells = JSON.stringify(row.cells)
    insert.run({
      batchId,
      position,
      origin,
      cells,
      understood: transaction && JSON.stringify(transaction),
      problem: problem && JSON.stringify(problem),
      day: transaction && koreanDayOf(transaction.occurredAt),
      transactionId: transactionIds.get(`${origin} ${cells}`) ?? null,
    })
  }
}

/** The table of an import as it was read, in its own order. */
export const tableOf = (database: Readable, batchId: number): { origin: number; cells: string[] }[] =>
  statement<[number], { origin: number; cells: string }>(
    database,
    'SELECT origin, cells FROM import_rows WHERE batch_id = ? ORDER BY origin',
  )
    .all(batchId)
    .map(({ origin, cells }) => ({ origin, cells: parseStoredList<string>(cells) }))

/** The Korean days of the rows of an import. */
export const daysOfBatch = (database: Readable, batchId: number): number[] =>
  scalar<[number], number>(database, 'SELECT DISTINCT day FROM import_rows WHERE batch_id = ? AND day IS NOT NULL').all(
    batchId,
  )

/** A row of an import that is not undone, with its last ledger row. */
export interface CountedTransaction extends BatchTransaction {
  transactionId: string | null
}

/** The rows of one day in all imports of an account that are not undone. */
export const importedOfDay = (database: Readable, accountId: number, day: number): CountedTransaction[] =>
  statement<[object], { batchId: number; position: number; understood: string; transactionId: string | null }>(
    database,
    `SELECT r.batch_id AS batchId, r.position, r.understood, r.transaction_id AS transactionId
     FROM import_batches b CROSS JOIN import_rows r INDEXED BY import_rows_by_day
       ON r.day = @day AND r.batch_id = b.batch_id
     WHERE b.account_id = @accountId AND b.undone_at IS NULL ORDER BY r.batch_id, r.position`,
  )
    .all({ accountId, day })
    .map(({ understood, ...row }) => ({ ...understoodAs(understood, day), ...row }))

type Understood = Omit<BatchTransaction, 'batchId' | 'position'>
const understoodFields = Object.keys({
  id: 1,
  occurredAt: 1,
  precision: 1,
  amount: 1,
  kind: 1,
  feature: 1,
  source: 1,
  balanceAfter: 1,
  memo: 1,
  jobId: 1,
  agent: 1,
  reverses: 1,
  model: 1,
  expiresAt: 1,
  retractedAt: 1,
} satisfies Record<keyof Omit<Understood, 'apart'>, 1>)

/** The rows of an import that the user keeps apart, by position. */
export const apartRowsOf = (database: Readable, batchId: number): Map<number, Understood> =>
  new Map(
    statement<[number], { position: number; day: number; understood: string }>(
      database,
      `SELECT position, day, understood FROM import_rows
       WHERE batch_id = ? AND understood IS NOT NULL AND json_extract(understood, '$.apart') IS NOT NULL`,
    )
      .all(batchId)
      .map(({ position, day, understood }) => [position, understoodAs(understood, day)]),
  )

/** Parses a row as it was understood. Throws `Damage` for an invalid value. */
export const understoodAs = (json: string, day: number): Understood =>
  parseStored<Understood>(
    json,
    (row) =>
      understoodFields.every((field) => Object.hasOwn(row, field)) &&
      koreanDayOf(row.occurredAt) === day &&
      Number.isSafeInteger(row.amount),
  )

/** Stores the ledger row of a row of an import. */
export function saveTransactionId(
  database: Writable,
  { batchId, position }: Pick<BatchTransaction, 'batchId' | 'position'>,
  transactionId: string | null,
): void {
  statement<[object]>(
    database,
    'UPDATE import_rows SET transaction_id = @transactionId WHERE batch_id = @batchId AND position = @position',
  ).run({ batchId, position, transactionId })
}

/** The reading to which the user agreed for tables of this layout; null if there is none. */
export const rememberedReading = (database: Readable, layout: string): string | null =>
  scalar<[string], string>(database, 'SELECT reading FROM import_readings WHERE layout = ?').get(layout) ?? null

/** Remembers the reading to which the user agreed for tables of this layout. */
export function rememberReading(database: Writable, layout: string, reading: string, now: number): void {
  statement<[object]>(
    database,
    `INSERT INTO import_readings (layout, reading, agreed_at) VALUES (@layout, @reading, @now)
     ON CONFLICT DO UPDATE SET reading = excluded.reading, agreed_at = excluded.agreed_at`,
  ).run({ layout, reading, now })
}

/** Until when the imported tables of an account show refunds (epoch ms); null if no table shows one. */
export const refundsListedUntil = (database: Readable, accountId: number): number | null =>
  scalar<[number], number | null>(
    database,
    `SELECT max(covers_to) FROM import_batches WHERE account_id = ? AND undone_at IS NULL AND shows_refunds = 1`,
  ).get(accountId) ?? null

export const importSources = (database: Readable, accountId: number): ImportSources => ({
  isImportedOnly:
    scalar<[number], string>(database, 'SELECT sign_in_method FROM accounts WHERE account_id = ?').get(accountId) ===
    importedSignIn,
  showRefunds: refundsListedUntil(database, accountId) !== null,
})

/** Reads the user's own data out of a damaged database, row by row, as far as its pages can be read. */
import type { Readable, Writable } from '../handles.ts'
import { understoodAs } from '../imports/imports.ts'
import { latestVersion } from '../migrations/index.ts'
import { statement } from '../statement.ts'
import { addKnowledge, columnsAt, type Knowledge, type Row, sameAccount } from './backup.ts'
import { isDamage, parseStored } from './errors.ts'

/** Positions that are tried beyond the counted rows of an import, for rows such as lines above the heading. */
const triedRows = 1_000

/** The number of records that were read from a damaged file. */
export interface Salvage {
  marks: number
  messages: number
  /** Imports that were not in the database yet. */
  imports: number
}

/** Adds the marks, messages, imports and originals to keep of `damaged` to `database`. Existing ones stay. */
export function salvage(database: Writable, damaged: Readable, now: number): Salvage {
  const knowledge = readKnowledge(damaged)
  const found = addKnowledge(database, knowledge, now)
  // The tables below have other columns in files of other versions.
  if (damaged.pragma('user_version', { simple: true }) !== latestVersion) return { ...found, imports: 0 }
  const add = database.transaction(() => {
    let imports = 0
    for (const { id, account } of knowledge) {
      const own = sameAccount(database, account)
      for (const batch of readableRows(damaged, 'import_batches', ['batch_id'], id)) {
        if (batch.format !== 'folder') imports += addBatch(database, damaged, { ...batch, account_id: own })
      }
      for (const row of readableRows(damaged, 'kept_originals', ['original_id'], id)) {
        const { original_id: _, ...wish } = row
        insert(database, 'kept_originals', { ...wish, account_id: own })
      }
      for (const row of readableRows(damaged, 'keep_settings', ['account_id'], id)) {
        insert(database, 'keep_settings', { ...row, account_id: own })
      }
    }
    for (const row of readableRows(damaged, 'import_readings', ['layout'])) insert(database, 'import_readings', row)
    return imports
  })
  return { ...found, imports: add.immediate() }
}

function readKnowledge(damaged: Readable): (Knowledge[number] & { id: unknown })[] {
  const columns = columnsAt(damaged.pragma('user_version', { simple: true }) as number)
  const accounts = readableRows(damaged, 'accounts', ['account_id'], undefined, columns.accounts)
  return accounts.map(({ account_id: id, ...account }) => ({
    id,
    account,
    marks: readableRows(damaged, 'marks', ['account_id', 'case_name'], id, columns.marks),
    messages: readableRows(damaged, 'support_cases', ['support_case_id'], id, columns.support_cases).map(
      ({ support_case_id: _, ...message }) => message,
    ),
    decisions: columns.match_decisions
      ? readableRows(damaged, 'match_decisions', ['account_id', 'charge_id', 'job_id'], id, columns.match_decisions)
      : [],
  }))
}

/** Adds an import with its readable rows. Returns 1 if the database did not have it. */
function addBatch(database: Writable, damaged: Readable, { batch_id: batchId, ...batch }: Row): number {
  const known = statement<[Row], Row>(
    database,
    `SELECT batch_id FROM import_batches
     WHERE account_id = @account_id AND source = @source AND imported_at = @imported_at AND layout = @layout`,
  ).get(batch)
  if (known) {
    const undone = 'UPDATE import_batches SET undone_at = @undone_at WHERE batch_id = @batch_id'
    statement<[Row]>(database, undone).run({ batch_id: known.batch_id, undone_at: batch.undone_at })
    return 0
  }
  const newId = insert(database, 'import_batches', batch).lastInsertRowid
  const count = Number(batch.rows) + Number(batch.refused) + triedRows
  for (const row of rowsOfBatch(damaged, Number(batchId), count)) {
    insert(database, 'import_rows', { ...row, batch_id: newId, transaction_id: null })
  }
  return 1
}

/** The rows of an import. If a page of them is damaged, each row is tried by its key. */
function rowsOfBatch(damaged: Readable, batchId: number, count: number): Row[] {
  const rows = damaged.prepare<[number], Row>('SELECT * FROM import_rows WHERE batch_id = ?')
  const row = damaged.prepare<[number, number], Row>('SELECT * FROM import_rows WHERE batch_id = ? AND position = ?')
  const found =
    tried(() => rows.all(batchId)) ??
    Array.from({ length: count }, (_, position) => tried(() => row.get(batchId, position)) ?? []).flat()
  return found.filter(isSound)
}

/** The readable rows of a table, read from both ends; with `accountId`, only those of that account. */
function readableRows(damaged: Readable, table: string, key: string[], accountId?: unknown, columns = '*'): Row[] {
  const rows = new Map<string, Row>()
  const selected = [columns, ...key, ...(accountId === undefined ? [] : ['account_id'])].join()
  for (const direction of ['ASC', 'DESC']) {
    const order = key.map((column) => `${column} ${direction}`).join()
    tried(() => {
      const sql = `SELECT ${selected} FROM ${table} ORDER BY ${order}`
      for (const row of damaged.prepare<[], Row>(sql).iterate()) {
        const isOurs = accountId === undefined || row.account_id === accountId
        if (isOurs && isSound(row)) rows.set(JSON.stringify(key.map((name) => row[name])), row)
      }
    })
  }
  return [...rows.values()]
}

/** The columns that hold JSON, in all tables that are read here. */
const jsonColumns = ['balances', 'links', 'cases', 'reading', 'cells', 'error']

/** Whether the values of a row are valid. */
const isSound = (row: Row): boolean =>
  tried(() => {
    for (const name of jsonColumns) if (typeof row[name] === 'string') parseStored(row[name], () => true)
    if (typeof row.understood === 'string') understoodAs(row.understood, Number(row.day))
    return true
  }) ?? false

/** The result of a read; null if it meets a damaged page. */
function tried<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

/** Inserts a row whose columns have the names of the schema, unless its key is taken. */
function insert(database: Writable, table: string, row: Row) {
  const names = Object.keys(row)
  const sql = `INSERT OR IGNORE INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`
  return statement<[Row]>(database, sql).run(row)
}

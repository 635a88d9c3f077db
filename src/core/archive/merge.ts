/** Adds the accounts of an unpacked archive to the user's database, in one transaction. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { firstImportedRowId, firstRowId, timeOfRowId } from '../domain/ledger.ts'
import { keptFile } from '../media/folders.ts'
import { restoreKnowledge } from '../store/file/backup.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { indexResultsById } from '../store/imports/folders.ts'
import { markAllForRebuild } from '../store/projections/projection.ts'
import { type ArchivedTable, archivedTables } from './tables.ts'
import type { UnpackedFile } from './unpack.ts'
import { columnsOf } from './write-archive.ts'

/** An account by its number in the archive. An existing account (not `isNew`) only gets marks, decisions and messages. */
export interface IncomingAccount {
  number: number
  isNew: boolean
}

export interface Incoming {
  /** The unpacked database, which nobody has open. */
  file: string
  accounts: readonly IncomingAccount[]
  files: readonly UnpackedFile[]
}

/**
 * Adds new accounts with all their records and files, and marks all projections for a rebuild. Returns the number of marks and
 * messages that existing accounts got. After a failure, database and files are as before.
 */
export function mergeIncoming(
  database: Writable,
  { file, accounts, files }: Incoming,
  { dataDir, now }: { dataDir: string; now: number },
): { marks: number; messages: number } {
  const added = accounts.filter(({ isNew }) => isNew)
  const moved: string[] = []
  database.prepare('ATTACH ? AS incoming').run(file)
  try {
    renumber(database, 'jobs')
    renumber(database, 'credit_transactions')
    const merge = database.transaction(() => {
      const isEmpty = count(database, 'main.accounts') === 0
      const offsets = offsetsOf(database)
      for (const { number } of added) copyAccount(database, number, offsets, isEmpty)
      const known = accounts.some(({ isNew }) => !isNew)
      const restored = known ? restoreKnowledge(database, file, now) : { marks: 0, messages: 0 }
      for (const { path, name } of files) {
        const target = keptFile(dataDir, name)
        if (existsSync(target)) continue
        mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
        renameSync(path, target)
        moved.push(target)
      }
      markAllForRebuild(database)
      return restored
    })
    return merge.immediate()
  } catch (error) {
    for (const path of moved) rmSync(path, { force: true })
    throw error
  } finally {
    database.exec('DETACH incoming')
  }
}

const count = (database: Readable, table: string): number =>
  database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number

/** Changes the row ids of incoming rows that are taken, to free ones of the same time or soon after it. */
function renumber(database: Writable, table: 'jobs' | 'credit_transactions'): void {
  const taken = database
    .prepare<[], number>(`SELECT i.row_id FROM incoming.${table} i JOIN main.${table} m ON m.row_id = i.row_id`)
    .pluck()
    .all()
  const last = database
    .prepare<[object], number | null>(
      `SELECT max(row_id) FROM (SELECT row_id FROM main.${table} WHERE row_id >= @from AND row_id < @end
         UNION ALL SELECT row_id FROM incoming.${table} WHERE row_id >= @from AND row_id < @end)`,
    )
    .pluck()
  const save = database.prepare<[number, number]>(`UPDATE incoming.${table} SET row_id = ? WHERE row_id = ?`)
  for (const rowId of taken) {
    let next: number | null = null
    for (let time = timeOfRowId(rowId); next === null; time++) {
      const [from, end] = [firstRowId(time), firstImportedRowId(time)]
      const highest = (last.get({ from, end }) as number | null) ?? from - 1
      if (highest + 1 < end) next = highest + 1
    }
    save.run(next, rowId)
  }
}

/** The offsets for the ids of an archive: the highest ids of the database, 0 if it is empty. */
type Offsets = Record<'batch_id' | 'import_job_id' | 'file_id' | 'support_case_id' | 'original_id' | 'facet_id', number>

function offsetsOf(database: Readable): Offsets {
  const highest = (table: string, column: string) =>
    database.prepare(`SELECT coalesce(max(${column}), 0) FROM main.${table}`).pluck().get() as number
  return {
    batch_id: highest('import_batches', 'batch_id'),
    import_job_id: highest('import_jobs', 'import_job_id'),
    file_id: highest('folder_files', 'file_id'),
    support_case_id: highest('support_cases', 'support_case_id'),
    original_id: highest('kept_originals', 'original_id'),
    facet_id: highest('ledger_facets', 'facet_id'),
  }
}

function copyAccount(database: Writable, number: number, offsets: Offsets, isEmpty: boolean): void {
  let accountId = 0
  for (const table of archivedTables) {
    if (table.name === 'credit_transactions') copyFacets(database, number, accountId, offsets)
    const { lastInsertRowid, changes } = copyRows(database, table, { number, accountId, offsets, isEmpty })
    if (table.name === 'accounts') accountId = Number(lastInsertRowid)
    if (table.name === 'credit_transactions') countRowsOfFacets(database, accountId)
    if (table.name === 'folders' && changes > 0) indexResultsById(database)
  }
}

function copyRows(
  database: Writable,
  { name, where }: ArchivedTable,
  { number, accountId, offsets, isEmpty }: { number: number; accountId: number; offsets: Offsets; isEmpty: boolean },
) {
  const columns = columnsOf(database, name)
    .map((column) => column.name)
    .filter((column) => !(name === 'accounts' && column === 'account_id'))
  const values = columns.map((column) => {
    if (column === 'account_id') return String(accountId)
    // The screens go on showing the same account.
    if (column === 'active_at' && !isEmpty) return '0'
    // A new account is not the synced one, since this folder is not signed in to it.
    if (column === 'synced_at' && !isEmpty) return 'NULL'
    if (column === 'case_id') return 'NULL'
    if (column === 'beside') return `beside + ${offsets.file_id}`
    return column in offsets ? `${column} + ${offsets[column as keyof Offsets]}` : column
  })
  const verb = name === 'import_readings' ? 'INSERT OR IGNORE' : 'INSERT'
  return database
    .prepare<[object]>(
      `${verb} INTO main.${name} (${columns.join(', ')})
       SELECT ${values.join(', ')} FROM incoming.${name} WHERE ${where('incoming.')}`,
    )
    .run({ accountId: number })
}

const copyFacets = (database: Writable, number: number, accountId: number, offsets: Offsets) =>
  database
    .prepare(
      `INSERT INTO main.ledger_facets (facet_id, account_id, kind, feature, source, agent)
       SELECT facet_id + ?, ?, kind, feature, source, agent FROM incoming.ledger_facets
       WHERE facet_id IN (SELECT facet_id FROM incoming.credit_transactions WHERE account_id = ?)`,
    )
    .run(offsets.facet_id, accountId, number)

/** Counts the rows of the facets at once, since lists leave out facets without rows and the rebuild comes later. */
const countRowsOfFacets = (database: Writable, accountId: number) =>
  database
    .prepare(
      `UPDATE main.ledger_facets SET rows = (
         SELECT count(*) FROM main.credit_transactions t WHERE t.facet_id = ledger_facets.facet_id)
       WHERE account_id = ?`,
    )
    .run(accountId)

/** Unpacks an archive into a separate database and separate files, and checks it before any of it reaches the user's data. */
import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as otherWork } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import { type Agent, streams } from '../../shared/values.ts'
import { mediaName } from '../media/folders.ts'
import { checkForeignKeys } from '../store/checks/file.ts'
import { checkAmounts, checkHashes, checkResults } from '../store/checks/records.ts'
import { codeOfWrite } from '../store/file/errors.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { migrate } from '../store/migrations/index.ts'
import { rebuildSlice } from '../store/projections/projection.ts'
import { createDatabase, openStore } from '../store/store.ts'
import { type ArchiveEntry, parseFilePath, tablePath } from './format.ts'
import { linesOf, parseRow } from './json-lines.ts'
import type { OpenArchive } from './open-archive.ts'
import { type ArchivedTable, tablesOfVersion } from './tables.ts'
import { columnsOf } from './write-archive.ts'

/** Rows after which progress is reported and other work runs. */
const batchRows = 500

export interface UnpackOptions {
  /** The path of the archive, for messages. */
  path: string
  /** A folder that nothing else uses. */
  folder: string
  now: number
  signal: AbortSignal | undefined
  /** Receives the number of records and files so far. */
  onProgress: ((done: number) => void) | undefined
}

/** A file that was unpacked and checked. `name` is its name in the data folder. */
export interface UnpackedFile {
  path: string
  name: string
}

/**
 * Unpacks everything and checks it: checksums, types, the hash and sign of each ledger row, and that all projections can be
 * computed. The account ids in the database are the numbers of the archive. Throws `archive_…`, or `disk_full`.
 */
export async function unpack(archive: OpenArchive, options: UnpackOptions): Promise<UnpackedFile[]> {
  const { path, folder, signal, onProgress } = options
  let done = 0
  const count = (more: number) => {
    signal?.throwIfAborted()
    done += more
    onProgress?.(done)
  }
  try {
    await unpackTables(archive, folder, count)
    await checkRecords(archive, options)
    return await unpackFiles(archive, options, count)
  } catch (error) {
    if (signal?.aborted || error instanceof AppError) throw error
    const code = codeOfWrite(String((error as { code?: string }).code))
    throw new AppError(code ?? 'archive_damaged', { path: code ? folder : path }, { cause: error })
  }
}

/** Stores the rows as they are in a database of the version that wrote them. */
async function unpackTables({ manifest, read }: OpenArchive, folder: string, count: (rows: number) => void) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'carat.db')
  createDatabase(file)
  const database = new Database(file)
  try {
    database.pragma('journal_mode = MEMORY')
    database.pragma('synchronous = OFF')
    migrate(database, manifest.schemaVersion)
    // Rows may refer to later ones; all of them are checked at the end.
    database.pragma('foreign_keys = OFF')
    const entries = new Map(manifest.entries.map((entry) => [entry.path, entry]))
    for (const [index, { folder: of }] of manifest.accounts.entries()) {
      for (const table of tablesOfVersion(manifest.schemaVersion)) {
        const entry = entries.get(tablePath(of, table.name)) as ArchiveEntry
        database.exec('BEGIN')
        const rows = await storeRows(database, table, index + 1, linesOf(read(entry)), count)
        if (rows !== entry.records) throw new Error('another number of records')
        database.exec('COMMIT')
      }
    }
  } finally {
    database.close()
  }
}

async function storeRows(
  database: Readable,
  { name, omitted }: ArchivedTable,
  accountId: number,
  lines: AsyncIterable<string>,
  count: (rows: number) => void,
): Promise<number> {
  const columns = columnsOf(database, name)
  const written = columns.filter((column) => !omitted.includes(column.name))
  const fixed: Record<string, number | null> = {
    account_id: accountId,
    evaluated_at: 0,
    facet_id: placeholderFacet(database, name, accountId),
    case_id: null,
    history_ends_at: null,
  }
  const values = columns.map((column) =>
    omitted.includes(column.name) ? `${fixed[column.name] ?? 'NULL'}` : `@${column.name}`,
  )
  // Several accounts may have tables of the same layout.
  const verb = name === 'import_readings' ? 'INSERT OR IGNORE' : 'INSERT'
  const insert = database.prepare<[object]>(
    `${verb} INTO ${name} (${columns.map((column) => column.name).join(', ')}) VALUES (${values.join(', ')})`,
  )
  let rows = 0
  for await (const line of lines) {
    insert.run(parseRow(line, written))
    rows++
    if (rows % batchRows !== 0) continue
    count(batchRows)
    await otherWork()
  }
  count(rows % batchRows)
  return rows
}

/** A facet for rows until their own is computed; null for tables without facets. */
function placeholderFacet(database: Readable, table: string, accountId: number): number | null {
  if (table !== 'credit_transactions') return null
  const insert = database.prepare('INSERT INTO ledger_facets (account_id, kind) VALUES (?, ?)')
  return Number(insert.run(accountId, '').lastInsertRowid)
}

/** Migrates the database, computes its projections, and checks the records. */
async function checkRecords({ manifest }: OpenArchive, { path, folder, now, signal }: UnpackOptions): Promise<void> {
  const { writer, close } = openStore(folder)
  try {
    while (rebuildSlice(writer, now) !== null) {
      signal?.throwIfAborted()
      await otherWork()
    }
    const checks = [checkForeignKeys(writer), checkHashes(writer), checkAmounts(writer), checkResults(writer)]
    if (checks.some(({ broken }) => broken > 0) || hasBadJson(writer) || hasUnknownStream(writer))
      throw new AppError('archive_damaged', { path })
    for (const [index, { folder: of, id, signInMethod }] of manifest.accounts.entries()) {
      const stored = identityOf(writer, index + 1)
      if (stored?.accountId !== id || stored.signInMethod !== signInMethod)
        throw new AppError('archive_entry_differs', { path, entry: tablePath(of, 'accounts') })
    }
  } finally {
    close()
  }
}

const identityOf = (database: Readable, accountId: number) =>
  database
    .prepare<[number], { accountId: string; signInMethod: string }>(
      'SELECT id AS accountId, sign_in_method AS signInMethod FROM accounts WHERE account_id = ?',
    )
    .get(accountId)

/** Columns with JSON that is not checked by computing the projections. */
const jsonColumns = {
  accounts: ['balances', 'links'],
  sync_streams: ['error', 'shortenings'],
  support_cases: ['cases'],
  import_batches: ['reading'],
  import_rows: ['cells', 'problem'],
  import_jobs: ['record'],
  kept_originals: ['error'],
}

const hasBadJson = (database: Writable): boolean =>
  Object.entries(jsonColumns).some(([table, columns]) => {
    const isBad = columns.map((column) => `(${column} <> '' AND NOT json_valid(${column}))`).join(' OR ')
    return database.prepare(`SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${isBad})`).pluck().get() === 1
  })

const hasUnknownStream = (database: Writable): boolean =>
  ['sync_streams', 'quarantined_records'].some(
    (table) =>
      database
        .prepare<[string], number>(
          `SELECT EXISTS (SELECT 1 FROM ${table} WHERE stream NOT IN (SELECT value FROM json_each(?)))`,
        )
        .pluck()
        .get(JSON.stringify(streams)) === 1,
  )

async function unpackFiles(
  { manifest, read }: OpenArchive,
  { path: archive, folder }: UnpackOptions,
  count: (files: number) => void,
): Promise<UnpackedFile[]> {
  const files: UnpackedFile[] = []
  const target = join(folder, 'files')
  mkdirSync(target, { mode: 0o700 })
  const known = knownNames(folder, manifest.accounts.length)
  for (const entry of manifest.entries.filter(({ records }) => records === null)) {
    const { folder: of, kind, name } = parseFilePath(entry.path) as NonNullable<ReturnType<typeof parseFilePath>>
    const account = manifest.accounts.findIndex((found) => found.folder === of)
    const isKnown = kind === 'copies' ? name === entry.sha256 : known[account]?.has(name)
    if (!isKnown) throw new AppError('archive_entry_unknown', { path: archive, entry: entry.path })
    const path = join(target, String(files.length))
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const block of read(entry)) {
        count(0)
        await file.write(block)
      }
      await file.datasync()
    } finally {
      await file.close()
    }
    files.push({ path, name })
    count(1)
  }
  return files
}

/** The names of the kept files of each account. */
function knownNames(folder: string, accounts: number): Set<string>[] {
  const { writer, close } = openStore(folder)
  try {
    return Array.from({ length: accounts }, (_, index) => {
      const owner = identityOf(writer, index + 1) as NonNullable<ReturnType<typeof identityOf>>
      const refs = writer
        .prepare<[number], { agent: Agent; jobId: string; resultId: string }>(
          'SELECT agent, job_id AS jobId, result_id AS resultId FROM kept_originals WHERE account_id = ?',
        )
        .all(index + 1)
      return new Set(
        refs.flatMap((ref) => (['original', 'thumbnail'] as const).map((size) => mediaName(owner, { ...ref, size }))),
      )
    })
  } finally {
    close()
  }
}

/**
 * Opens the database file `carat.db`: checks its origin, configures the connection, migrates, and locks the data
 * folder.
 */
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import {
  hasHadDatabase,
  incomingFolder,
  isThere,
  prepareDataFolder,
  refuseLostDatabase,
  refuseUnreadableLog,
  usedLockSize,
} from './file/data-folder.ts'
import { codeOfWrite, explainStoreError, isDamage } from './file/errors.ts'
import { asErrorOf, copyDataFolder } from './file/folder-copy.ts'
import { noteFiles } from './file/moved-files.ts'
import type { Readable, ReadStore, Store, Writable } from './handles.ts'
import { latestVersion, migrate } from './migrations/index.ts'
import { prepareProjections } from './projections/projection.ts'
import { assertDerivedSchema } from './schema/derived.ts'
import { statement } from './statement.ts'

/** "CRTC" in the header of our files distinguishes them from the databases of other programs. */
const applicationId = 0x43525443
const lockedByOther = 'SQLITE_BUSY'
/** The newest version of SQLite's file format: with a write-ahead log. */
const latestFormat = 2

/**
 * Opens (and creates, and migrates) `carat.db` for writing, and takes the lock of the data folder until `close`.
 * Throws `AppError`; a file that is refused stays as it was, byte for byte.
 */
export function openStore(dataDir: string): Store {
  const path = join(dataDir, 'carat.db')
  let lock: Database.Database | null = null
  let database: Database.Database | null = null
  try {
    refuseForeignFile(path)
    prepareDataFolder(dataDir)
    refuseLostDatabase(dataDir)
    lock = takeLock(dataDir)
    rmSync(incomingFolder(dataDir), { recursive: true, force: true })
    // Closing a writable connection moves the log of a killed program into its file, so a foreign file is refused before.
    if (isThere(`${path}-wal`)) {
      refuseUnreadableLog(`${path}-wal`)
      openFile(path).close()
    }
    if (!existsSync(path)) createDatabase(path)
    database = new Database(path)
    configure(database)
    refuseForeignDatabase(database, path)
    // Without shared memory SQLite keeps its old journal and says nothing.
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
      throw new AppError('data_folder_on_network', { path: dataDir })
    }
    migrate(database)
    assertDerivedSchema(database)
    const writer = database as Writable
    prepareProjections(writer)
    noteFiles(writer)
    markUsed(lock)
    const held = lock
    return {
      reader: writer,
      writer,
      close() {
        // No ANALYZE: with statistics, SQLite sorts whole tables for lists that it otherwise reads in row order.
        writer.close()
        held.close()
      },
    }
  } catch (error) {
    database?.close()
    lock?.close()
    throw explainOpening(error, dataDir)
  }
}

/**
 * Opens an existing `carat.db` read-only, beside its writer. Throws `AppError`: `database_older` if the writer is an older
 * version of the app, whose tables this version cannot read.
 */
export function openReader(dataDir: string): ReadStore {
  const path = join(dataDir, 'carat.db')
  try {
    refuseLostDatabase(dataDir)
    if (!existsSync(path)) throw new AppError('database_lost', { path: dataDir })
    const reader = openFile(path)
    // A quarter of what a sync needs: the system keeps the rest of the file, and searches take no longer.
    reader.pragma('cache_size = -16384')
    const version = reader.pragma('user_version', { simple: true }) as number
    if (version < latestVersion) {
      reader.close()
      throw new AppError('database_older', { path, file: version, app: latestVersion })
    }
    noteFiles(reader)
    return { reader, close: () => reader.close() }
  } catch (error) {
    throw explainOpening(error, dataDir)
  }
}

/** Where our database was, a file that looks foreign is a damaged database. */
function explainOpening(error: unknown, dataDir: string): unknown {
  const known = explainStoreError(error, dataDir)
  const looksForeign = known instanceof AppError && known.code === 'database_foreign'
  return looksForeign && hasHadDatabase(dataDir) && statSync(join(dataDir, 'carat.db')).isFile()
    ? new AppError('database_corrupt', { path: dataDir }, { cause: error })
    : known
}

/**
 * Opens a temporary copy of a data folder in which nothing can be written, and migrates and locks only the copy. Errors name
 * the folder. The copy is removed at `close`. Throws as `copyDataFolder` and `openStore` do.
 */
export function openCopy(dataDir: string): Store & { path: string } {
  const { path, remove } = copyDataFolder(dataDir)
  try {
    const store = openStore(path)
    return {
      ...store,
      path,
      close() {
        store.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw asErrorOf(dataDir, path, error)
  }
}

/**
 * Runs a short, synchronous read in one transaction, so that it sees one state and SQLite locks the file once.
 */
export function readAtOnce<T>(database: Readable, read: () => T): T {
  statement(database, 'BEGIN').run()
  try {
    return read()
  } finally {
    statement(database, 'COMMIT').run()
  }
}

/**
 * Runs a long read on a connection of its own, in one read transaction: every page of it shows the same state of the database,
 * while other reads and the writer go on. Closes the connection when `read` ends, also if it fails. Throws `AppError`.
 */
export async function readSnapshot<T>(dataDir: string, read: (database: Readable) => Promise<T>): Promise<T> {
  const { reader, close } = openReader(dataDir)
  try {
    // It reads every page about once, in order.
    reader.pragma('cache_size = -4096')
    reader.exec('BEGIN')
    return await read(reader)
  } finally {
    close()
  }
}

/** Opens one of our files read-only, be it in use or a copy. Throws `AppError` for any other file. */
export function openFile(path: string): Readable {
  refuseForeignFile(path)
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    configure(database)
    refuseForeignDatabase(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function configure(database: Database.Database): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  // Older versions can corrupt a WAL file that two connections use at once.
  if (major * 1_000_000 + minor * 1_000 + patch < 3_051_003) throw new AppError('runtime_too_old', { version })
  database.pragma('busy_timeout = 5000')
  database.pragma('synchronous = FULL')
  database.pragma('fullfsync = ON')
  database.pragma('foreign_keys = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  database.pragma('temp_store = MEMORY')
  // 24 MB. A first sync is not faster with 64.
  database.pragma('cache_size = -24576')
}

/** Checks the header of the file before SQLite opens it. */
function refuseForeignFile(path: string): void {
  if (!existsSync(path)) return
  if (!statSync(path).isFile()) throw new AppError('database_foreign', { path })
  if (statSync(path).size === 0) return
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, header, 0, header.length, 0)
    // Zeros or a cut header are the marks of a failed disk; other programs do not write them.
    const isCut =
      length < header.length && 'SQLite format 3\0'.startsWith(header.toString('latin1', 0, Math.min(length, 16)))
    if (isCut || header.every((byte) => byte === 0)) throw new AppError('database_corrupt', { path: dirname(path) })
    if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw new AppError('database_foreign', { path })
    }
    // SQLite reports an unknown format as a file that it may not write to.
    if (Math.max(header.readUInt8(18), header.readUInt8(19)) > latestFormat)
      throw new AppError('database_corrupt', { path: dirname(path) })
  } finally {
    closeSync(file)
  }
  checkOrigin(header.readUInt32BE(60), header.readUInt32BE(68), path)
}

/** Checks the origin as SQLite sees it, including a write-ahead log that is not in the file yet. */
function refuseForeignDatabase(database: Database.Database, path: string): void {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  const id = database.pragma('application_id', { simple: true }) as number
  if (tables > 0 && id !== applicationId) throw new AppError('database_foreign', { path })
  checkOrigin(database.pragma('user_version', { simple: true }) as number, id, path)
}

function checkOrigin(version: number, id: number, path: string): void {
  const untouched = id === 0 && version === 0
  if (id !== applicationId && !untouched) throw new AppError('database_foreign', { path })
  if (version > latestVersion) throw new AppError('database_newer', { path, file: version, app: latestVersion })
}

/**
 * Takes the lock of the data folder: an exclusive lock on a file beside the database, which the system frees after a
 * kill.
 */
export function takeLock(dataDir: string): Database.Database {
  try {
    return lockFile(dataDir)
  } catch (error) {
    if (!isDamage(error)) throw error
    // Damage means that SQLite could read it, so no process holds the lock. Its content is not needed, so empty it in place.
    truncateSync(join(dataDir, 'carat.lock'))
    return lockFile(dataDir)
  }
}

/**
 * Creates an empty database under the lock of its folder. The file appears with its first page, so an empty file is always
 * a lost database.
 */
export function createDatabase(path: string): void {
  const unfinished = `${path}.part`
  rmSync(unfinished, { force: true })
  const database = new Database(unfinished)
  try {
    database.pragma(`application_id = ${applicationId}`)
  } finally {
    database.close()
  }
  renameSync(unfinished, path)
}

/** Fills the lock file once the folder has a database, so that `refuseLostDatabase` notices its loss. */
function markUsed(lock: Database.Database): void {
  if (lock.pragma('application_id', { simple: true }) === applicationId) return
  try {
    lock.pragma(`application_id = ${applicationId}`)
    // The exclusive mode keeps the lock in between.
    lock.exec('COMMIT; BEGIN EXCLUSIVE')
  } catch (error) {
    if (codeOfWrite(String((error as { code?: string }).code)) !== 'disk_full') throw error
  }
}

function lockFile(dataDir: string): Database.Database {
  const lock = new Database(join(dataDir, 'carat.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.pragma('journal_mode = MEMORY')
    lock.pragma(`page_size = ${usedLockSize}`)
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code === lockedByOther) throw new AppError('data_folder_in_use', { path: dataDir })
    throw error
  }
}

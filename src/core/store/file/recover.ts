/** Recovers a damaged or lost database: moves its files aside, and begins again from a backup or an empty database. */
import { copyFileSync, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError, isDamageCode, isUnwritableCode } from '../../../shared/errors.ts'
import type { Recovered } from '../../../shared/views.ts'
import { checkFile } from '../checks/file.ts'
import type { ReadStore } from '../handles.ts'
import { latestVersion } from '../migrations/index.ts'
import { markAllForRebuild, rebuildAll } from '../projections/projection.ts'
import { createDatabase, openCopy, openFile, openReader, openStore, takeLock } from '../store.ts'
import { verifyStore } from '../verify.ts'
import { checkBackup } from './backup.ts'
import { backupsIn, prepareDataFolder, refuseLostDatabase, stampOf, writeError } from './data-folder.ts'
import { explainStoreError, isDamage } from './errors.ts'
import { type Salvage, salvage } from './salvage.ts'

/** The suffixes of the files of a database. */
const ends = ['', '-wal', '-shm']

/**
 * Moves the damaged database aside, without deleting it, and puts a backup in its place: the one at the path `chosen`, by default
 * the newest intact one. Without a backup, or for null, it begins empty. Adds the marks, messages and imports that can be read
 * from the damaged file; the next sync adds the rest. Throws `nothing_to_recover` if the database is whole,
 * `data_folder_in_use`, and as `checkBackup` does; nothing has changed then.
 */
export function recoverStore(dataDir: string, now: number, chosen?: string | null): Recovered {
  try {
    prepareDataFolder(dataDir)
    if (chosen) checkBackup(chosen)
    const lock = takeLock(dataDir)
    let moved: string | null
    let backup: string | null
    try {
      if (isWhole(dataDir, now)) throw new AppError('nothing_to_recover', { path: dataDir })
      backup = chosen === undefined ? (backupsIn(dataDir).find(isIntact) ?? null) : chosen
      moved = moveAside(dataDir, now)
      begin(dataDir, backup)
    } finally {
      lock.close()
    }
    const store = openStore(dataDir)
    try {
      const found = moved === null ? nothing : salvageFrom(moved, (damaged) => salvage(store.writer, damaged, now))
      markAllForRebuild(store.writer)
      rebuildAll(store.writer, now)
      return { aside: moved, backup, ...found }
    } finally {
      store.close()
    }
  } catch (error) {
    throw explainStoreError(error, dataDir)
  }
}

const nothing: Salvage = { marks: 0, messages: 0, imports: 0 }

/** Whether every page and every promise of the database holds. Throws for a file that is not ours to move. */
function isWhole(dataDir: string, now: number): boolean {
  try {
    refuseLostDatabase(dataDir)
    if (!existsSync(join(dataDir, 'carat.db'))) return true
    return holdsPromises(dataDir, now) && hasFreePages(join(dataDir, 'carat.db'))
  } catch (error) {
    if (isDamage(error) || (error instanceof AppError && isDamageCode(error.code))) return false
    throw error
  }
}

function holdsPromises(dataDir: string, now: number): boolean {
  const { reader, close } = openReaderOfAnyVersion(dataDir)
  try {
    const pages = checkFile(reader)
    // The promises are those of the newest version; opening the file migrates it.
    const isOlder = (reader.pragma('user_version', { simple: true }) as number) < latestVersion
    return isOlder ? pages.broken === 0 : verifyStore(reader, now, pages).every(({ broken }) => broken === 0)
  } finally {
    close()
  }
}

function openReaderOfAnyVersion(dataDir: string): ReadStore {
  try {
    return openReader(dataDir)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'database_older') throw error
    const reader = openFile(join(dataDir, 'carat.db'))
    return { reader, close: () => reader.close() }
  }
}

/** The number of free pages that are tried. SQLite uses the first pages of its list first. */
const triedPages = 1_000

/** Uses free pages on trial, since no check of SQLite reads their list. Throws the errors of damage. */
function hasFreePages(path: string): true {
  const database = new Database(path)
  try {
    const free = database.pragma('freelist_count', { simple: true }) as number
    const size = database.pragma('page_size', { simple: true }) as number
    database.exec('BEGIN IMMEDIATE; CREATE TABLE tried_pages (bytes BLOB) STRICT')
    database.prepare('INSERT INTO tried_pages VALUES (zeroblob(?))').run(Math.min(free, triedPages) * size)
    return true
  } finally {
    if (database.inTransaction) database.exec('ROLLBACK')
    database.close()
  }
}

/** Whether SQLite finds damaged pages. For errors that a damaged value may have caused elsewhere. */
export function hasDamagedPages(dataDir: string): boolean {
  try {
    const { reader, close } = openAnywhere(dataDir)
    try {
      return checkFile(reader).broken > 0
    } finally {
      close()
    }
  } catch (error) {
    return isDamage(error) || (error instanceof AppError && isDamageCode(error.code))
  }
}

/** Opens the database read-only, or a copy of it if nothing can be written beside it. */
function openAnywhere(dataDir: string): ReadStore {
  try {
    return openReader(dataDir)
  } catch (error) {
    if (error instanceof AppError && isUnwritableCode(error.code)) return openCopy(dataDir)
    throw error
  }
}

function isIntact(backup: string): boolean {
  try {
    checkBackup(backup)
    return true
  } catch {
    return false
  }
}

/** Moves the files of the database to `carat.db.damaged-TIME`. Returns that path; null if there was no file. */
function moveAside(dataDir: string, now: number): string | null {
  const path = join(dataDir, 'carat.db')
  let aside = `${path}.damaged-${stampOf(now)}`
  for (let count = 2; ends.some((end) => existsSync(aside + end)); count++) {
    aside = `${path}.damaged-${stampOf(now)}-${count}`
  }
  const left = ends.filter((end) => existsSync(path + end))
  try {
    for (const end of left) renameSync(path + end, aside + end)
  } catch (error) {
    throw writeError(error, dataDir)
  }
  return left.length > 0 ? aside : null
}

function begin(dataDir: string, backup: string | null): void {
  const path = join(dataDir, 'carat.db')
  if (backup) {
    copyFileSync(backup, `${path}.part`)
    renameSync(`${path}.part`, path)
    return
  }
  // A missing file beside damaged backups would count as lost again.
  createDatabase(path)
}

/** Salvages from the damaged file. A file that cannot be opened, such as one without its first page, gives nothing. */
function salvageFrom(path: string, read: (damaged: ReturnType<typeof openFile>) => Salvage): Salvage {
  let damaged: ReturnType<typeof openFile>
  try {
    damaged = openFile(path)
  } catch {
    return nothing
  }
  try {
    return read(damaged)
  } finally {
    damaged.close()
  }
}

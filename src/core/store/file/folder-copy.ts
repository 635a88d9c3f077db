/** Temporary copies of data folders in which nothing can be written: a read-only disk, no right to write, or no space. */
import { chmodSync, constants, copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { isThere, refuseUnreadableLog, writeError } from './data-folder.ts'

/** A folder with the copy of a database, which has its usual name. */
export interface FolderCopy {
  path: string
  remove(): void
}

const prefix = 'carat-read-'
/** Attempts to copy a database that another program changes at the same time. */
const maxAttempts = 5

/**
 * Copies the database of a data folder, with its log, which has the newest records, into the system's folder for temporary
 * files. Throws `database_log_unreadable`, `cannot_read_file`, or `disk_full` for the temporary folder.
 */
export function copyDataFolder(dataDir: string): FolderCopy {
  removeAbandoned()
  const path = makeFolder()
  const remove = () => rmSync(path, { recursive: true, force: true })
  try {
    copyDatabase(join(dataDir, 'carat.db'), join(path, 'carat.db'))
    return { path, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Rewrites the path in an error about a copy to the path in the data folder. */
export function asErrorOf(dataDir: string, copy: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const { path } = error.params
  if (typeof path !== 'string' || !path.startsWith(copy)) return error
  return new AppError(error.code, { ...error.params, path: dataDir + path.slice(copy.length) }, { cause: error })
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  } catch (error) {
    throw asCopyError(error, new AppError('cannot_write_file', { path: tmpdir() }, { cause: error }))
  }
}

/** Removes the copies of killed processes. */
function removeAbandoned(): void {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))
  for (const name of names) {
    if (isRunning(Number.parseInt(name.slice(prefix.length), 10))) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // It belongs to another user.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Copies the database and its log in one state: SQLite may move the log into the database in between. */
function copyDatabase(from: string, to: string): void {
  for (let left = maxAttempts; left > 0; left--) {
    const before = stateOf(from)
    for (const end of ['', '-wal']) copyFile(from + end, to + end)
    if (stateOf(from) === before) return
  }
  throw new AppError('data_folder_in_use', { path: dirname(from) })
}

const stateOf = (path: string): string =>
  ['', '-wal']
    .map((end) => statSync(path + end, { throwIfNoEntry: false }))
    .map((stats) => (stats ? `${stats.size}/${stats.mtimeMs}` : ''))
    .join()

function copyFile(from: string, to: string): void {
  rmSync(to, { force: true })
  if (!isThere(from)) return
  if (from.endsWith('-wal')) refuseUnreadableLog(from)
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
    // The copy must be writable, whatever the mode of the file.
    chmodSync(to, 0o600)
  } catch (error) {
    throw asCopyError(error, new AppError('cannot_read_file', { path: from }, { cause: error }))
  }
}

/** `disk_full` is about the disk of the copies, since the data folder is only read. */
function asCopyError(error: unknown, other: AppError): AppError {
  const full = writeError(error, tmpdir())
  return full.code === 'disk_full' ? full : other
}

/** The data folder, which holds the database and the backups: creates it, and names new backups in it. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { KeptFile } from '../../../shared/views.ts'
import { codeOfWrite } from './errors.ts'

/** The folder in which an archive is unpacked and checked before its import. The next start empties it after a kill. */
export const incomingFolder = (dataDir: string): string => join(dataDir, 'incoming')

/** The record of a deletion that has begun, so that the next start of the app completes it after a kill. */
export const deletionFile = (dataDir: string): string => join(dataDir, 'deletion.json')

/** The size of `carat.lock` in bytes once its folder had a database: its only page. */
export const usedLockSize = 512

/** The least space in bytes that a write to a database needs. */
const leastSpace = 4_096

/** The files of the app in a data folder. An unreadable log has an error of its own; see `refuseUnreadableLog`. */
const ownFiles = ['carat.lock', 'carat.db-shm', 'settings.json', 'deletion.json']
const ownFolders = [
  'backups',
  'media',
  'media/cache',
  'media/kept',
  'media/kept/copies',
  'media/kept/parts',
  'sandbox',
  'downloads',
  'window',
  'electron',
  'logs',
]

/** The files of sample accounts, in the folder `sandbox`. */
const sampleFile = /^sandbox.*\.json$/

/**
 * Creates the data folder if it is missing. Throws `file_in_the_way` or `folder_in_the_way` if the name of a file or folder of the
 * app is taken by something else, and as `writeError` says if nothing can be written, or a file of the app cannot be used.
 */
export function prepareDataFolder(path: string): void {
  for (const name of ownFiles) refuseInTheWay(join(path, name))
  for (const name of ownFolders) {
    if (isThere(join(path, name)) && !isFolder(join(path, name)))
      throw new AppError('folder_in_the_way', { path: join(path, name) })
  }
  try {
    createFolder(path)
    // On some systems only a real attempt shows whether writing is allowed, and whether there is space.
    const trial = mkdtempSync(join(path, '.write-'))
    try {
      writeFileSync(join(trial, 'trial'), Buffer.alloc(leastSpace))
    } finally {
      rmSync(trial, { recursive: true, force: true })
    }
  } catch (error) {
    throw writeError(error, path)
  }
  for (const name of ownFolders) requireAccess(join(path, name), constants.R_OK | constants.X_OK)
  for (const name of ['carat.db', 'carat.db-wal', ...ownFiles])
    requireAccess(join(path, name), constants.R_OK | constants.W_OK)
  const sandbox = join(path, 'sandbox')
  const samples = existsSync(sandbox) ? readdirSync(sandbox).filter((name) => sampleFile.test(name)) : []
  for (const name of samples) refuseInTheWay(join(sandbox, name))
}

/** Refuses a file or folder that this user may not use. Throws as `writeError` says. */
function requireAccess(path: string, mode: number): void {
  if (!existsSync(path)) return
  try {
    accessSync(path, mode)
  } catch (error) {
    throw writeError(error, path)
  }
}

/** Refuses a folder, or a link that leads nowhere, where the app keeps a file. Throws `file_in_the_way`. */
export function refuseInTheWay(path: string): void {
  if (isThere(path) && !isFile(path)) throw new AppError('file_in_the_way', { path })
}

/** Whether a path has anything, also a link that leads nowhere. */
export const isThere = (path: string): boolean => passes(() => lstatSync(path))
const isFile = (path: string): boolean => passes(() => statSync(path)) && statSync(path).isFile()
/** Whether a path is a folder, or a link to a folder. */
export const isFolder = (path: string): boolean => passes(() => statSync(path)) && statSync(path).isDirectory()

function passes(look: () => unknown): boolean {
  try {
    look()
    return true
  } catch {
    return false
  }
}

/** Refuses a log that cannot be read: the database without it may lack the newest records. Throws `database_log_unreadable`. */
export function refuseUnreadableLog(path: string): void {
  try {
    const file = openSync(path, 'r')
    try {
      if (!fstatSync(file).isFile()) throw new Error('no file')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new AppError('database_log_unreadable', { path }, { cause: error })
  }
}

/** Creates folder by folder: Node.js' `recursive` never returns if a parent refuses new folders, as /proc does. */
function createFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) createFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/**
 * A new backup with the time `at` (epoch ms) in its name. Creates the folder `backups` if it is missing.
 */
export function newBackup(dataDir: string, at: number): KeptFile {
  const name = `carat-${stampOf(at)}.db`
  const parent = join(dataDir, 'backups')
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw writeError(error, parent)
  }
  return { name, path: join(parent, name), at }
}

/** The time `at` (epoch ms) for a file name: 20260128T120000Z. */
export const stampOf = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')

/** The backups in the data folder, newest first, by their names. */
export function backupsIn(dataDir: string): string[] {
  const folder = join(dataDir, 'backups')
  const entries = isFolder(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.db'))
    .map(({ name }) => name)
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

/** Whether the folder had a database of ours. A file of that name is then what remains of it. */
export const hasHadDatabase = (dataDir: string): boolean =>
  backupsIn(dataDir).length > 0 || sizeOf(join(dataDir, 'carat.lock')) === usedLockSize

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * Refuses a folder whose database is empty, or missing although its log, a backup or a used lock remains: a new database would
 * hide the loss. Throws `database_lost`, `database_lost_with_backup` with the newest backup, or `file_in_the_way` for a dangling
 * link, whose target may come back.
 */
export function refuseLostDatabase(dataDir: string): void {
  const database = join(dataDir, 'carat.db')
  if (isThere(database) && !existsSync(database)) throw new AppError('file_in_the_way', { path: database })
  if (sizeOf(database) > 0) return
  const [newest] = backupsIn(dataDir)
  if (newest) throw new AppError('database_lost_with_backup', { path: dataDir, backup: newest })
  const isEmpty = existsSync(database)
  // Only the size: the lock of this process would end if it closed the file.
  if (isEmpty || sizeOf(join(dataDir, 'carat.db-wal')) > 0 || hasHadDatabase(dataDir))
    throw new AppError('database_lost', { path: dataDir })
}

/** The error to show for a failed write below the data folder: `disk_full`, or a code of `isUnwritableCode`. */
export function writeError(error: unknown, path: string): AppError {
  const code = codeOfWrite((error as NodeJS.ErrnoException).code ?? '')
  return new AppError(code ?? 'data_folder_not_writable', { path }, { cause: error })
}

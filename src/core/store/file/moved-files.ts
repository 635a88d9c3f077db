/** Notices that the files of an open database were deleted, moved or replaced: SQLite goes on writing to files without a name. */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Readable } from '../handles.ts'
import { refuseLostDatabase } from './data-folder.ts'

interface OwnFile {
  path: string
  id: bigint
}
const ownFiles = new WeakMap<Readable, OwnFile[]>()

/** Remembers which files a connection has open. Call it after the database was read, when its log exists. */
export function noteFiles(database: Readable): void {
  const files = [database.name, `${database.name}-wal`].map((path) => ({ path, id: fileId(path) }))
  ownFiles.set(
    database,
    files.filter((file): file is OwnFile => file.id !== null),
  )
}

/**
 * Refuses to use a connection whose files are no longer those of its folder. Throws `database_lost` or
 * `database_lost_with_backup` if the database has no name any more, and `database_replaced` if another file has its name, or if
 * its log is another one.
 */
export function refuseMovedFiles(database: Readable): void {
  if (ownFiles.get(database)?.every(({ path, id }) => fileId(path) === id) ?? true) return
  const path = dirname(database.name)
  if (fileId(database.name) !== null) throw new AppError('database_replaced', { path })
  refuseLostDatabase(path)
  throw new AppError('database_lost', { path })
}

/** What distinguishes a file from all others of its disk, as SQLite itself compares files; null if it is gone. */
const fileId = (path: string): bigint | null => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null

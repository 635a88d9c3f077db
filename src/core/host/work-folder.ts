/** The folder of a host: its data folder, or a temporary copy if nothing can be written there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, type ErrorView, isUnwritableCode } from '../../shared/errors.ts'
import { isFolder, prepareDataFolder, refuseLostDatabase } from '../store/file/data-folder.ts'
import { copyDataFolder } from '../store/file/folder-copy.ts'

export interface WorkFolder {
  /** The folder for everything that is written: the data folder, or a copy of what it has. */
  workDir: string
  /** Why nothing can be written to the data folder; null if it can be. */
  readOnly: ErrorView | null
  /** Removes the copy. Call after everything in it was closed. */
  leave(): void
}

/**
 * Prepares the data folder, which may be new. If nothing can be written to it, its database is shown from a copy; without a
 * database, throws as `prepareDataFolder` does.
 */
export function openWorkFolder(dataDir: string): WorkFolder {
  try {
    prepareDataFolder(dataDir)
    return { workDir: dataDir, readOnly: null, leave: () => {} }
  } catch (error) {
    if (!(error instanceof AppError) || !(isUnwritableCode(error.code) || error.code === 'disk_full')) throw error
    return openCopyFolder(dataDir, error)
  }
}

/** A copy of the data folder, because nothing can be written to that for `reason`. Throws the reason without a database. */
export function openCopyFolder(dataDir: string, reason: AppError): WorkFolder {
  refuseLostDatabase(dataDir)
  if (!existsSync(join(dataDir, 'carat.db'))) throw reason
  const { path, remove } = copyDataFolder(dataDir)
  // If the start fails later, no copy of the records may remain.
  process.once('exit', remove)
  copySmallFiles(dataDir, path)
  const leave = () => {
    process.off('exit', remove)
    remove()
  }
  return { workDir: path, readOnly: reason.toView(), leave }
}

/** The settings and the sample account. The access token stays where it is. */
function copySmallFiles(from: string, to: string): void {
  copyIfReadable(join(from, 'settings.json'), join(to, 'settings.json'))
  const sandbox = join(from, 'sandbox')
  if (!isFolder(sandbox)) return
  mkdirSync(join(to, 'sandbox'))
  for (const name of readdirSync(sandbox)) copyIfReadable(join(sandbox, name), join(to, 'sandbox', name))
}

/** Without a file that cannot be read, the app has its first settings or begins a new sample account. */
function copyIfReadable(from: string, to: string): void {
  try {
    // Not its mode, which may forbid changes of the copy.
    writeFileSync(to, readFileSync(from))
  } catch {}
}

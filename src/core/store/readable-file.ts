/** Databases in places where nothing can be written: a read-only mount, or a folder without the right to write. */
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** The path at which a database can be read, and what to do after it was closed. */
export interface ReadableFile {
  path: string
  leave(): void
}

/**
 * SQLite needs a file of shared memory beside a database with a log. If its folder cannot be written to, the database is read
 * from a copy in the system's folder for temporary files, with its log, which has the newest records.
 */
export function readableFile(path: string): ReadableFile {
  if (!existsSync(path) || canWriteBeside(path)) return { path, leave: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'carat-read-'))
  const leave = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, basename(path))
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
    return { path: copy, leave }
  } catch (error) {
    leave()
    throw error
  }
}

function canWriteBeside(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Checks of the database file: its pages and its foreign keys. */

import type { Readable } from '../handles.ts'
import { scalar } from '../statement.ts'
import { type Check, startCheck } from './check.ts'

export function checkFile(database: Readable): Check {
  const found = startCheck('file')
  const pages = database.pragma('page_count', { simple: true }) as number
  for (const problem of integrityProblems(database, 'integrity_check')) found.see(true, () => problem)
  return { ...found, checked: pages }
}

/** The problems that SQLite finds in the pages. `quick_check` does not check the indexes. */
export function integrityProblems(database: Readable, check: 'integrity_check' | 'quick_check'): string[] {
  try {
    const lines = database.pragma(check) as Record<typeof check, string>[]
    return lines.map((line) => line[check]).filter((line) => line !== 'ok')
  } catch (error) {
    // The check itself fails on some damaged pages.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT'))
      return [error.message]
    throw error
  }
}

export function checkForeignKeys(database: Readable): Check {
  const found = startCheck('foreign_keys')
  const problems = database.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[]
  for (const row of problems) found.see(true, () => `${row.table} ${row.rowid ?? ''} → ${row.parent}`)
  const referring = scalar<[], string>(
    database,
    `SELECT name FROM sqlite_schema s WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(s.name))`,
  ).all()
  const counts = referring.map((table) => `(SELECT count(*) FROM ${table})`)
  return { ...found, checked: scalar<[], number>(database, `SELECT ${counts.join(' + ')}`).get() ?? 0 }
}

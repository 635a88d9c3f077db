/** Lists the backups of a data folder with their contents. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { BackupList, BackupView } from '../../../shared/views.ts'
import type { Readable } from '../handles.ts'
import { scalar } from '../statement.ts'
import { readBackup, refuseDamagedPages } from './backup.ts'
import { backupsIn } from './data-folder.ts'

/** Reads and checks every backup in the data folder, newest first. Only those that can be restored are listed. */
export function listBackups(dataDir: string): BackupList {
  const found = backupsIn(dataDir).map(viewOf)
  const backups = found.filter((backup) => backup !== null)
  return { backups, unreadable: found.length - backups.length }
}

function viewOf(path: string): BackupView | null {
  try {
    return readBackup(path, (backup) => {
      refuseDamagedPages(backup, path)
      return {
        name: basename(path),
        path,
        at: timeOf(path),
        jobs: rowsOf(backup, 'jobs'),
        transactions: rowsOf(backup, 'credit_transactions'),
        marks: rowsOf(backup, 'marks'),
        messages: rowsOf(backup, 'support_cases'),
        imports: rowsOf(backup, 'import_batches'),
      }
    })
  } catch {
    // Damaged, foreign, or of a newer version: the caller counts it.
    return null
  }
}

/** The number of rows; none in a backup of a version without the table. */
function rowsOf(backup: Readable, table: string): number {
  const isThere = scalar<[string], number>(backup, 'SELECT count(*) FROM sqlite_schema WHERE name = ?').get(table) === 1
  return isThere ? (scalar<[], number>(backup, `SELECT count(*) FROM ${table}`).get() as number) : 0
}

/** The time in the name of a backup; that of the file if the user gave it another name. */
function timeOf(path: string): number {
  const stamp = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/.exec(path)
  const time = stamp
    ? Date.parse(`${stamp[1]}-${stamp[2]}-${stamp[3]}T${stamp[4]}:${stamp[5]}:${stamp[6]}Z`)
    : Number.NaN
  return Number.isNaN(time) ? Math.round(statSync(path).mtimeMs) : time
}

import type { Diagnostics } from '../../../shared/views.ts'
import { integrityProblems } from '../checks/file.ts'
import type { Readable } from '../handles.ts'
import { scalar } from '../statement.ts'

/** Size and state of the database for a report to support: numbers only. */
export function readDiagnostics(database: Readable): Diagnostics {
  const pragma = (name: string) => database.pragma(name, { simple: true }) as number
  const count = (table: string) => scalar<[], number>(database, `SELECT count(*) FROM ${table}`).get() ?? 0
  return {
    pages: integrityProblems(database, 'quick_check').length === 0 ? 'ok' : 'damaged',
    bytes: pragma('page_count') * pragma('page_size'),
    schemaVersion: pragma('user_version'),
    sqlite: scalar<[], string>(database, 'SELECT sqlite_version()').get() ?? '',
    jobs: count('jobs'),
    transactions: count('credit_transactions'),
    cases: count('refund_cases'),
  }
}

import type { Writable } from '../../src/core/store/handles.ts'

/** Deletes an account, because the records of earlier accounts slow the checks. */
export function deleteAccount(database: Writable, accountId: number): void {
  const jobsOf = (column: string) => `(SELECT ${column} FROM jobs WHERE account_id = ?)`
  database.prepare(`DELETE FROM job_search WHERE rowid IN ${jobsOf('row_id / 1024000')}`).run(accountId)
  database.prepare(`DELETE FROM results WHERE job_row_id IN ${jobsOf('row_id')}`).run(accountId)
  for (const table of [
    'refund_cases',
    'credit_transactions',
    'jobs',
    'job_tombstones',
    'sync_streams',
    'balance_jumps',
    'balance_hourly',
  ])
    database.prepare(`DELETE FROM ${table} WHERE account_id = ?`).run(accountId)
  database
    .prepare('DELETE FROM case_daily_totals WHERE facet_id IN (SELECT facet_id FROM case_facets WHERE account_id = ?)')
    .run(accountId)
  for (const table of ['case_facets', 'ledger_facets', 'accounts'])
    database.prepare(`DELETE FROM ${table} WHERE account_id = ?`).run(accountId)
}

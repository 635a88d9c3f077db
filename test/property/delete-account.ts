import type { Writable } from '../../src/core/store/handles.ts'

/** Deletes an account, because the records of earlier accounts slow the checks. */
export function deleteAccount(database: Writable, accountId: number): void {
  const jobsOf = (column: string) => `(SELECT ${column} FROM jobs WHERE account_id = ?)`
  const facets = '(SELECT facet_id FROM case_facets WHERE account_id = ?)'
  const remove = (table: string, where = 'account_id = ?') =>
    database.prepare(`DELETE FROM ${table} WHERE ${where}`).run(accountId)
  const ownTables = database
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table'
         AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_schema.name) WHERE name = 'account_id')`,
    )
    .pluck()
    .all() as string[]
  database.transaction(() => {
    database.pragma('defer_foreign_keys = ON')
    remove('job_search', `rowid IN ${jobsOf('row_id / 1024000')}`)
    remove('results', `job_row_id IN ${jobsOf('row_id')}`)
    // Their triggers write rollups, which go afterwards.
    remove('refund_cases')
    remove('credit_transactions')
    remove('case_daily_totals', `facet_id IN ${facets}`)
    remove('ledger_daily_totals', 'facet_id IN (SELECT facet_id FROM ledger_facets WHERE account_id = ?)')
    for (const table of ownTables) remove(table)
  })()
}

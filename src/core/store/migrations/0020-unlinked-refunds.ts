import type Database from 'better-sqlite3'

/** Adds an index of the rows that count in no case and may still give the credits of one back (rule L14). */
export function unlinkedRefunds(database: Database.Database): void {
  database.exec(`
    CREATE INDEX credits_unlinked_refunds ON credit_transactions (account_id, row_id)
      WHERE case_id IS NULL AND amount > 0 AND kind NOT IN ('charge', 'top_up', 'expiry')
        AND NOT (kind = 'grant' AND coalesce(source, '') IN ('daily_free', 'random', 'subscription'));
  `)
}

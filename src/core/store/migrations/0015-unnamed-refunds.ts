import type Database from 'better-sqlite3'

/** Rows without ids that may give credits back are refunds, adjustments, and grants that do not come by themselves. */
export function unnamedRefunds(database: Database.Database): void {
  database.exec(`
    DROP INDEX credits_unnamed_refunds;
    CREATE INDEX credits_unnamed_refunds ON credit_transactions (account_id, amount, row_id)
      WHERE reverses IS NULL AND job_id IS NULL AND amount > 0 AND (kind IN ('refund', 'adjustment')
        OR kind = 'grant' AND coalesce(source, '') NOT IN ('daily_free', 'random', 'subscription'));
  `)
}

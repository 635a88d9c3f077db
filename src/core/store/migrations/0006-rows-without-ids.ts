import type Database from 'better-sqlite3'

/** Adds what the rules for incomplete records need: when the end of a job was first seen, and refunds without ids by amount. */
export function rowsWithoutIds(database: Database.Database): void {
  database.exec(`
    ALTER TABLE jobs ADD COLUMN end_seen_at INTEGER;
    CREATE INDEX credits_unnamed_refunds ON credit_transactions (account_id, amount, row_id)
      WHERE kind = 'refund' AND reverses IS NULL AND job_id IS NULL;
  `)
}

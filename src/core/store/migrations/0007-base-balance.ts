import type Database from 'better-sqlite3'

/** Adds the balance from which the history is followed if no row of it states a balance. */
export function baseBalance(database: Database.Database): void {
  database.exec(`
    ALTER TABLE sync_streams ADD COLUMN base_balance INTEGER;
    ALTER TABLE sync_streams ADD COLUMN base_at INTEGER;
  `)
}

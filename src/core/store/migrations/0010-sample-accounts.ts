import type Database from 'better-sqlite3'

/** Marks the accounts of the sandbox, which stay beside the user's own. The next sync marks those that are there already. */
export function sampleAccounts(database: Database.Database): void {
  database.exec('ALTER TABLE accounts ADD COLUMN is_sample INTEGER NOT NULL DEFAULT 0')
}

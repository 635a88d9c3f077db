import type Database from 'better-sqlite3'

/** Remembers which account the imports of a joined account came from, so that both can be separated again. */
export function joinedAccounts(database: Database.Database): void {
  database.exec(`
    -- The account that an account of imports was joined to, and when; null for an account of its own.
    ALTER TABLE accounts ADD COLUMN joined_to INTEGER;
    ALTER TABLE accounts ADD COLUMN joined_at INTEGER;
    -- The joined account from which a row came. Without a foreign key: a deletion finds the rows by account_id.
    ALTER TABLE import_batches ADD COLUMN home_account_id INTEGER;
    ALTER TABLE marks ADD COLUMN home_account_id INTEGER;
    ALTER TABLE support_cases ADD COLUMN home_account_id INTEGER;
    ALTER TABLE match_decisions ADD COLUMN home_account_id INTEGER;
  `)
}

import type Database from 'better-sqlite3'

/** Adds changes of the balance that no row explains, and how far the history reaches. The next sync fills them. */
export function balanceJumps(database: Database.Database): void {
  database.exec(`
    CREATE TABLE balance_jumps (
      account_id INTEGER NOT NULL REFERENCES accounts,
      -- The row that states the changed balance; the greatest id for the balance of the account.
      row_id INTEGER NOT NULL,
      amount INTEGER NOT NULL,
      cause TEXT,
      PRIMARY KEY (account_id, row_id)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE sync_streams ADD COLUMN checked_balance INTEGER;
    ALTER TABLE sync_streams ADD COLUMN checked_at INTEGER;
    ALTER TABLE sync_streams ADD COLUMN checked_daily INTEGER;
    ALTER TABLE sync_streams ADD COLUMN history_ends_at INTEGER;
  `)
}

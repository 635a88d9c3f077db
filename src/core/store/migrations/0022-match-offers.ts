import type Database from 'better-sqlite3'

/** Adds the list of charges for which matching offers results that nobody has decided on. */
export function matchOffers(database: Database.Database): void {
  database.exec(`
    CREATE TABLE match_offers (
      account_id INTEGER NOT NULL REFERENCES accounts,
      -- The charge: its offers go with the row.
      row_id INTEGER NOT NULL UNIQUE REFERENCES credit_transactions ON DELETE CASCADE,
      PRIMARY KEY (account_id, row_id)
    ) STRICT, WITHOUT ROWID;
  `)
}

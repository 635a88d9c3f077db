import type Database from 'better-sqlite3'

/** Adds the texts that ledger rows share. Stored rows keep their own. */
export function ledgerTexts(database: Database.Database): void {
  database.exec(`
    CREATE TABLE ledger_texts (
      number INTEGER PRIMARY KEY,
      account_id INTEGER NOT NULL REFERENCES accounts,
      feature TEXT,
      source TEXT,
      model TEXT
    ) STRICT;
    CREATE INDEX ledger_texts_of_account ON ledger_texts (account_id);

    -- The texts of a row in ledger_texts. Null: the row has its own in feature, source and model.
    ALTER TABLE credit_transactions ADD COLUMN text_number INTEGER;
  `)
}

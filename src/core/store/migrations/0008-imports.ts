import type Database from 'better-sqlite3'

/** Adds imports: their batches, every row of their tables, and the reading that the user agreed to for each layout. */
export function imports(database: Database.Database): void {
  database.exec(`
    CREATE TABLE import_batches (
      batch_id INTEGER PRIMARY KEY,
      account_id INTEGER NOT NULL REFERENCES accounts,
      -- The name of the file, or of the place that the table came from.
      source TEXT NOT NULL,
      format TEXT NOT NULL,
      layout TEXT NOT NULL,
      reading TEXT NOT NULL,
      imported_at INTEGER NOT NULL,
      undone_at INTEGER,
      -- Rows that were understood, those of them that were new, and rows that were refused.
      rows INTEGER NOT NULL,
      imported INTEGER NOT NULL,
      refused INTEGER NOT NULL,
      shows_refunds INTEGER NOT NULL,
      covers_from INTEGER,
      covers_to INTEGER
    ) STRICT;
    CREATE INDEX import_batches_by_account ON import_batches (account_id);
    CREATE TABLE import_rows (
      batch_id INTEGER NOT NULL REFERENCES import_batches,
      -- Counts the rows of the table from the oldest.
      position INTEGER NOT NULL,
      -- The number of the row or line in the source, as a user counts.
      origin INTEGER NOT NULL,
      cells TEXT NOT NULL,
      understood TEXT,
      problem TEXT,
      -- The day in Korea of the transaction.
      day INTEGER,
      transaction_id TEXT,
      PRIMARY KEY (batch_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_rows_by_day ON import_rows (day, batch_id) WHERE day IS NOT NULL;
    CREATE TABLE import_readings (
      layout TEXT PRIMARY KEY,
      reading TEXT NOT NULL,
      agreed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE credit_transactions ADD COLUMN precision_ms INTEGER NOT NULL DEFAULT 1;
  `)
}

import type Database from 'better-sqlite3'

/** Tells the account that is synced from the one that the screens show. */
export function syncedAt(database: Database.Database): void {
  database.exec(`
    -- When the account became the one that is synced; null for an account that only imports know.
    ALTER TABLE accounts ADD COLUMN synced_at INTEGER;
    UPDATE accounts SET synced_at = active_at WHERE sign_in_method <> 'imported';
  `)
}

import type Database from 'better-sqlite3'

/** Remembers how late a service listed ledger rows: what came and went unread may be as much older than the last reading. */
export function lateness(database: Database.Database): void {
  database.exec('ALTER TABLE sync_streams ADD COLUMN lateness INTEGER NOT NULL DEFAULT 0')
}

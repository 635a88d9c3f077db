import type Database from 'better-sqlite3'

/** Remembers the snapshots that no longer reached back as far as the stored records. */
export function shortenings(database: Database.Database): void {
  database.exec(`ALTER TABLE sync_streams ADD COLUMN shortenings TEXT NOT NULL DEFAULT '[]'`)
}

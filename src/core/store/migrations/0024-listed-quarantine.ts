import type Database from 'better-sqlite3'

/** Remembers which snapshot listed a quarantined record last: one that is no longer listed shows that the list became shorter. */
export function listedQuarantine(database: Database.Database): void {
  database.exec('ALTER TABLE quarantined_records ADD COLUMN listing_epoch INTEGER NOT NULL DEFAULT 0')
}

import type Database from 'better-sqlite3'

/** Remembers the zone in which an import was read before the rows of the service proved another one. */
export function correctedZones(database: Database.Database): void {
  database.exec('ALTER TABLE import_batches ADD COLUMN zone_before TEXT')
}

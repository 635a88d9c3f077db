import type Database from 'better-sqlite3'

/** Adds the time from which a stream is still listed: services drop old records from their listings. */
export function listedFrom(database: Database.Database): void {
  database.exec('ALTER TABLE sync_streams ADD COLUMN listed_from INTEGER')
}

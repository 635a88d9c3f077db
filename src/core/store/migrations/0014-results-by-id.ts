import type Database from 'better-sqlite3'

/** Drops the index of results by id from a database without folders: the first folder brings it back (folders.ts). */
export function resultsById(database: Database.Database): void {
  const hasFolders = database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM folders)').pluck().get() === 1
  if (!hasFolders) database.exec('DROP INDEX results_by_id')
}

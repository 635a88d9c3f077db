import type Database from 'better-sqlite3'

/**
 * Adds the versions of the projections. The content of every earlier file is that of version 1: it was kept by the code
 * whose projections carry that number.
 */
export function projections(database: Database.Database): void {
  database.exec(`
    CREATE TABLE projections (
      name TEXT PRIMARY KEY,
      -- The version of the content, or the version that the rebuild in progress leads to.
      version INTEGER NOT NULL,
      -- The next slice of the rebuild lies below this id; NULL if none is in progress.
      position INTEGER,
      -- Rows rebuilt so far, and how many there were when the rebuild began.
      done INTEGER NOT NULL DEFAULT 0,
      total INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    INSERT INTO projections (name, version)
    VALUES ('cases', 1), ('facets', 1), ('period_totals', 1), ('facet_totals', 1), ('search', 1);
  `)
}

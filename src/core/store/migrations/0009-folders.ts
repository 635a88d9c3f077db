import type Database from 'better-sqlite3'

/**
 * Adds folders of results: an import of the format `folder`, with its files. A result that only a folder knows has no address,
 * so `results` is copied into a table in which the address may be missing.
 */
export function folders(database: Database.Database): void {
  // Views name the old table; every open creates them again.
  const views = database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'view'`).pluck().all()
  for (const view of views) database.exec(`DROP VIEW ${view}`)
  database.exec(`
    CREATE TABLE results_with_addresses (
      job_row_id INTEGER NOT NULL REFERENCES jobs ON UPDATE CASCADE,
      position INTEGER NOT NULL,
      result_id TEXT NOT NULL,
      mime_type TEXT NOT NULL,
      url TEXT,
      thumbnail_url TEXT,
      width INTEGER,
      height INTEGER,
      duration_ms INTEGER,
      bytes INTEGER,
      sha256 TEXT,
      PRIMARY KEY (job_row_id, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO results_with_addresses
      SELECT job_row_id, position, result_id, mime_type, url, thumbnail_url, width, height, duration_ms, bytes, sha256
      FROM results ORDER BY job_row_id, position;
    DROP TABLE results;
    ALTER TABLE results_with_addresses RENAME TO results;

    -- The path of its file; only a job of a folder has one.
    ALTER TABLE jobs ADD COLUMN file_name TEXT;
    CREATE INDEX jobs_of_folders ON jobs (account_id) WHERE listing_epoch = 0;

    CREATE TABLE folders (
      batch_id INTEGER PRIMARY KEY REFERENCES import_batches,
      agent TEXT NOT NULL CHECK (agent IN ('agent-1', 'agent-2')),
      -- Whether the files are copied into the data folder.
      copied INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('scanning', 'paused', 'complete', 'away', 'shrunk')),
      scanned_at INTEGER
    ) STRICT;
    CREATE TABLE folder_files (
      file_id INTEGER PRIMARY KEY,
      batch_id INTEGER NOT NULL REFERENCES folders,
      -- Below the folder, with slashes, spelled as the disk spells it.
      path TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      -- Why the file is no result; it is not read again until it changes.
      problem TEXT,
      sha256 TEXT,
      kind TEXT,
      mime_type TEXT,
      made_at INTEGER,
      evidence TEXT CHECK (evidence IN ('embedded', 'embedded_no_zone', 'name', 'saved')),
      model TEXT,
      prompt TEXT,
      width INTEGER,
      height INTEGER,
      duration_ms INTEGER,
      -- The video or sound to which these subtitles belong.
      beside INTEGER REFERENCES folder_files,
      missing_since INTEGER,
      UNIQUE (batch_id, path),
      CHECK ((problem IS NULL) = (sha256 IS NOT NULL AND kind IS NOT NULL AND mime_type IS NOT NULL AND made_at IS NOT NULL
        AND evidence IS NOT NULL))
    ) STRICT;
    CREATE INDEX folder_files_by_content ON folder_files (sha256) WHERE sha256 IS NOT NULL;
    CREATE INDEX folder_files_by_companion ON folder_files (beside) WHERE beside IS NOT NULL;
    -- No folder yet, so nothing to derive.
    INSERT INTO projections (name, version) VALUES ('folders', 1);
  `)
}

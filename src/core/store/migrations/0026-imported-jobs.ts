import type Database from 'better-sqlite3'

/** Adds the jobs that an export of this app brings along with its credit history. */
export function importedJobs(database: Database.Database): void {
  database.exec(`
    CREATE TABLE import_jobs (
      import_job_id INTEGER PRIMARY KEY,
      batch_id INTEGER NOT NULL REFERENCES import_batches,
      agent TEXT NOT NULL CHECK (agent IN ('agent-1', 'agent-2')),
      id TEXT NOT NULL,
      -- The whole job as JSON, with its results and its revision.
      record TEXT NOT NULL,
      UNIQUE (batch_id, agent, id)
    ) STRICT;
    CREATE INDEX import_jobs_by_id ON import_jobs (id);
    CREATE INDEX jobs_of_imports ON jobs (account_id) WHERE listing_epoch < 0;
    -- No such import yet, so nothing to derive.
    INSERT INTO projections (name, version) VALUES ('imported_jobs', 1);
  `)
}

import type Database from 'better-sqlite3'

/** Adds the decisions about which results belong to charges that name no job. */
export function matchDecisions(database: Database.Database): void {
  database.exec(`
    CREATE TABLE match_decisions (
      account_id INTEGER NOT NULL REFERENCES accounts,
      charge_id TEXT NOT NULL,
      -- The id of the job; empty if one of several jobs belongs to the charge.
      job_id TEXT NOT NULL,
      answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
      decided_by TEXT NOT NULL CHECK (decided_by IN ('user', 'matching')),
      -- What the app said when it was decided; null if it said nothing.
      probability REAL,
      -- The table of calibration that it came from.
      version TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      PRIMARY KEY (account_id, charge_id, job_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX match_decisions_by_job ON match_decisions (account_id, job_id);
  `)
}

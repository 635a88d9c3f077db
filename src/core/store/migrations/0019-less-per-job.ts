import type Database from 'better-sqlite3'

/**
 * Leaves the charges in the case of their job out of the index by job, which then holds few rows, and adds the beginnings of
 * addresses. Stored addresses stay whole until the service sends them again.
 */
export function lessPerJob(database: Database.Database): void {
  database.exec(`
    DROP INDEX credits_by_job;
    CREATE INDEX credits_by_job ON credit_transactions (account_id, job_id) WHERE job_id IS NOT NULL
      AND (kind <> 'charge' OR case_id IS NULL OR case_id % 2 = 1);

    -- What the addresses of an account begin with. Numbers are from 1 on, and in the stored addresses (addresses.ts).
    CREATE TABLE address_beginnings (
      account_id INTEGER NOT NULL REFERENCES accounts,
      number INTEGER NOT NULL,
      beginning TEXT NOT NULL,
      PRIMARY KEY (account_id, number)
    ) STRICT, WITHOUT ROWID;
  `)
}

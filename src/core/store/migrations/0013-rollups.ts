import type Database from 'better-sqlite3'

/**
 * Adds the totals of the ledger per day and per quarter hour, in place of those per hour, and of jobs per day and agent. The
 * rebuild of `period_totals` fills them. The two indexes hold the few cases that the totals per day do not tell apart.
 */
export function rollups(database: Database.Database): void {
  const triggers = database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()
  for (const trigger of triggers) database.exec(`DROP TRIGGER ${trigger}`)
  database.exec(`
    DROP TABLE balance_hourly;
    CREATE TABLE ledger_daily_totals (
      day INTEGER NOT NULL,
      facet_id INTEGER NOT NULL REFERENCES ledger_facets,
      amount INTEGER NOT NULL,
      PRIMARY KEY (day, facet_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ledger_quarter_hours (
      account_id INTEGER NOT NULL REFERENCES accounts,
      quarter_hour INTEGER NOT NULL,
      -- That of the facet of the rows; empty if it has none.
      agent TEXT NOT NULL,
      amount INTEGER NOT NULL,
      charged INTEGER NOT NULL,
      refunded INTEGER NOT NULL,
      PRIMARY KEY (account_id, quarter_hour, agent)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE job_daily_totals (
      account_id INTEGER NOT NULL REFERENCES accounts,
      day INTEGER NOT NULL,
      agent TEXT NOT NULL,
      jobs INTEGER NOT NULL,
      charged INTEGER NOT NULL,
      lost INTEGER NOT NULL,
      PRIMARY KEY (account_id, day, agent)
    ) STRICT, WITHOUT ROWID;

    -- Charges more than an hour from their case, and credits that were taken again.
    CREATE INDEX credits_apart ON credit_transactions (account_id, case_id) WHERE case_id IS NOT NULL
      AND (kind = 'charge' AND abs(row_id * 2 - case_id) > 7372800000 OR kind <> 'charge' AND amount < 0);
    CREATE INDEX cases_over_refunded ON refund_cases (account_id) WHERE refunded > charged;
  `)
}

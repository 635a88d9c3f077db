import type Database from 'better-sqlite3'

/**
 * Renames tables and columns to the terms of docs/glossary.md. Triggers and views are derived: the next open creates them
 * again under their new names.
 */
export function standardTerms(database: Database.Database): void {
  const triggers = database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()
  for (const trigger of triggers) database.exec(`DROP TRIGGER ${trigger}`)
  database.exec(`
    ALTER TABLE case_groups RENAME TO case_facets;
    ALTER TABLE case_facets RENAME COLUMN group_id TO facet_id;
    ALTER TABLE ledger_groups RENAME TO ledger_facets;
    ALTER TABLE ledger_facets RENAME COLUMN group_id TO facet_id;
    ALTER TABLE case_days RENAME TO case_daily_totals;
    ALTER TABLE case_daily_totals RENAME COLUMN group_id TO facet_id;
    ALTER TABLE ledger_hours RENAME TO balance_hourly;
    ALTER TABLE records_set_aside RENAME TO quarantined_records;

    ALTER TABLE jobs RENAME COLUMN generation TO listing_epoch;
    ALTER TABLE jobs RENAME COLUMN gone_at TO removed_at;
    ALTER TABLE credit_transactions RENAME COLUMN group_id TO facet_id;
    ALTER TABLE credit_transactions RENAME COLUMN generation TO listing_epoch;
    ALTER TABLE credit_transactions RENAME COLUMN withdrawn_at TO retracted_at;
    ALTER TABLE refund_cases RENAME COLUMN group_id TO facet_id;
    ALTER TABLE refund_cases RENAME COLUMN settled_at TO dismissed_at;
    ALTER TABLE sync_streams RENAME COLUMN generation TO listing_epoch;
    ALTER TABLE marks RENAME COLUMN settled_at TO dismissed_at;

    DROP INDEX jobs_gone;
    CREATE INDEX jobs_removed ON jobs (account_id, agent) WHERE removed_at IS NOT NULL;
    DROP INDEX ledger_groups_by_name;
    CREATE INDEX ledger_facets_by_name ON ledger_facets (account_id, kind, feature, source, agent);
    DROP INDEX case_groups_by_name;
    CREATE INDEX case_facets_by_name ON case_facets (account_id, refund_status, outcome, agent, kind, model);
    DROP INDEX credits_by_group;
    CREATE INDEX credits_by_facet ON credit_transactions (facet_id);
    DROP INDEX credits_withdrawn;
    CREATE INDEX credits_retracted ON credit_transactions (account_id) WHERE retracted_at IS NOT NULL;
    DROP INDEX cases_by_group;
    CREATE INDEX cases_by_facet ON refund_cases (facet_id);
    DROP INDEX cases_settled;
    CREATE INDEX cases_dismissed ON refund_cases (account_id) WHERE dismissed_at IS NOT NULL;
  `)
}

import { statement } from './statement.ts'
import type { Readable } from './store.ts'

/** Each gives one line per sum: its name, what is kept and what the records add up to. */
const comparisons = [
  // A record that vanished from a table is missed by its stream's counter.
  `SELECT stream AS name, records AS kept, CASE stream
     WHEN 'credits' THEN (SELECT count(*) FROM credit_transactions t WHERE t.account_id = s.account_id)
     WHEN 'account' THEN 1
     ELSE (SELECT count(*) FROM jobs j WHERE j.account_id = s.account_id AND 'jobs:' || j.agent = s.stream) END AS counted
   FROM sync_streams s`,
  `SELECT 'cases of facet ' || g.facet_id AS name, format('%d, %d − %d', g.cases, g.charged, g.refunded) AS kept,
     format('%d, %d − %d', count(c.case_id), coalesce(sum(c.charged), 0), coalesce(sum(c.refunded), 0)) AS counted
   FROM case_facets g LEFT JOIN refund_cases c ON c.facet_id = g.facet_id GROUP BY g.facet_id`,
  `SELECT 'cases of facet ' || facet_id || ', day ' || day AS name,
     format('%d, %d − %d', sum(cases), sum(charged), sum(refunded)) AS kept,
     format('%d, %d − %d', sum(counted), sum(real_charged), sum(real_refunded)) AS counted
   FROM (SELECT facet_id, day, cases, charged, refunded, 0 AS counted, 0 AS real_charged, 0 AS real_refunded FROM case_daily_totals
     UNION ALL SELECT facet_id, (case_id / 2048 + 32400000) / 86400000, 0, 0, 0, 1, charged, refunded FROM refund_cases)
   GROUP BY facet_id, day`,
  `SELECT 'rows of facet ' || g.facet_id AS name, g.rows AS kept, count(t.row_id) AS counted
   FROM ledger_facets g LEFT JOIN credit_transactions t ON t.facet_id = g.facet_id GROUP BY g.facet_id`,
  `SELECT 'change of hour ' || hour AS name, sum(amount) AS kept, sum(counted) AS counted
   FROM (SELECT account_id, hour, amount, 0 AS counted FROM balance_hourly
     UNION ALL SELECT account_id, row_id / 1024 / 3600000, 0, amount FROM credit_transactions WHERE retracted_at IS NULL)
   GROUP BY account_id, hour`,
  `SELECT 'facet of ' || t.id AS name, format('%s %s %s %s', g.kind, g.feature, g.source, g.agent) AS kept,
     format('%s %s %s %s', t.kind, t.feature, t.source, coalesce(t.agent, CASE t.case_id % 2
       WHEN 0 THEN (SELECT j.agent FROM jobs j WHERE j.row_id = t.case_id / 2)
       WHEN 1 THEN (SELECT o.agent FROM credit_transactions o WHERE o.row_id = t.case_id / 2) END)) AS counted
   FROM credit_transactions t LEFT JOIN ledger_facets g ON g.facet_id = t.facet_id AND g.account_id = t.account_id`,
]

/** Compares every counter and every sum with the records, one by one: null where it is right, else what is wrong. */
export function* checkSums(database: Readable): Generator<string | null> {
  type Line = { name: string; kept: number | string; counted: number | string }
  for (const sql of comparisons) {
    for (const { name, kept, counted } of statement<[], Line>(database, sql).iterate()) {
      yield kept === counted ? null : `${name} ${kept} ≠ ${counted}`
    }
  }
}

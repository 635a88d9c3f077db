/** Compares the rollups (totals of facets, days and quarter hours, counters of streams) with the records that they add up. */

import type { Readable } from '../handles.ts'
import { jobDaysOf } from '../projections/case-totals.ts'
import { koreanDayOfCase, koreanDayOfRow, quarterHourOfRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { recordsOf } from '../streams.ts'
import { type Check, startCheck } from './check.ts'

/** Each query returns one line per rollup: its name, the stored value and the value counted from the records. */
const comparisons = [
  // The counter of a stream shows that a record is missing from its table.
  `SELECT stream AS name, records AS stored, CASE stream WHEN 'account' THEN 1
     ${Object.entries(recordsOf)
       .map(
         ([stream, { rows }]) => `WHEN '${stream}' THEN (SELECT count(*) FROM ${rows} AND +account_id = s.account_id)`,
       )
       .join(' ')} END AS counted
   FROM sync_streams s`,
  `SELECT 'cases of facet ' || f.facet_id AS name, format('%d, %d − %d', f.cases, f.charged, f.refunded) AS stored,
     format('%d, %d − %d', count(c.case_id), coalesce(sum(c.charged), 0), coalesce(sum(c.refunded), 0)) AS counted
   FROM case_facets f LEFT JOIN refund_cases c ON c.facet_id = f.facet_id GROUP BY f.facet_id`,
  `SELECT 'cases of facet ' || facet_id || ', day ' || day AS name,
     format('%d, %d − %d', sum(cases), sum(charged), sum(refunded)) AS stored,
     format('%d, %d − %d', sum(counted), sum(real_charged), sum(real_refunded)) AS counted
   FROM (SELECT facet_id, day, cases, charged, refunded, 0 AS counted, 0 AS real_charged, 0 AS real_refunded FROM case_daily_totals
     UNION ALL SELECT facet_id, ${koreanDayOfCase('case_id')}, 0, 0, 0, 1, charged, refunded FROM refund_cases)
   GROUP BY facet_id, day`,
  `SELECT 'rows of facet ' || f.facet_id AS name, f.rows AS stored, count(t.row_id) AS counted
   FROM ledger_facets f LEFT JOIN credit_transactions t ON t.facet_id = f.facet_id GROUP BY f.facet_id`,
  // Compared with the daily totals of facets, which the query above compares with the cases.
  `SELECT 'jobs of ' || agent || ', day ' || day AS name,
     format('%d, %d, lost %d', sum(jobs), sum(charged), sum(lost)) AS stored,
     format('%d, %d, lost %d', sum(counted), sum(real_charged), sum(real_lost)) AS counted
   FROM (SELECT account_id, day, agent, jobs, charged, lost, 0 AS counted, 0 AS real_charged, 0 AS real_lost FROM job_daily_totals
     UNION ALL SELECT account_id, day, agent, 0, 0, 0, jobs, charged, lost FROM (${jobDaysOf('TRUE')}))
   GROUP BY account_id, day, agent`,
  `SELECT 'change of facet ' || facet_id || ', day ' || day AS name, sum(amount) AS stored, sum(counted) AS counted
   FROM (SELECT facet_id, day, amount, 0 AS counted FROM ledger_daily_totals
     UNION ALL SELECT facet_id, ${koreanDayOfRow('row_id')}, 0, amount FROM credit_transactions WHERE retracted_at IS NULL)
   GROUP BY facet_id, day`,
  `SELECT 'change of quarter hour ' || quarter_hour || ' ' || agent AS name,
     format('%d, %d − %d', sum(amount), sum(charged), sum(refunded)) AS stored,
     format('%d, %d − %d', sum(counted), sum(real_charged), sum(real_refunded)) AS counted
   FROM (SELECT account_id, quarter_hour, agent, amount, charged, refunded, 0 AS counted, 0 AS real_charged, 0 AS real_refunded
     FROM ledger_quarter_hours
     UNION ALL SELECT t.account_id, ${quarterHourOfRow('row_id')}, coalesce(f.agent, ''), 0, 0, 0, amount,
       iif(t.kind = 'charge', -amount, 0), iif(t.kind = 'refund', amount, 0)
     FROM credit_transactions t LEFT JOIN ledger_facets f ON f.facet_id = t.facet_id WHERE retracted_at IS NULL)
   GROUP BY account_id, quarter_hour, agent`,
]

/** The ledger rows whose facet has other values than theirs, with the agent of the case if they name none. */
const wrongFacets = `SELECT 'facet of ' || t.id AS name, format('%s %s %s %s', f.kind, f.feature, f.source, f.agent) AS stored,
    format('%s %s %s %s', t.kind, t.feature, t.source, coalesce(t.agent, t.caseAgent)) AS counted
  FROM v_ledger t LEFT JOIN ledger_facets f ON f.facet_id = t.facetId AND f.account_id = t.accountId
  WHERE (f.kind, f.feature, f.source, f.agent) IS NOT (t.kind, t.feature, t.source, coalesce(t.agent, t.caseAgent))`

interface Line {
  name: string
  stored: number | string
  counted: number | string
}

/** Every rollup is the sum of its records. */
export function checkRollups(database: Readable): Check {
  const found = startCheck('counters')
  for (const sql of comparisons) {
    for (const { name, stored, counted } of statement<[], Line>(database, sql).iterate()) {
      found.see(stored !== counted, () => `${name} ${stored} ≠ ${counted}`)
    }
  }
  for (const { name, stored, counted } of statement<[], Line>(database, wrongFacets).iterate()) {
    found.see(true, () => `${name} ${stored} ≠ ${counted}`)
    found.checked--
  }
  // `wrongFacets` returns only wrong rows, but SQLite compared all of them.
  found.checked += scalar<[], number>(database, 'SELECT count(*) FROM credit_transactions').get() ?? 0
  return found
}

/** Invariants of the local file after every step, each as SQL that counts the violations. */

import { checkRollups } from '../../src/core/store/checks/rollups.ts'
import type { Readable } from '../../src/core/store/handles.ts'
import { textOfRow } from '../../src/core/store/ledger/ledger-texts.ts'
import { scalar } from '../../src/core/store/statement.ts'

const linkedRows = `SELECT case_id, kind, amount, retracted_at, kind = 'refund' AND reverses IS NULL AND job_id IS NULL AS unnamed
  FROM credit_transactions WHERE case_id IS NOT NULL`
const given = `iif(kind <> 'charge' AND NOT unnamed AND retracted_at IS NULL, amount, 0)`
const presumed = `iif(unnamed AND retracted_at IS NULL, amount, 0)`
const sums = `SELECT case_id,
    -sum(iif(kind = 'charge', amount, 0)) + max(0, -sum(${given})) AS charged,
    sum(iif(kind = 'charge' AND retracted_at IS NOT NULL, -amount, 0)) + max(0, sum(${given})) + sum(${presumed}) AS refunded
  FROM (${linkedRows}) GROUP BY case_id`

const exceptions: Record<string, string> = {
  'a ledger row counts in a case that is not there': `SELECT count(*) FROM credit_transactions t
     LEFT JOIN refund_cases c ON c.case_id = t.case_id WHERE t.case_id IS NOT NULL AND c.case_id IS NULL`,
  'a row counts in a case of another account': `SELECT count(*) FROM credit_transactions t
     JOIN refund_cases c ON c.case_id = t.case_id WHERE c.account_id <> t.account_id`,
  'a row of a kind that never counts is in a case': `SELECT count(*) FROM credit_transactions
     WHERE case_id IS NOT NULL AND kind NOT IN ('charge', 'refund', 'grant', 'adjustment', 'top_up')`,
  'a charge that makes something counts nowhere': `SELECT count(*) FROM credit_transactions WHERE kind = 'charge'
     AND case_id IS NULL AND coalesce(${textOfRow('feature')}, 'other') IN ('image', 'video', 'audio', 'subtitle', 'other')`,
  'a charge for talk counts in a case': `SELECT count(*) FROM credit_transactions WHERE kind = 'charge'
     AND case_id IS NOT NULL AND ${textOfRow('feature')} IN ('chat', 'web_search', 'file_analysis', 'code')`,
  'the sums of a case are not those of its rows': `SELECT count(*) FROM refund_cases c LEFT JOIN (${sums}) s
     ON s.case_id = c.case_id WHERE (c.charged, c.refunded) IS NOT (coalesce(s.charged, 0), coalesce(s.refunded, 0))`,
  'what is outstanding is not what was charged and not given back': `SELECT
     coalesce((SELECT sum(charged - refunded) FROM refund_cases), 0) <>
     coalesce((SELECT -sum(amount) FROM (${linkedRows}) WHERE retracted_at IS NULL), 0)`,
  'a job has no case': `SELECT count(*) FROM jobs j LEFT JOIN refund_cases c ON c.case_id = j.row_id * 2
     WHERE c.case_id IS NULL`,
  'a case has no job': `SELECT count(*) FROM refund_cases c LEFT JOIN jobs j ON j.row_id = c.case_id / 2
     WHERE c.case_id % 2 = 0 AND j.row_id IS NULL`,
  'a charge case has no charge of its own': `SELECT count(*) FROM refund_cases c LEFT JOIN credit_transactions t
     ON t.row_id = c.case_id / 2 AND t.case_id = c.case_id WHERE c.case_id % 2 = 1 AND t.row_id IS NULL`,
  'a job counts other results than it has': `SELECT count(*) FROM jobs j WHERE j.result_count <>
     (SELECT count(*) FROM results r WHERE r.job_row_id = j.row_id)`,
  'a case is in a group of another account or of other words': `SELECT count(*) FROM refund_cases c
     LEFT JOIN case_facets g ON g.facet_id = c.facet_id LEFT JOIN jobs j ON c.case_id % 2 = 0 AND j.row_id = c.case_id / 2
     LEFT JOIN credit_transactions t ON c.case_id % 2 = 1 AND t.row_id = c.case_id / 2
     WHERE (g.account_id, g.agent, g.kind, g.model) IS NOT (c.account_id, coalesce(j.agent, t.agent), j.kind, j.model)`,
  'two groups of cases are the same': `SELECT count(*) FROM case_facets a JOIN case_facets b
     ON (a.account_id, a.agent, a.kind, a.model, a.outcome, a.refund_status)
       IS (b.account_id, b.agent, b.kind, b.model, b.outcome, b.refund_status) WHERE a.facet_id < b.facet_id`,
  'two groups of the ledger are the same': `SELECT count(*) FROM ledger_facets a JOIN ledger_facets b
     ON (a.account_id, a.kind, a.feature, a.source, a.agent) IS (b.account_id, b.kind, b.feature, b.source, b.agent)
     WHERE a.facet_id < b.facet_id`,
  'a job is not in the search index': `SELECT count(*) FROM jobs
     WHERE row_id / 1024000 NOT IN (SELECT id FROM job_search_docsize)`,
  'the search index knows a second without jobs': `SELECT count(*) FROM job_search_docsize
     WHERE id NOT IN (SELECT row_id / 1024000 FROM jobs)`,
}

/** The names of the broken invariants and of the wrong sums; empty if all are correct. */
export const brokenInvariants = (database: Readable): string[] => [
  ...Object.entries(exceptions).flatMap(([name, sql]) => (scalar<[], number>(database, sql).get() === 0 ? [] : [name])),
  ...checkRollups(database).examples,
]

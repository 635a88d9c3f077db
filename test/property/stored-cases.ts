/** The stored links and cases of an account, in the shape of the model that computes them from scratch. */
import type { Readable } from '../../src/core/store/handles.ts'

const caseNames = `SELECT c.*, v.reason AS shown_reason, v.since AS shown_since, g.agent, g.outcome, g.refund_status, CASE c.case_id % 2 WHEN 0 THEN 'job:' || j.agent || ':' || j.id ELSE 'charge:' || t.id END AS name
  FROM refund_cases c
  JOIN v_cases v ON v.caseId = c.case_id
  JOIN case_facets g ON g.facet_id = c.facet_id
  LEFT JOIN jobs j ON c.case_id % 2 = 0 AND j.row_id = c.case_id / 2
  LEFT JOIN credit_transactions t ON c.case_id % 2 = 1 AND t.row_id = c.case_id / 2`

export function storedLinks(database: Readable, accountId: number): Map<string, string | null> {
  const sql = `SELECT t.id, t.case_id, n.name FROM credit_transactions t LEFT JOIN (${caseNames}) n ON n.case_id = t.case_id
    WHERE t.account_id = ? AND t.kind IN ('charge', 'refund', 'grant', 'adjustment', 'top_up')`
  const rows = database.prepare(sql).all(accountId) as { id: string; case_id: number | null; name: string | null }[]
  return new Map(rows.map((row) => [row.id, row.case_id === null ? null : (row.name ?? 'a missing case')]))
}

export function storedCases(database: Readable, accountId: number): Map<string, object> {
  const sql = `SELECT * FROM (${caseNames}) WHERE account_id = ?`
  return new Map(
    (database.prepare(sql).all(accountId) as Record<string, unknown>[]).map((row) => [
      row.name as string,
      {
        outcome: row.outcome,
        agent: row.agent,
        charged: row.charged,
        refunded: row.refunded,
        status: row.refund_status,
        reason: row.shown_reason,
        since: row.shown_since,
        deadlineAt: row.deadline_at,
        dueAt: row.due_at,
        unread: row.unread === '' ? [] : (row.unread as string).split(' ').sort(),
      },
    ]),
  )
}

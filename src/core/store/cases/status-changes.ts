/** Notes the cases whose refund status changed on this connection, in a temporary table. */
import type { RefundStatus } from '../../../shared/values.ts'
import type { Writable } from '../handles.ts'
import { statement } from '../statement.ts'
import { caseName } from './case-queries.ts'

export interface StatusChange {
  accountId: number
  /** The name of the case. */
  name: string
  before: RefundStatus
  after: RefundStatus
  refunded: number
  outstanding: number
  prompt: string | null
}

/** Begins to note changes. New and dismissed cases are left out. */
export function watchStatuses(database: Writable): void {
  database.exec(`CREATE TEMP TABLE changed_cases (case_id INTEGER PRIMARY KEY, facet_id INTEGER NOT NULL) STRICT;
    CREATE TEMP TRIGGER note_changed_case AFTER UPDATE OF facet_id ON main.refund_cases
    WHEN new.facet_id <> old.facet_id AND new.dismissed_at IS NULL
    BEGIN
      INSERT INTO changed_cases VALUES (new.case_id, old.facet_id) ON CONFLICT DO NOTHING;
    END`)
}

/** The changes since the last call, from the first status to the last, and forgets them. */
export function takeStatusChanges(database: Writable): StatusChange[] {
  const changes = statement<[], Omit<StatusChange, 'name'> & { caseId: number }>(
    database,
    `SELECT c.caseId, c.accountId, f.refund_status AS before, c.refundStatus AS after, c.refunded, c.outstanding, c.prompt
     FROM changed_cases n JOIN case_facets f ON f.facet_id = n.facet_id CROSS JOIN v_cases c ON c.caseId = n.case_id
     WHERE c.refundStatus <> f.refund_status ORDER BY c.caseId`,
  ).all()
  statement(database, 'DELETE FROM changed_cases').run()
  return changes.map(({ caseId, ...change }) => ({ ...change, name: caseName(database, caseId) }))
}

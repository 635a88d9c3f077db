/** Reads `quarantined_records` of the credit history: records that may give the credits of a case back. */
import { mayGiveBack, type UnreadableRecord } from '../domain/unreadable-records.ts'
import type { Readable } from './handles.ts'
import { statement } from './statement.ts'

/** Whether a record that could not be read may give the credits of a case back. A row that is stored was read before. */
export function hasUnreadableRefund(database: Readable, accountId: number, caseId: number): boolean {
  const records = statement<[number], UnreadableRecord>(
    database,
    `SELECT raw, first_seen_at AS seenAt FROM quarantined_records q WHERE account_id = ? AND stream = 'credits'
       AND NOT EXISTS (SELECT 1 FROM credit_transactions t WHERE t.account_id = q.account_id AND t.id = q.record)`,
  ).all(accountId)
  if (records.length === 0) return false
  const rows = statement<[number], { id: string; jobId: string | null; kind: string; at: number }>(
    database,
    'SELECT id, job_id AS jobId, kind, occurred_at AS at FROM credit_transactions WHERE case_id = ? ORDER BY row_id',
  ).all(caseId)
  const charge = rows.find(({ kind }) => kind === 'charge') ?? rows[0]
  if (!charge) return false
  const found = {
    jobId: rows.find(({ jobId }) => jobId !== null)?.jobId ?? null,
    ids: rows.map(({ id }) => id),
    chargedAt: charge.at,
  }
  return records.some((record) => mayGiveBack(record, found))
}

import { AppError } from '../../shared/errors.ts'
import { resolvedStatuses } from '../../shared/refund-answers.ts'
import type { RefundStatus } from '../../shared/values.ts'
import type { SupportCase } from '../../shared/views.ts'
import { parseCaseName } from '../domain/ledger.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

interface SupportRow {
  support_case_id: number
  state: SupportCase['state']
  cases: string
  subject: string
  text: string
  remind_at: number | null
  closed_by: SupportCase['closedBy']
  created_at: number
  changed_at: number
}

const toSupportCase = (row: SupportRow): SupportCase => ({
  id: row.support_case_id,
  state: row.state,
  cases: JSON.parse(row.cases) as string[],
  subject: row.subject,
  text: row.text,
  remindAt: row.remind_at,
  closedBy: row.closed_by,
  createdAt: row.created_at,
  changedAt: row.changed_at,
})

/** The diary, newest first. */
export function listSupportCases(database: Readable, accountId: number): SupportCase[] {
  const sql = 'SELECT * FROM support_cases WHERE account_id = ? ORDER BY support_case_id DESC'
  return statement<[number], SupportRow>(database, sql).all(accountId).map(toSupportCase)
}

/** One entry of the diary. Throws `not_found`. */
export function findSupportCase(database: Readable, accountId: number, id: number): SupportCase {
  const sql = 'SELECT * FROM support_cases WHERE account_id = ? AND support_case_id = ?'
  const row = statement<[number, number], SupportRow>(database, sql).get(accountId, id)
  if (!row) throw new AppError('not_found', { id })
  return toSupportCase(row)
}

export function createSupportCase(
  database: Writable,
  accountId: number,
  message: Pick<SupportCase, 'cases' | 'subject' | 'text'>,
  now: number,
): SupportCase {
  const { lastInsertRowid } = statement<unknown[]>(
    database,
    `INSERT INTO support_cases (account_id, state, cases, subject, text, created_at, changed_at)
     VALUES (?, 'draft', ?, ?, ?, ?, ?)`,
  ).run(accountId, JSON.stringify(message.cases), message.subject, message.text, now, now)
  return findSupportCase(database, accountId, Number(lastInsertRowid))
}

/** Changes the state or the reminder; a case that the user resolves is closed by the user. */
export function updateSupportCase(
  database: Writable,
  accountId: number,
  id: number,
  change: { state?: SupportCase['state']; remindAt?: number | null },
  now: number,
): SupportCase {
  const before = findSupportCase(database, accountId, id)
  const state = change.state ?? before.state
  statement<unknown[]>(
    database,
    `UPDATE support_cases SET state = ?, remind_at = ?, closed_by = ?, changed_at = ? WHERE support_case_id = ?`,
  ).run(
    state,
    change.remindAt === undefined ? before.remindAt : change.remindAt,
    state === 'resolved' ? (before.closedBy ?? 'user') : null,
    now,
    id,
  )
  return findSupportCase(database, accountId, id)
}

export function deleteSupportCase(database: Writable, accountId: number, id: number): void {
  findSupportCase(database, accountId, id)
  statement<[number]>(database, 'DELETE FROM support_cases WHERE support_case_id = ?').run(id)
}

/** Puts a deleted entry back under its own id; one that is there again stays as it is. */
export function restoreSupportCase(database: Writable, accountId: number, entry: SupportCase): SupportCase {
  statement<unknown[]>(
    database,
    `INSERT INTO support_cases (support_case_id, account_id, state, cases, subject, text, remind_at, closed_by,
       created_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  ).run(
    entry.id,
    accountId,
    entry.state,
    JSON.stringify(entry.cases),
    entry.subject,
    entry.text,
    entry.remindAt,
    entry.closedBy,
    entry.createdAt,
    entry.changedAt,
  )
  return findSupportCase(database, accountId, entry.id)
}

/** Closes the entries whose every case has its credits or its result now. Runs inside the caller's transaction. */
export function closeAnsweredSupportCases(database: Writable, accountId: number, now: number): void {
  const sql = `SELECT * FROM support_cases WHERE account_id = ? AND state <> 'resolved'`
  for (const row of statement<[number], SupportRow>(database, sql).all(accountId)) {
    const { id, cases } = toSupportCase(row)
    if (!cases.every((name) => isResolved(database, accountId, name))) continue
    statement<[number, number]>(
      database,
      `UPDATE support_cases SET state = 'resolved', closed_by = 'refund', remind_at = NULL, changed_at = ?
       WHERE support_case_id = ?`,
    ).run(now, id)
  }
}

/** A charge that found its job since then has no case of its own any more: the job's case speaks for it. */
function isResolved(database: Readable, accountId: number, name: string): boolean {
  const parsed = parseCaseName(name)
  if (!parsed) return false
  const status =
    'job' in parsed
      ? scalar<[number, string, string], RefundStatus>(
          database,
          `SELECT g.refund_status FROM jobs j JOIN refund_cases c ON c.case_id = j.row_id * 2
           JOIN case_facets g ON g.facet_id = c.facet_id
           WHERE j.account_id = ? AND j.agent = ? AND j.id = ?`,
        ).get(accountId, parsed.job.agent, parsed.job.jobId)
      : scalar<[number, string], RefundStatus>(
          database,
          `SELECT g.refund_status FROM credit_transactions t JOIN refund_cases c ON c.case_id = t.case_id
           JOIN case_facets g ON g.facet_id = c.facet_id
           WHERE t.account_id = ? AND t.id = ?`,
        ).get(accountId, parsed.charge)
  return status !== undefined && resolvedStatuses.includes(status)
}

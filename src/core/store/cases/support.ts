/** The table `support_cases`: the user's diary of messages to support. */
import { AppError } from '../../../shared/errors.ts'
import { resolvedStatuses } from '../../../shared/status-sets.ts'
import type { RefundStatus } from '../../../shared/values.ts'
import type { SupportCase } from '../../../shared/views.ts'
import { parseCaseName } from '../../domain/ledger.ts'
import { parseStoredList } from '../file/errors.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'

/** A row of the table; `cases` is JSON. */
interface SupportRow extends Omit<SupportCase, 'account' | 'cases'> {
  cases: string
}

const select = `SELECT support_case_id AS id, state, cases, subject, text, remind_at AS remindAt, closed_by AS closedBy,
  created_at AS createdAt, changed_at AS changedAt FROM support_cases`

const toSupportCase = (row: SupportRow): SupportCase => ({
  ...row,
  account: null,
  cases: parseStoredList<string>(row.cases),
})

/** The diary, newest first. */
export function listSupportCases(database: Readable, accountId: number): SupportCase[] {
  const sql = `${select} WHERE account_id = ? ORDER BY support_case_id DESC`
  return statement<[number], SupportRow>(database, sql).all(accountId).map(toSupportCase)
}

/** Whether the diary of an account has an entry. */
export const hasSupportCase = (database: Readable, accountId: number, id: number): boolean =>
  scalar<[number, number], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM support_cases WHERE account_id = ? AND support_case_id = ?)',
  ).get(accountId, id) === 1

/** One entry of the diary. Throws `not_found`. */
export function findSupportCase(database: Readable, accountId: number, id: number): SupportCase {
  const sql = `${select} WHERE account_id = ? AND support_case_id = ?`
  const row = statement<[number, number], SupportRow>(database, sql).get(accountId, id)
  if (!row) throw new AppError('not_found', { id })
  return toSupportCase(row)
}

/** Adds a draft to the diary. `message.cases` are names of cases; `now` is epoch ms. */
export function createSupportCase(
  database: Writable,
  accountId: number,
  message: Pick<SupportCase, 'cases' | 'subject' | 'text'>,
  now: number,
): SupportCase {
  const { lastInsertRowid } = statement<[object]>(
    database,
    `INSERT INTO support_cases (account_id, state, cases, subject, text, created_at, changed_at)
     VALUES (@accountId, 'draft', @cases, @subject, @text, @now, @now)`,
  ).run({ accountId, cases: JSON.stringify(message.cases), subject: message.subject, text: message.text, now })
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
  statement<[object]>(
    database,
    `UPDATE support_cases SET state = @state, remind_at = @remindAt, closed_by = @closedBy, changed_at = @now
     WHERE support_case_id = @id`,
  ).run({
    id,
    state,
    remindAt: change.remindAt === undefined ? before.remindAt : change.remindAt,
    closedBy: state === 'resolved' ? (before.closedBy ?? 'user') : null,
    now,
  })
  return findSupportCase(database, accountId, id)
}

/** Deletes an entry of the diary. Throws `not_found`. */
export function deleteSupportCase(database: Writable, accountId: number, id: number): void {
  findSupportCase(database, accountId, id)
  statement<[number]>(database, 'DELETE FROM support_cases WHERE support_case_id = ?').run(id)
}

/** Restores a deleted entry under its own id. An entry that exists stays as it is. */
export function restoreSupportCase(
  database: Writable,
  accountId: number,
  entry: Omit<SupportCase, 'account'>,
): SupportCase {
  statement<[object]>(
    database,
    `INSERT INTO support_cases (support_case_id, account_id, state, cases, subject, text, remind_at, closed_by,
       created_at, changed_at)
     VALUES (@id, @accountId, @state, @cases, @subject, @text, @remindAt, @closedBy, @createdAt, @changedAt)
     ON CONFLICT DO NOTHING`,
  ).run({ ...entry, accountId, cases: JSON.stringify(entry.cases) })
  return findSupportCase(database, accountId, entry.id)
}

/** Resolves the entries whose cases all have their credits or results now. Runs inside the caller's transaction. */
export function closeAnsweredSupportCases(database: Writable, accountId: number, now: number): void {
  const sql = `${select} WHERE account_id = ? AND state <> 'resolved'`
  for (const row of statement<[number], SupportRow>(database, sql).all(accountId)) {
    const { id, cases } = toSupportCase(row)
    // Only the user knows when a message about the whole ledger is answered.
    if (cases.length === 0 || !cases.every((name) => isResolved(database, accountId, name))) continue
    statement<[number, number]>(
      database,
      `UPDATE support_cases SET state = 'resolved', closed_by = 'refund', remind_at = NULL, changed_at = ?
       WHERE support_case_id = ?`,
    ).run(now, id)
  }
}

/** Whether a case is resolved. A charge that was linked to a job since then counts in the case of the job. */
function isResolved(database: Readable, accountId: number, name: string): boolean {
  const parsed = parseCaseName(name)
  if (!parsed) return false
  const status =
    'job' in parsed
      ? scalar<[object], RefundStatus>(
          database,
          'SELECT refundStatus FROM v_jobs WHERE accountId = @accountId AND agent = @agent AND jobId = @jobId',
        ).get({ accountId, ...parsed.job })
      : scalar<[number, string], RefundStatus | null>(
          database,
          'SELECT refundStatus FROM v_ledger WHERE accountId = ? AND id = ?',
        ).get(accountId, parsed.charge)
  return status != null && resolvedStatuses.includes(status)
}

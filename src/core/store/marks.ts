import type { Marks } from '../../shared/views.ts'
import { caseIdOf } from './case-queries.ts'
import { statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

interface MarksRow {
  favorite: number
  unwanted: number
  note: string | null
  dismissed_at: number | null
}

const noMarks: Marks = { favorite: false, unwanted: false, note: null, dismissedAt: null }

const toMarks = (row: MarksRow): Marks => ({
  favorite: row.favorite === 1,
  unwanted: row.unwanted === 1,
  note: row.note,
  dismissedAt: row.dismissed_at,
})

/** What the user marked on a case, by its name outside the database. */
export function readMarks(database: Readable, accountId: number, caseName: string): Marks {
  const row = statement<[number, string], MarksRow>(
    database,
    'SELECT favorite, unwanted, note, dismissed_at FROM marks WHERE account_id = ? AND case_name = ?',
  ).get(accountId, caseName)
  return row ? toMarks(row) : noMarks
}

/** All marks of an account by the names of their cases; what was marked and unmarked again says nothing. */
export function listMarks(database: Readable, accountId: number): (Marks & { case: string; changedAt: number })[] {
  const rows = statement<[number], MarksRow & { case_name: string; changed_at: number }>(
    database,
    `SELECT * FROM marks WHERE account_id = ? AND (favorite OR unwanted OR note IS NOT NULL OR dismissed_at IS NOT NULL)
     ORDER BY case_name`,
  ).all(accountId)
  return rows.map((row) => ({ case: row.case_name, ...toMarks(row), changedAt: row.changed_at }))
}

/** Cases that are new in the file take over what was dismissed before. Runs inside the caller's transaction. */
export function dismissMarkedCases(database: Writable, accountId: number): void {
  const dismissed = statement<[number], { case_name: string; dismissed_at: number }>(
    database,
    'SELECT case_name, dismissed_at FROM marks WHERE account_id = ? AND dismissed_at IS NOT NULL',
  ).all(accountId)
  for (const { case_name: name, dismissed_at: dismissedAt } of dismissed) {
    const caseId = caseIdOf(database, accountId, name)
    if (caseId !== null) settleCase(database, caseId, dismissedAt)
  }
}

const settleCase = (database: Writable, caseId: number, dismissedAt: number | null) =>
  statement<[number | null, number]>(database, 'UPDATE refund_cases SET dismissed_at = ? WHERE case_id = ?').run(
    dismissedAt,
    caseId,
  )

/** Stores the marks of a case; the case itself remembers that it was dismissed, so that lists need not look here. */
export function saveMarks(
  database: Writable,
  accountId: number,
  subject: { caseId: number; caseName: string },
  marks: Marks,
  now: number,
): void {
  const save = database.transaction(() => {
    statement<unknown[]>(
      database,
      `INSERT INTO marks (account_id, case_name, favorite, unwanted, note, dismissed_at, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET favorite = excluded.favorite, unwanted = excluded.unwanted, note = excluded.note,
         dismissed_at = excluded.dismissed_at, changed_at = excluded.changed_at`,
    ).run(
      accountId,
      subject.caseName,
      Number(marks.favorite),
      Number(marks.unwanted),
      marks.note,
      marks.dismissedAt,
      now,
    )
    settleCase(database, subject.caseId, marks.dismissedAt)
  })
  save.immediate()
}

import type { Marks } from '../../shared/views.ts'
import { caseIdOf } from './case-queries.ts'
import { statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

interface MarksRow {
  favorite: number
  unwanted: number
  note: string | null
  settled_at: number | null
}

const noMarks: Marks = { favorite: false, unwanted: false, note: null, settledAt: null }

const toMarks = (row: MarksRow): Marks => ({
  favorite: row.favorite === 1,
  unwanted: row.unwanted === 1,
  note: row.note,
  settledAt: row.settled_at,
})

/** What the user marked on a case, by its name outside the database. */
export function readMarks(database: Readable, accountId: number, caseName: string): Marks {
  const row = statement<[number, string], MarksRow>(
    database,
    'SELECT favorite, unwanted, note, settled_at FROM marks WHERE account_id = ? AND case_name = ?',
  ).get(accountId, caseName)
  return row ? toMarks(row) : noMarks
}

/** All marks of an account by the names of their cases; what was marked and unmarked again says nothing. */
export function listMarks(database: Readable, accountId: number): (Marks & { case: string; changedAt: number })[] {
  const rows = statement<[number], MarksRow & { case_name: string; changed_at: number }>(
    database,
    `SELECT * FROM marks WHERE account_id = ? AND (favorite OR unwanted OR note IS NOT NULL OR settled_at IS NOT NULL)
     ORDER BY case_name`,
  ).all(accountId)
  return rows.map((row) => ({ case: row.case_name, ...toMarks(row), changedAt: row.changed_at }))
}

/** Cases that are new in the file take over what was settled before. Runs inside the caller's transaction. */
export function settleMarkedCases(database: Writable, accountId: number): void {
  const settled = statement<[number], { case_name: string; settled_at: number }>(
    database,
    'SELECT case_name, settled_at FROM marks WHERE account_id = ? AND settled_at IS NOT NULL',
  ).all(accountId)
  for (const { case_name: name, settled_at: settledAt } of settled) {
    const caseId = caseIdOf(database, accountId, name)
    if (caseId !== null) settleCase(database, caseId, settledAt)
  }
}

const settleCase = (database: Writable, caseId: number, settledAt: number | null) =>
  statement<[number | null, number]>(database, 'UPDATE refund_cases SET settled_at = ? WHERE case_id = ?').run(
    settledAt,
    caseId,
  )

/** Stores the marks of a case; the case itself remembers that it was settled, so that lists need not look here. */
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
      `INSERT INTO marks (account_id, case_name, favorite, unwanted, note, settled_at, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET favorite = excluded.favorite, unwanted = excluded.unwanted, note = excluded.note,
         settled_at = excluded.settled_at, changed_at = excluded.changed_at`,
    ).run(accountId, subject.caseName, Number(marks.favorite), Number(marks.unwanted), marks.note, marks.settledAt, now)
    settleCase(database, subject.caseId, marks.settledAt)
  })
  save.immediate()
}

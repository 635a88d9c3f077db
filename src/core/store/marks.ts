import type { Marks } from '../../shared/views.ts'
import { statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

interface MarksRow {
  favorite: number
  unwanted: number
  note: string | null
  settled_at: number | null
}

const noMarks: Marks = { favorite: false, unwanted: false, note: null, settledAt: null }

/** What the user marked on a case, by its name outside the database. */
export function readMarks(database: Readable, accountId: number, caseName: string): Marks {
  const row = statement<[number, string], MarksRow>(
    database,
    'SELECT favorite, unwanted, note, settled_at FROM marks WHERE account_id = ? AND case_name = ?',
  ).get(accountId, caseName)
  if (!row) return noMarks
  return { favorite: row.favorite === 1, unwanted: row.unwanted === 1, note: row.note, settledAt: row.settled_at }
}

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
    statement<[number | null, number]>(database, 'UPDATE refund_cases SET settled_at = ? WHERE case_id = ?').run(
      marks.settledAt,
      subject.caseId,
    )
  })
  save.immediate()
}

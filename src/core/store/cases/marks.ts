/** The table `marks`: the user's notes on cases, by the names of the cases. */
import type { Marks } from '../../../shared/views.ts'
import { chargeCaseName } from '../../domain/ledger.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'
import { caseIdOf, caseNameOfTransaction } from './case-queries.ts'

interface MarksRow {
  favorite: number
  unwanted: number
  note: string | null
  dismissedAt: number | null
}

const noMarks: Marks = { favorite: false, unwanted: false, note: null, dismissedAt: null }

const columns = 'favorite, unwanted, note, dismissed_at AS dismissedAt'

const toMarks = <Row extends MarksRow>(row: Row) => ({
  ...row,
  favorite: row.favorite === 1,
  unwanted: row.unwanted === 1,
})

/** The marks of a case, by its name outside the database. */
export function readMarks(database: Readable, accountId: number, caseName: string): Marks {
  const row = statement<[number, string], MarksRow>(
    database,
    `SELECT ${columns} FROM marks WHERE account_id = ? AND case_name = ?`,
  ).get(accountId, caseName)
  return row ? toMarks(row) : noMarks
}

/** All marks of an account by the names of their cases. Marks that were all removed again are left out. */
export function listMarks(database: Readable, accountId: number): (Marks & { case: string; changedAt: number })[] {
  const rows = statement<[number], MarksRow & { case: string; changedAt: number }>(
    database,
    `SELECT case_name AS "case", ${columns}, changed_at AS changedAt FROM marks
     WHERE account_id = ? AND (favorite OR unwanted OR note IS NOT NULL OR dismissed_at IS NOT NULL)
     ORDER BY case_name`,
  ).all(accountId)
  return rows.map(toMarks)
}

/** Dismisses the new cases that a mark dismissed before they were stored. Runs inside the caller's transaction. */
export function dismissMarkedCases(database: Writable, accountId: number): void {
  const dismissed = statement<[number], { name: string; dismissedAt: number }>(
    database,
    'SELECT case_name AS name, dismissed_at AS dismissedAt FROM marks WHERE account_id = ? AND dismissed_at IS NOT NULL',
  ).all(accountId)
  for (const { name, dismissedAt } of dismissed) {
    const caseId = caseIdOf(database, accountId, name)
    if (caseId !== null) dismissCase(database, caseId, dismissedAt)
  }
}

/**
 * Moves marks from charges to the ledger rows that replaced them (`renamed`: old id to new id), unless another import still
 * shows the old row. Existing marks of the new case stay. Runs inside the caller's transaction, after the rows were linked.
 */
export function moveMarks(database: Writable, accountId: number, renamed: ReadonlyMap<string, string>): void {
  const isStored = scalar<[number, string], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM credit_transactions WHERE account_id = ? AND id = ?)',
  )
  for (const [from, to] of renamed) {
    if (isStored.get(accountId, from) === 1) continue
    const name = caseNameOfTransaction(database, accountId, to)
    if (name !== null) renameCase(database, accountId, chargeCaseName(from), name)
  }
}

/** Renames a case in the marks and the messages of an account. An existing mark of the new name stays. */
export function renameCase(database: Writable, accountId: number, from: string, to: string): void {
  const names = { accountId, from, to }
  statement<[object]>(
    database,
    'UPDATE OR IGNORE marks SET case_name = @to WHERE account_id = @accountId AND case_name = @from',
  ).run(names)
  // `cases` is a JSON list of case names.
  statement<[object]>(
    database,
    `UPDATE support_cases SET cases = (SELECT json_group_array(iif(value = @from, @to, value)) FROM json_each(cases))
     WHERE account_id = @accountId AND EXISTS (SELECT 1 FROM json_each(cases) WHERE value = @from)`,
  ).run(names)
}

const dismissCase = (database: Writable, caseId: number, dismissedAt: number | null) =>
  statement<[number | null, number]>(database, 'UPDATE refund_cases SET dismissed_at = ? WHERE case_id = ?').run(
    dismissedAt,
    caseId,
  )

/** Stores the marks of a case. The case repeats the dismissal, so that lists do not read the marks. */
export function saveMarks(
  database: Writable,
  accountId: number,
  subject: { caseId: number; caseName: string },
  marks: Marks,
  now: number,
): void {
  const save = database.transaction(() => {
    statement<[object]>(
      database,
      `INSERT INTO marks (account_id, case_name, favorite, unwanted, note, dismissed_at, changed_at)
       VALUES (@accountId, @caseName, @favorite, @unwanted, @note, @dismissedAt, @now)
       ON CONFLICT DO UPDATE SET favorite = excluded.favorite, unwanted = excluded.unwanted, note = excluded.note,
         dismissed_at = excluded.dismissed_at, changed_at = excluded.changed_at`,
    ).run({
      ...marks,
      accountId,
      caseName: subject.caseName,
      favorite: Number(marks.favorite),
      unwanted: Number(marks.unwanted),
      now,
    })
    dismissCase(database, subject.caseId, marks.dismissedAt)
  })
  save.immediate()
}

/**
 * Separates an account of imports from the account to which it was joined. Both are then as if they had never been joined.
 * Marks, messages and match decisions that the user made in between stay with their rows.
 */
import { AppError } from '../../../shared/errors.ts'
import { caseIdOf, caseNameOfTransaction } from '../cases/case-queries.ts'
import { caseContext } from '../cases/cases.ts'
import { noteDecisionTime } from '../cases/due-cases.ts'
import { renameCase } from '../cases/marks.ts'
import { noChanges } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { applyChanges } from '../projections/projection.ts'
import { scalar, statement } from '../statement.ts'
import { accountOf } from './accounts.ts'
import { addImports, changesOfBatches, movedTables, restoreDismissals, watchProof } from './joined-accounts.ts'

/** Separates a joined account again, in one transaction. Throws `account_not_joined`. */
export function separateAccount(database: Writable, accountId: number, now: number): void {
  const separate = database.transaction(() => {
    const joined = joinOf(database, accountId)
    if (!joined) throw new AppError('account_not_joined', { id: accountOf(database, accountId).id })
    const { into, at } = joined
    for (const id of [accountId, into]) noteDecisionTime(database, id, now)
    const whole = homeChanges(database, accountId)
    const proof = watchProof(database, [accountId, into])
    const rows = rowsFrom(database, accountId, into)
    const changed = changedMarks(database, accountId, into, at)
    for (const table of movedTables) {
      statement<[object]>(
        database,
        `UPDATE OR IGNORE ${table} SET account_id = @accountId, home_account_id = NULL
         WHERE account_id = @into AND home_account_id = @accountId`,
      ).run({ accountId, into })
    }
    statement<[number]>(database, 'UPDATE accounts SET joined_to = NULL, joined_at = NULL WHERE account_id = ?').run(
      accountId,
    )
    for (const id of [into, accountId]) {
      const changes = noChanges()
      addImports(changes, whole)
      proof.addTo(id, changes)
      applyChanges(database, caseContext(database, id, now), changes)
    }
    renameBack(database, accountId, into, rows)
    for (const mark of changed) keepMark(database, into, mark)
    for (const id of [into, accountId]) restoreDismissals(database, id)
  })
  separate.immediate()
}

const joinOf = (database: Readable, accountId: number): { into: number; at: number } | null =>
  statement<[number], { into: number; at: number }>(
    database,
    'SELECT joined_to AS "into", joined_at AS "at" FROM accounts WHERE account_id = ? AND joined_to IS NOT NULL',
  ).get(accountId) ?? null

/** The days and contents of the imports that came from a joined account. */
const homeChanges = (database: Readable, home: number): ReturnType<typeof changesOfBatches> =>
  changesOfBatches(
    database,
    scalar<[number], number>(database, 'SELECT batch_id FROM import_batches WHERE home_account_id = ?').all(home),
  )

/** A row of an imported table, with its ledger row and its case in the account to which its account is joined. */
interface JoinedRow {
  batchId: number
  position: number
  transactionId: string
  caseName: string | null
}

/** The imported rows of a joined account; charges first, because marks are named after their cases. */
function rowsFrom(database: Readable, home: number, into: number): JoinedRow[] {
  const rows = statement<[number, number], Omit<JoinedRow, 'caseName'>>(
    database,
    `SELECT r.batch_id AS batchId, r.position, r.transaction_id AS transactionId
     FROM import_batches b JOIN import_rows r ON r.batch_id = b.batch_id
       LEFT JOIN credit_transactions t ON t.account_id = b.account_id AND t.id = r.transaction_id
     WHERE b.home_account_id = ? AND b.account_id = ? AND r.transaction_id IS NOT NULL
     ORDER BY t.kind IS NOT 'charge', r.batch_id, r.position`,
  ).all(home, into)
  return rows.map((row) => ({ ...row, caseName: caseNameOfTransaction(database, into, row.transactionId) }))
}

/** Gives marks, messages and decisions the names that their rows have in the separated account. */
function renameBack(database: Writable, accountId: number, into: number, rows: readonly JoinedRow[]): void {
  const transactionIdOf = scalar<[number, number], string | null>(
    database,
    'SELECT transaction_id FROM import_rows WHERE batch_id = ? AND position = ?',
  )
  for (const { batchId, position, transactionId, caseName } of rows) {
    const id = transactionIdOf.get(batchId, position)
    if (!id) continue
    const to = caseNameOfTransaction(database, accountId, id)
    if (caseName !== null && to !== null) {
      // Marks and messages about a case that only the separated account has.
      if (caseIdOf(database, into, caseName) === null) moveCaseTo(database, accountId, into, caseName)
      if (caseName !== to) renameCase(database, accountId, caseName, to)
    }
    const isLeft = scalar<[number, string], number>(
      database,
      'SELECT EXISTS (SELECT 1 FROM credit_transactions WHERE account_id = ? AND id = ?)',
    ).get(into, transactionId)
    const names = { accountId, into, from: transactionId, to: id }
    if (isLeft === 0) {
      statement<[object]>(
        database,
        'UPDATE OR IGNORE match_decisions SET account_id = @accountId WHERE account_id = @into AND charge_id = @from',
      ).run(names)
    }
    statement<[object]>(
      database,
      'UPDATE OR IGNORE match_decisions SET charge_id = @to WHERE account_id = @accountId AND charge_id = @from',
    ).run(names)
  }
}

function moveCaseTo(database: Writable, accountId: number, into: number, name: string): void {
  statement<[object]>(
    database,
    'UPDATE OR IGNORE marks SET account_id = @accountId WHERE account_id = @into AND case_name = @name',
  ).run({ accountId, into, name })
  statement<[object]>(
    database,
    `UPDATE support_cases SET account_id = @accountId
     WHERE account_id = @into AND EXISTS (SELECT 1 FROM json_each(cases) WHERE value = @name)`,
  ).run({ accountId, into, name })
}

interface Mark {
  case_name: string
  [column: string]: unknown
}

/** The marks that came from a joined account and that the user changed since. */
const changedMarks = (database: Readable, home: number, into: number, since: number): Mark[] =>
  statement<[number, number, number], Mark>(
    database,
    `SELECT case_name, favorite, unwanted, note, dismissed_at, changed_at FROM marks
     WHERE home_account_id = ? AND account_id = ? AND changed_at > ?`,
  ).all(home, into, since)

/** Keeps a mark that the user changed in between also in the other account, if that has its case. */
function keepMark(database: Writable, accountId: number, mark: Mark): void {
  if (caseIdOf(database, accountId, mark.case_name) === null) return
  statement<[object]>(
    database,
    `INSERT OR IGNORE INTO marks (account_id, case_name, favorite, unwanted, note, dismissed_at, changed_at)
     VALUES (@accountId, @case_name, @favorite, @unwanted, @note, @dismissed_at, @changed_at)`,
  ).run({ ...mark, accountId })
}

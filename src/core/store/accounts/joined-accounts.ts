/**
 * Joins an account that only imports know to an account of a service. Every row that moves remembers the account from which
 * it came (`home_account_id`), so that both can be separated again; ledger rows and cases are derived again on both sides.
 */
import { AppError } from '../../../shared/errors.ts'
import type { MovePlan } from '../../../shared/import-views.ts'
import { caseContext } from '../cases/cases.ts'
import { openCases } from '../cases/cases-by-status.ts'
import { noteDecisionTime } from '../cases/due-cases.ts'
import { dismissMarkedCases } from '../cases/marks.ts'
import { unnamedRefundAmounts } from '../cases/unnamed-refunds.ts'
import { type Changes, noChanges } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { contentsOf } from '../imports/folders.ts'
import { jobNamesOf } from '../imports/imported-jobs.ts'
import { daysOfBatch, refundsListedUntil } from '../imports/imports.ts'
import { applyChanges } from '../projections/projection.ts'
import type { AccountRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { isImported, showAccount } from './accounts.ts'

/** The tables whose rows move with an account of imports. */
export const movedTables = ['import_batches', 'support_cases', 'marks', 'match_decisions'] as const

/** Joins `from` to `into` in one transaction, and shows `into`. Throws `account_not_joinable`. */
export function joinAccount(database: Writable, from: AccountRow, into: AccountRow, now: number): void {
  if (!isImported(from) || isImported(into) || into.isSample === 1) {
    throw new AppError('account_not_joinable', { from: from.id, into: into.id })
  }
  const join = database.transaction(() => {
    noteDecisionTime(database, into.accountId, now)
    const changes = noChanges()
    moveImports(database, from.accountId, into.accountId, now, changes)
    applyChanges(database, caseContext(database, into.accountId, now), changes)
    restoreDismissals(database, into.accountId)
  })
  join.immediate()
}

/**
 * Moves the imports, marks, messages and match decisions of an account of imports to `into`, and adds the changes there to
 * `changes`. Runs inside the caller's transaction.
 */
export function moveImports(database: Writable, from: number, into: number, now: number, changes: Changes): void {
  const whole = importChanges(database, from)
  const proof = watchProof(database, [from, into])
  for (const table of movedTables) {
    statement<[object]>(
      database,
      `UPDATE OR IGNORE ${table} SET account_id = @into, home_account_id = @from WHERE account_id = @from`,
    ).run({ from, into })
  }
  const join = 'UPDATE accounts SET joined_to = @into, joined_at = @now WHERE account_id = @from'
  statement<[object]>(database, join).run({ from, into, now })
  const left = noChanges()
  for (const target of [left, changes]) addImports(target, whole)
  proof.addTo(from, left)
  proof.addTo(into, changes)
  applyChanges(database, caseContext(database, from, now), left)
  showAccount(database, into, now)
}

/** Counts the records that move if an account of imports is joined, or with `home_account_id`, if it is separated. */
export function countMoved(
  database: Readable,
  accountId: number,
  column: 'account_id' | 'home_account_id' = 'account_id',
): MovePlan {
  const count = (what: string) =>
    scalar<[number], number>(database, `SELECT ${what} WHERE ${column} = ?`).get(accountId) as number
  return {
    imports: count('count(*) FROM import_batches'),
    rows: count('coalesce(sum(rows) FILTER (WHERE undone_at IS NULL), 0) FROM import_batches'),
    marks: count('count(*) FROM marks'),
    messages: count('count(*) FROM support_cases'),
  }
}

/** The accounts of imports that are joined to an account. */
export const joinedTo = (database: Readable, accountId: number): AccountRow[] =>
  statement<[number], AccountRow>(
    database,
    'SELECT v.* FROM v_accounts v JOIN accounts a ON a.account_id = v.accountId WHERE a.joined_to = ? ORDER BY v.accountId',
  ).all(accountId)

interface ImportChanges {
  days: ReadonlySet<number>
  contents: ReadonlySet<string>
  jobs: ReadonlySet<string>
}

export const changesOfBatches = (database: Readable, batches: readonly number[]): ImportChanges => ({
  days: new Set(batches.flatMap((batchId) => daysOfBatch(database, batchId))),
  contents: new Set(batches.flatMap((batchId) => contentsOf(database, batchId))),
  jobs: new Set(batches.flatMap((batchId) => jobNamesOf(database, batchId))),
})

/** The days, contents and jobs of the imports of an account. */
export const importChanges = (database: Readable, accountId: number): ImportChanges =>
  changesOfBatches(
    database,
    scalar<[number], number>(database, 'SELECT batch_id FROM import_batches WHERE account_id = ?').all(accountId),
  )

export function addImports(changes: Changes, { days, contents, jobs }: ImportChanges): void {
  for (const day of days) changes.importedDays.add(day)
  for (const sha256 of contents) changes.contents.add(sha256)
  for (const name of jobs) changes.importedJobs.add(name)
}

/**
 * Remembers until when the tables of accounts show refunds. `addTo` adds the cases that depend on it to `changes` if that time
 * has changed since.
 */
export function watchProof(database: Readable, accountIds: readonly number[]) {
  const before = new Map(accountIds.map((id) => [id, refundsListedUntil(database, id)]))
  return {
    addTo(accountId: number, changes: Changes): void {
      if (refundsListedUntil(database, accountId) === before.get(accountId)) return
      for (const caseId of openCases(database, accountId)) changes.cases.add(caseId)
      for (const amount of unnamedRefundAmounts(database, accountId)) changes.unnamedRefunds.add(amount)
    },
  }
}

/** Dismisses exactly the cases whose marks say so. */
export function restoreDismissals(database: Writable, accountId: number): void {
  statement<[number]>(
    database,
    'UPDATE refund_cases SET dismissed_at = NULL WHERE account_id = ? AND dismissed_at IS NOT NULL',
  ).run(accountId)
  dismissMarkedCases(database, accountId)
}

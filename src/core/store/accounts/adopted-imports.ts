/** Adopts the imports from before the first sync into the service account to which they belong. */
import { type BatchTransaction, mergeTransactions } from '../../domain/import/merge.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { folderFormat } from '../imports/folders.ts'
import { importedOfDay, listBatches } from '../imports/imports.ts'
import { listedShift } from '../imports/listed-shift.ts'
import { listedOfDay } from '../projections/imports.ts'
import { scalar } from '../statement.ts'
import { accountOf, importedSignIn } from './accounts.ts'
import { moveImports } from './joined-accounts.ts'

/**
 * Moves the imports of every account that only imports know, with the user's marks and the match decisions there, to an
 * account whose history was just read for the first time, if it lists the same rows. Folders without a table cannot be
 * compared, so the first service adopts them, unless it is the sandbox. Runs inside the caller's transaction.
 */
export function adoptImports(database: Writable, accountId: number, now: number, changes: Changes): void {
  const imported = scalar<[string], number>(
    database,
    `SELECT account_id FROM accounts a WHERE sign_in_method = ?
       AND EXISTS (SELECT 1 FROM import_batches b WHERE b.account_id = a.account_id AND b.undone_at IS NULL)`,
  ).all(importedSignIn)
  const { isSample } = accountOf(database, accountId)
  for (const from of imported) {
    const days = daysOfImports(database, from)
    const belongs = hasTable(database, from)
      ? listsSameRows(database, accountId, from, days) || listsRowsOfOtherZone(database, accountId, from, days)
      : isSample === 0
    if (!belongs) continue
    moveImports(database, from, accountId, now, changes)
  }
}

/** Whether an account has a table that is not undone, and not only folders. */
const hasTable = (database: Readable, accountId: number): boolean =>
  scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM import_batches
       WHERE account_id = @accountId AND undone_at IS NULL AND format <> @folderFormat)`,
  ).get({ accountId, folderFormat }) === 1

export const daysOfImports = (database: Readable, accountId: number): number[] =>
  scalar<[number], number>(
    database,
    `SELECT DISTINCT r.day FROM import_batches b JOIN import_rows r ON r.batch_id = b.batch_id
     WHERE b.account_id = ? AND r.day IS NOT NULL ORDER BY r.day`,
  ).all(accountId)

/**
 * Whether the service lists at least half of the imported rows of the days that both know, or the imports show at least half
 * of the rows that the service lists there: either may have gaps.
 */
function listsSameRows(database: Readable, accountId: number, from: number, days: readonly number[]): boolean {
  const { imported, listed, same } = countSameRows(database, accountId, from, days)
  return same > 0 && same * 2 >= Math.min(imported, listed)
}

/** Whether the service lists the rows of a table at other hours, so that only the zone of the table is wrong. */
const listsRowsOfOtherZone = (database: Readable, accountId: number, from: number, days: readonly number[]): boolean =>
  listBatches(database, from).some((batch) => listedShift(database, accountId, batch, days) !== null)

/** Counts the rows of the imports of `from`, the rows of the service, and the common ones, on the days that both know. */
export function countSameRows(
  database: Readable,
  accountId: number,
  from: number,
  days: readonly number[],
): { imported: number; listed: number; same: number } {
  let imported = 0
  let listed = 0
  let same = 0
  for (const day of days) {
    const service = listedOfDay(database, accountId, day)
    if (service.length === 0) continue
    const rows = importedOfDay(database, from, day)
    const known = new Set(service.map(({ id }) => id))
    const found = new Set(mergeTransactions(rows, service).ids.filter((id) => known.has(id)))
    imported += distinctRows(rows)
    listed += service.length
    same += found.size
  }
  return { imported, listed, same }
}

/** The number of ledger rows in some imports, which may show a row several times. */
const distinctRows = (rows: readonly BatchTransaction[]): number => mergeTransactions(rows, []).transactions.length

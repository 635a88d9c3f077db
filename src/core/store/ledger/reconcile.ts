/** Compares the sum of `credit_transactions` with the balance that the service states for the account. */
import type { Reconciliation } from '../../../shared/views.ts'
import { firstRowId, timeOfRowId } from '../../domain/ledger.ts'
import {
  balanceBefore,
  type DifferenceFacts,
  differenceCandidates,
  type LedgerSum,
  openingBalance,
} from '../../domain/reconcile.ts'
import { unprovenCases } from '../cases/cases-by-status.ts'
import type { Readable } from '../handles.ts'
import type { AccountRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { storedReach, surplusOf } from './balance-jumps.ts'
import { findLapses } from './lapses.ts'
import { changeSince } from './ledger-totals.ts'

/**
 * Compares the sum of the ledger with the balance that the service states, and lists possible causes of a difference.
 */
export function reconcile(database: Readable, account: AccountRow): Reconciliation {
  const { accountId, balance: stated, balanceAsOf: statedAt } = account
  const ledger = changeSince(database, accountId, 0)
  const oldest = oldestStatedRow(database, accountId) ?? oldestStatedRows(database, accountId)
  const opening = oldest && openingBalance(oldest.before, changeSince(database, accountId, oldest.rowId - 1), ledger)
  const difference = opening === null ? null : stated - (opening + ledger)
  const none = { candidates: [], unexplained: 0, searchedNewest: null }
  if (!oldest || opening === null || !difference) {
    return { stated, statedAt, opening, ledger, difference, ...none }
  }
  const period = { after: timeOfRowId(oldest.rowId), through: statedAt }
  const { lapses, searchedNewest } = findLapses(database, accountId, opening, period)
  const facts = { ...differenceFacts(database, accountId, statedAt, oldest.rowId), lapses }
  return { stated, statedAt, opening, ledger, difference, searchedNewest, ...differenceCandidates(difference, facts) }
}

function differenceFacts(
  database: Readable,
  accountId: number,
  statedAt: number,
  oldest: number,
): Omit<DifferenceFacts, 'lapses'> {
  const sum = (where: string): LedgerSum =>
    statement<[object], LedgerSum>(
      database,
      `SELECT coalesce(sum(amount), 0) AS total, count(*) AS records FROM credit_transactions WHERE ${where}`,
    ).get({ accountId, statedAt, oldest, firstRow: firstRowId(statedAt) }) as LedgerSum
  const value = (sql: string) => scalar<[number], number | null>(database, sql).get(accountId) ?? null
  const resets = storedReach(database, accountId).jumps.filter(({ cause }) => cause === 'daily_reset')
  return {
    statedAt,
    writtenAfter: sum(
      '+account_id = @accountId AND row_id >= @firstRow AND occurred_at > @statedAt AND retracted_at IS NULL',
    ),
    retractedAfter: sum('account_id = @accountId AND row_id > @oldest AND retracted_at IS NOT NULL'),
    retractedBefore: sum('account_id = @accountId AND row_id < @oldest AND retracted_at IS NOT NULL'),
    quarantined: value(`SELECT count(*) FROM quarantined_records WHERE account_id = ? AND stream = 'credits'`) ?? 0,
    readAt: value(`SELECT last_success_at FROM sync_streams WHERE account_id = ? AND stream = 'credits'`),
    resets: { total: resets.reduce((total, { amount }) => total + amount, 0), records: resets.length },
    doubtful: doubtfulCredits(database, accountId),
  }
}

/** The outstanding credits of each case whose refund may be in the balance already. */
const doubtfulCredits = (database: Readable, accountId: number): number[] =>
  unprovenCases(database, accountId).flatMap((caseId) => {
    const outstanding = scalar<[number], number>(
      database,
      'SELECT charged - refunded FROM refund_cases WHERE case_id = ?',
    ).get(caseId) as number
    return surplusOf(database, accountId, caseId) >= outstanding ? [outstanding] : []
  })

/** The oldest row with a stated balance, and the balance before it. The order of two rows of one time is unknown. */
const oldestStatedRow = (database: Readable, accountId: number): { rowId: number; before: number } | null =>
  statement<[number], { rowId: number; before: number }>(
    database,
    `SELECT row_id AS rowId, balance_after - amount AS before FROM credit_transactions t
     WHERE +account_id = ? AND row_id > 0 AND balance_after IS NOT NULL AND retracted_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM credit_transactions o WHERE o.row_id <> t.row_id AND +o.account_id = t.account_id
         AND o.row_id >= t.occurred_at * ${firstRowId(1)} AND o.row_id < (t.occurred_at + 1) * ${firstRowId(1)})
     ORDER BY row_id LIMIT 1`,
  ).get(accountId) ?? null

/** How many of the oldest stated balances are tried if each row shares its time with others. */
const timesTried = 100

/** The first of the oldest rows of one time that all state a balance, and the balance before them. */
function oldestStatedRows(database: Readable, accountId: number): { rowId: number; before: number } | null {
  const times = scalar<[object], number>(
    database,
    `SELECT occurred_at FROM credit_transactions WHERE +account_id = @accountId AND row_id > 0
       AND balance_after IS NOT NULL AND retracted_at IS NULL ORDER BY row_id LIMIT @most`,
  ).all({ accountId, most: timesTried })
  const rowsAt = statement<[object], { rowId: number; amount: number; balanceAfter: number | null; retracted: number }>(
    database,
    `SELECT row_id AS rowId, amount, balance_after AS balanceAfter, retracted_at IS NOT NULL AS retracted
     FROM credit_transactions WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below ORDER BY row_id`,
  )
  for (const time of new Set(times)) {
    const rows = rowsAt.all({ accountId, from: firstRowId(time), below: firstRowId(time + 1) })
    const stated = rows.flatMap(({ amount, balanceAfter, retracted }) =>
      balanceAfter === null || retracted ? [] : [{ amount, balanceAfter }],
    )
    const before = stated.length === rows.length ? balanceBefore(stated) : null
    if (before !== null) return { rowId: rows[0]?.rowId as number, before }
  }
  return null
}

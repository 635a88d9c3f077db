/** The listed rows of an account by Korean day, as the stated balances are followed through them. */
import type { BalanceRow } from '../../domain/balance-jumps.ts'
import { beginningOf, dayMs, koreanOffset } from '../../domain/days.ts'
import { firstRowId, timeOfRowId } from '../../domain/ledger.ts'
import type { Readable } from '../handles.ts'
import { koreanDayOfRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'

export const firstRowOfDay = (day: number) => firstRowId(beginningOf(day))

/** The Korean days with rows of any account, oldest first. Jumps through the index from day to day, without a scan. */
export const ledgerDays = (database: Readable): number[] =>
  scalar<[], number>(
    database,
    `WITH RECURSIVE found (day) AS (
       SELECT ${koreanDayOfRow('min(row_id)')} FROM credit_transactions
       UNION ALL SELECT (SELECT ${koreanDayOfRow('min(row_id)')} FROM credit_transactions
         WHERE row_id >= ((day + 1) * ${dayMs} - ${koreanOffset}) * ${firstRowId(1)}) FROM found WHERE day IS NOT NULL)
     SELECT day FROM found WHERE day IS NOT NULL`,
  ).all()

const hasBalance = (order: 'ASC' | 'DESC') =>
  `EXISTS (SELECT 1 FROM (SELECT balance_after FROM credit_transactions
     WHERE +account_id = @accountId AND row_id >= d.value ->> 0 AND row_id < d.value ->> 1 AND retracted_at IS NULL
     ORDER BY row_id ${order} LIMIT @limit) WHERE balance_after IS NOT NULL)`

/**
 * The days on which one of the `limit` oldest or newest listed rows states a balance, in one statement: if no row of years states
 * one, no day is read further.
 */
export function daysWithBalance(
  database: Readable,
  accountId: number,
  days: readonly number[],
  limit: number,
): number[] {
  const ranges = days.map((day) => [firstRowOfDay(day), firstRowOfDay(day + 1)])
  const found = scalar<[object], number>(
    database,
    `SELECT d.key FROM json_each(@ranges) d WHERE ${hasBalance('ASC')} OR ${hasBalance('DESC')} ORDER BY d.key`,
  ).all({ accountId, limit, ranges: JSON.stringify(ranges) })
  return found.map((index) => days[index] as number)
}

/** The listed rows at one end of a day, grouped by millisecond, within which their order is unknown. */
export function rowsOfDay(
  database: Readable,
  accountId: number,
  day: number,
  order: 'ASC' | 'DESC',
  limit: number,
): BalanceRow[][] {
  const rows = statement<[object], BalanceRow>(
    database,
    `SELECT row_id AS rowId, amount, balance_after AS balanceAfter FROM credit_transactions
     WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND retracted_at IS NULL
     ORDER BY row_id ${order} LIMIT @limit`,
  ).all({ accountId, limit, from: firstRowOfDay(day), below: firstRowOfDay(day + 1) })
  const byTime = [...Map.groupBy(rows, ({ rowId }) => timeOfRowId(rowId)).values()]
  // The limit may cut the rows of the last millisecond.
  return rows.length < limit ? byTime : byTime.slice(0, -1)
}

/** The time of the newest listed row; null if there is none. */
export function newestTime(database: Readable, accountId: number, days: readonly number[]): number | null {
  const find = scalar<[object], number>(
    database,
    `SELECT row_id FROM credit_transactions WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below
       AND retracted_at IS NULL ORDER BY row_id DESC LIMIT 1`,
  )
  for (const day of days.toReversed()) {
    const rowId = find.get({ accountId, from: firstRowOfDay(day), below: firstRowOfDay(day + 1) })
    if (rowId !== undefined) return timeOfRowId(rowId)
  }
  return null
}

/** The balances that the listed rows of one millisecond state. */
export const balancesAt = (database: Readable, accountId: number, time: number): number[] =>
  scalar<[object], number>(
    database,
    `SELECT balance_after FROM credit_transactions WHERE +account_id = @accountId AND row_id >= @from
       AND row_id < @below AND retracted_at IS NULL AND balance_after IS NOT NULL`,
  ).all({ accountId, from: firstRowId(time), below: firstRowId(time + 1) })

/** Reads of the refunds that name neither a charge nor a job (rule L9). */
import { dayMs } from '../../domain/days.ts'
import { firstRowId } from '../../domain/ledger.ts'
import { mayBeRefundOf, type OpenCase, refundWindow, type UnnamedRefund } from '../../domain/possible-links.ts'
import type { Readable } from '../handles.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { scalar, statement } from '../statement.ts'
import { isUnnamed } from './link-rows.ts'

/** SQL that holds for a row of `credit_transactions t` whose whole amount a listed row that reverses it took again. */
export const isTakenAgain = `EXISTS (SELECT 1 FROM credit_transactions a WHERE a.account_id = t.account_id AND a.reverses = t.id
  AND a.kind <> 'charge' AND a.amount = -t.amount AND a.retracted_at IS NULL)`

/** The columns of a `RefundRow`, from `credit_transactions t`. If only the day is stated, a refund counts as written at the end of it. */
export const refundColumns = `row_id AS rowId, id, amount,
  occurred_at + iif(precision_ms < ${dayMs}, 0, precision_ms - 1) AS at,
  ${textOfRow('feature', 't')} AS kind, agent, ${textOfRow('model', 't')} AS model, kind = 'refund' AS refund`

/** A refund without ids, with 1 in `refund` if it is one by its kind. */
export type RefundRow = Omit<UnnamedRefund, 'isRefund'> & { refund: number }

export const toRefund = ({ refund, ...row }: RefundRow): UnnamedRefund => ({ ...row, isRefund: refund === 1 })

/** Refunds without ids of one amount that the service lists, and that were not taken again, oldest first. `from` and `below`: row ids. */
export const unnamedRefunds = (
  database: Readable,
  accountId: number,
  amount: number,
  { from = 0, below = Number.MAX_SAFE_INTEGER } = {},
): UnnamedRefund[] =>
  statement<[object], RefundRow>(
    database,
    `SELECT ${refundColumns} FROM credit_transactions t WHERE account_id = @accountId AND amount = @amount AND ${isUnnamed} AND retracted_at IS NULL
       AND row_id >= @from AND row_id < @below AND NOT ${isTakenAgain} ORDER BY row_id`,
  )
    .all({ accountId, amount, from, below })
    .map(toRefund)

/** Finds the first `most` refunds without ids that may give an amount of a case back. */
export type FindFitting = (open: OpenCase, most: number) => UnnamedRefund[]

/** Remembers the refunds of each week that it read, so use it for one decision of many cases only. */
export function fittingRefunds(database: Readable, accountId: number): FindFitting {
  let known: ReadonlySet<number> | null = null
  const weeks = new Map<string, UnnamedRefund[]>()
  function ofWeek(amount: number, week: number): UnnamedRefund[] {
    const key = `${amount} ${week}`
    const range = { from: firstRowId(week * weekMs), below: firstRowId((week + 1) * weekMs) }
    const rows = weeks.get(key) ?? unnamedRefunds(database, accountId, amount, range)
    weeks.set(key, rows)
    return rows
  }
  return (open, most) => {
    known ??= new Set(unnamedRefundAmounts(database, accountId))
    const found: UnnamedRefund[] = []
    if (!known.has(open.open)) return found
    const last = Math.floor((open.lastChargedAt + refundWindow) / weekMs)
    // A refund of which only the day is stated counts as written up to a day after its row id.
    for (let week = Math.floor((open.chargedAt - dayMs) / weekMs); week <= last; week++) {
      for (const refund of ofWeek(open.open, week)) {
        if (mayBeRefundOf(refund, open) && found.push(refund) === most) return found
      }
    }
    return found
  }
}

const weekMs = 7 * dayMs

/** The amounts of all refunds without ids of an account. */
export const unnamedRefundAmounts = (database: Readable, accountId: number): number[] =>
  scalar<[number], number>(
    database,
    `WITH RECURSIVE amounts (amount) AS (
       SELECT 0
       UNION ALL
       SELECT (SELECT min(t.amount) FROM credit_transactions t
               WHERE t.account_id = ? AND t.amount > amounts.amount AND ${isUnnamed}) FROM amounts WHERE amount IS NOT NULL)
     SELECT amount FROM amounts WHERE amount > 0`,
  ).all(accountId)

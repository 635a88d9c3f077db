/**
 * Compares stated balances with listed rows, for the table `balance_jumps` and the end of the history in `sync_streams`. No query
 * reads more than a few rows of a day, unless the day has a jump.
 */
import { type BalanceRow, type BalanceStep, endsOf, type Jump, jumpRow, jumpsOf } from '../../domain/balance-jumps.ts'
import { koreanDayOf } from '../../domain/days.ts'
import { aboveAllIds, firstRowId } from '../../domain/ledger.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'
import { readPosition } from '../streams.ts'
import { balancesAt, daysWithBalance, firstRowOfDay, ledgerDays, newestTime, rowsOfDay } from './balance-rows.ts'
import { findLapses } from './lapses.ts'
import { changeBetween } from './ledger-totals.ts'

/** The jumps of an account, and the time at which its history ends. */
export interface Reach {
  jumps: Jump[]
  /** The time of the newest row if the balance changed after it without a row; else null, and the history is complete. */
  historyEndsAt: number | null
}

/** The balance with which the history was compared: the last that was stated before the history was read whole. */
interface CheckedBalance {
  balance: number
  statedAt: number
  /** An earlier stated balance, for a history that states none; null before the second comparison. */
  baseBalance: number | null
  baseAt: number | null
  /** 1 if the account got free credits every day, as its plan or its balances say. */
  isDaily: number
}

/** A time at which the balance is known. */
interface Point {
  rowId: number
  balance: number
  day: number
}

/** The most rows read per day, so that a service without balances does not cost a scan of the ledger. */
const rowsPerDay = 20
/** The most rows read of a day with a jump, to locate the jump. */
const rowsPerJumpDay = 500

/**
 * Stores the balance that the account states now, with which the history will be compared. The previous one becomes the base of
 * the comparison if the history agreed with it.
 */
export function saveCheckedBalance(database: Writable, accountId: number): void {
  statement<[object]>(
    database,
    `UPDATE sync_streams SET base_balance = iif(history_ends_at IS NULL, checked_balance, base_balance),
       base_at = iif(history_ends_at IS NULL, checked_at, base_at),
       (checked_balance, checked_at, checked_daily) = (
       SELECT balance, balance_as_of, plan = 'free'
         OR EXISTS (SELECT 1 FROM json_each(balances) WHERE value ->> 'source' = 'daily_free')
       FROM accounts WHERE account_id = @accountId)
     WHERE account_id = @accountId AND stream = 'credits'`,
  ).run({ accountId })
}

/** Computes the jumps and the end of the history again, and stores them. Returns whether they changed. */
export function saveReach(database: Writable, accountId: number): boolean {
  const before = storedReach(database, accountId)
  const after = reachOf(database, accountId)
  if (JSON.stringify(before) === JSON.stringify(after)) return false
  statement<[number]>(database, 'DELETE FROM balance_jumps WHERE account_id = ?').run(accountId)
  const insert = statement<[object]>(
    database,
    'INSERT INTO balance_jumps (account_id, row_id, amount, cause) VALUES (@accountId, @rowId, @amount, @cause)',
  )
  for (const jump of after.jumps) insert.run({ ...jump, accountId })
  statement<[object]>(
    database,
    `UPDATE sync_streams SET history_ends_at = @historyEndsAt WHERE account_id = @accountId AND stream = 'credits'`,
  ).run({ accountId, historyEndsAt: after.historyEndsAt })
  return true
}

export const storedReach = (database: Readable, accountId: number): Reach => ({
  jumps: statement<[number], Jump>(
    database,
    'SELECT row_id AS rowId, amount, cause FROM balance_jumps WHERE account_id = ? ORDER BY row_id',
  ).all(accountId),
  historyEndsAt: historyEnd(database, accountId),
})

export const historyEnd = (database: Readable, accountId: number): number | null =>
  scalar<[number], number | null>(
    database,
    `SELECT history_ends_at FROM sync_streams WHERE account_id = ? AND stream = 'credits'`,
  ).get(accountId) ?? null

/** The end of the history if the stream was read after the deadline but the history ends before it; else null. */
export const historyEndBefore = (database: Readable, accountId: number, deadlineAt: number): number | null =>
  scalar<[object], number>(
    database,
    `SELECT history_ends_at FROM sync_streams WHERE account_id = @accountId AND stream = 'credits'
       AND history_ends_at <= @deadlineAt AND last_success_at > @deadlineAt`,
  ).get({ accountId, deadlineAt }) ?? null

/** The credits that came into the balance without a row since the first charge of a case; 0 if none. */
export const surplusOf = (database: Readable, accountId: number, caseId: number): number =>
  scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM balance_jumps
     WHERE account_id = @accountId AND amount > 0 AND cause IS NULL AND row_id >
       (SELECT min(row_id) FROM credit_transactions WHERE case_id = @caseId AND kind = 'charge')`,
  ).get({ accountId, caseId }) ?? 0

/**
 * The jumps and the end of the history, computed from the records. While a snapshot is incomplete, the stored ones stay: its
 * newest rows without the earlier ones would look like a jump, or hide one.
 */
export function reachOf(database: Readable, accountId: number): Reach {
  if (readPosition(database, accountId, 'credits').phase !== 'changes') return storedReach(database, accountId)
  const checked = checkedBalance(database, accountId)
  const days = checked ? ledgerDays(database) : []
  const newest = newestTime(database, accountId, days)
  const { steps, ...points } = stepsOf(database, accountId, days)
  const first = points.first ?? (checked && basePoint(checked))
  const last = points.last ?? first
  if (!checked || !first || !last || newest === null) return { jumps: [], historyEndsAt: null }
  // Rows at or after the time of the stated balance show that the history goes on.
  if (newest < checked.statedAt) {
    const day = koreanDayOf(checked.statedAt)
    steps.push(stepTo(database, accountId, last, { rowId: aboveAllIds, balance: checked.balance, day }))
  }
  if (steps.every(({ amount }) => amount === 0)) return { jumps: [], historyEndsAt: null }
  const retractedBefore = retractedSum(database, accountId, 0, first.rowId)
  const jumps = jumpsOf(steps, retractedBefore, checked.isDaily === 1 || hasDailyRows(database, accountId))
  const tail = jumps.at(-1)
  if (tail?.rowId !== aboveAllIds || tail.cause !== null) return { jumps, historyEndsAt: null }
  const { lapses } = findLapses(database, accountId, first.balance, { after: newest, through: checked.statedAt })
  if (tail.amount === -lapses.reduce((sum, { amount }) => sum + amount, 0)) tail.cause = 'lapsed'
  const goesOn = tail.cause !== null || balancesAt(database, accountId, newest).includes(checked.balance)
  return { jumps, historyEndsAt: goesOn ? null : newest }
}

const checkedBalance = (database: Readable, accountId: number): CheckedBalance | null =>
  statement<[number], CheckedBalance>(
    database,
    `SELECT checked_balance AS balance, checked_at AS statedAt, checked_daily AS isDaily,
       base_balance AS baseBalance, base_at AS baseAt FROM sync_streams
     WHERE account_id = ? AND stream = 'credits' AND checked_at IS NOT NULL`,
  ).get(accountId) ?? null

/** The steps from the balance before the oldest row that states one, day by day, and the last known balance. */
function stepsOf(
  database: Readable,
  accountId: number,
  days: readonly number[],
): { steps: BalanceStep[]; first: Point | null; last: Point | null } {
  const steps: BalanceStep[] = []
  let first: Point | null = null
  let last: Point | null = null
  for (const day of daysWithBalance(database, accountId, days, rowsPerDay)) {
    first ??= firstPoint(database, accountId, day)
    last ??= first
    if (!last) continue
    const step = dayStep(database, accountId, last, day)
    if (!step) continue
    steps.push(step.step)
    last = step.point
  }
  return { steps, first, last }
}

/** The earlier stated balance, which counts every row up to its time. */
const basePoint = ({ baseBalance, baseAt }: CheckedBalance): Point | null =>
  baseBalance === null || baseAt === null
    ? null
    : { rowId: firstRowId(baseAt + 1) - 1, balance: baseBalance, day: koreanDayOf(baseAt) }

function firstPoint(database: Readable, accountId: number, day: number): Point | null {
  const oldest = rowsOfDay(database, accountId, day, 'ASC', rowsPerDay)
  const newest = rowsOfDay(database, accountId, day, 'DESC', rowsPerDay).toReversed()
  for (const rows of [...oldest, ...newest]) {
    const { before } = endsOf(rows)
    if (before !== null) return { rowId: Math.min(...rows.map(({ rowId }) => rowId)) - 1, balance: before, day }
  }
  return null
}

/**
 * The step to the last balance that the day states. If a row was written late, its balance is out of order, and the balances give
 * the true order of the rows.
 */
function dayStep(
  database: Readable,
  accountId: number,
  from: Point,
  day: number,
): { step: BalanceStep; point: Point } | null {
  // Most days end with a row that is alone in its millisecond and adds up.
  return lastStep(2) ?? lastStep(rowsPerDay)

  function lastStep(limit: number): { step: BalanceStep; point: Point } | null {
    const newestFirst = rowsOfDay(database, accountId, day, 'DESC', limit).filter(
      ([row]) => row && row.rowId > from.rowId,
    )
    const index = newestFirst.findIndex((rows) => endsOf(rows).after !== null)
    const rows = newestFirst[index]
    if (!rows) return null
    const point = { rowId: lastRowId(rows), balance: endsOf(rows).after as number, day }
    const step = stepTo(database, accountId, from, point)
    if (step.amount === 0) return { step, point }
    if (limit < rowsPerDay) return null
    const balance = point.balance - step.amount
    const isOutOfOrder = newestFirst
      .slice(index + 1)
      .some((_, older) => endsOf(newestFirst.slice(index, index + older + 2).flat()).after === balance)
    if (isOutOfOrder) return { step: { ...step, amount: 0 }, point: { ...point, balance } }
    const located = rowsOfDay(database, accountId, day, 'ASC', rowsPerJumpDay).filter(
      ([row]) => row && row.rowId > from.rowId && row.rowId <= point.rowId,
    )
    return { step: { ...step, rowId: jumpRow(located, from.balance, step.amount) ?? step.rowId }, point }
  }
}

const lastRowId = (rows: readonly BalanceRow[]): number => Math.max(...rows.map(({ rowId }) => rowId))

function stepTo(database: Readable, accountId: number, from: Point, to: Point): BalanceStep {
  const { rowId } = to
  const amount = to.balance - from.balance - changeBetween(database, accountId, from.rowId, rowId)
  if (amount === 0) return { rowId, amount, retracted: 0, used: 0 }
  const used = scalar<[object], number>(
    database,
    `SELECT coalesce(-sum(amount), 0) FROM credit_transactions WHERE +account_id = @accountId AND kind = 'charge'
       AND retracted_at IS NULL AND row_id >= @from AND row_id < @below`,
  ).get({ accountId, from: firstRowOfDay(from.day), below: firstRowOfDay(to.day) }) as number
  return { rowId, amount, retracted: retractedSum(database, accountId, from.rowId, rowId), used }
}

/** The sum of the retracted rows newer than `after`, up to and including `through`. */
const retractedSum = (database: Readable, accountId: number, after: number, through: number): number =>
  scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM credit_transactions
     WHERE account_id = @accountId AND retracted_at IS NOT NULL AND row_id > @after AND row_id <= @through`,
  ).get({ accountId, after, through }) as number

/** Whether rows of the ledger name the free credits of a day as their source. */
const hasDailyRows = (database: Readable, accountId: number): boolean =>
  scalar<[number], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM ledger_facets WHERE account_id = ? AND source = 'daily_free' AND rows > 0)`,
  ).get(accountId) === 1

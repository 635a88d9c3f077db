/** Finds imports whose rows the service lists a constant number of hours earlier or later: their zone was read wrongly. */
import { lengthOf } from '../../domain/import/merge.ts'
import { sampleOf } from '../../domain/import/profile.ts'
import { findShift, type ShiftProof, type TimedAmount, type ZoneShift } from '../../domain/import/zone-shift.ts'
import type { Readable } from '../handles.ts'
import { listedOfDay } from '../projections/imports.ts'
import { statement } from '../statement.ts'
import { folderFormat } from './folders.ts'
import { type BatchRow, importedOfDay } from './imports.ts'

/** Enough to correct a stored import without a question: nearly all rows have to agree. */
const proven: ShiftProof = { rows: 3, share: 0.8 }
/** Days that are compared. */
const comparedDays = 12
const withNeighbours = (days: Iterable<number>): Set<number> =>
  new Set([...days].flatMap((day) => [day - 1, day, day + 1]))

/** The tables of an account with rows on these days or beside them, and those days. Tables that were corrected are left out. */
export function batchesOnDays(database: Readable, accountId: number, days: ReadonlySet<number>): Map<number, number[]> {
  const rows = statement<[object], { batchId: number; day: number }>(
    database,
    `SELECT DISTINCT r.batch_id AS batchId, r.day FROM import_batches b
     CROSS JOIN json_each(@days) d CROSS JOIN import_rows r INDEXED BY import_rows_by_day
       ON r.day = d.value AND r.batch_id = b.batch_id
     WHERE b.account_id = @accountId AND b.undone_at IS NULL AND b.zone_before IS NULL AND b.format <> @folderFormat`,
  ).all({ accountId, folderFormat, days: JSON.stringify([...withNeighbours(days)]) })
  return new Map([...Map.groupBy(rows, ({ batchId }) => batchId)].map(([id, some]) => [id, some.map(({ day }) => day)]))
}

/**
 * The hours by which the rows of a batch on some days differ from rows that the service lists for `accountId`, and the time of one
 * of them (epoch ms). Null unless nearly all rows differ by the same hours.
 */
export function listedShift(
  database: Readable,
  accountId: number,
  batch: Pick<BatchRow, 'batchId' | 'accountId'>,
  days: readonly number[],
): (ZoneShift & { at: number }) | null {
  const listed = new Map<number, TimedAmount[]>()
  const listedOn = (day: number) => {
    const known = listed.get(day) ?? listedOfDay(database, accountId, day).map(toTimed)
    listed.set(day, known)
    return known
  }
  const near = days.filter((day) => [...withNeighbours([day])].some((other) => listedOn(other).length > 0))
  const step = Math.ceil(near.length / comparedDays)
  const some = near.filter((_, index) => index % step === 0)
  const rows = some.flatMap((day) =>
    importedOfDay(database, batch.accountId, day)
      // A day is the same in most zones, and rows with an id are compared by it.
      .filter(({ batchId, precision, id }) => batchId === batch.batchId && precision !== 'day' && id === null)
      .map((row) => ({ ...toTimed(row), lengthMs: lengthOf[row.precision] })),
  )
  const shift = findShift(sampleOf(rows), [...withNeighbours(some)].flatMap(listedOn), proven)
  return shift && { ...shift, at: rows[0]?.at ?? 0 }
}

const toTimed = ({ occurredAt, amount }: { occurredAt: number; amount: number }): TimedAmount => ({
  at: occurredAt,
  lengthMs: 1,
  amount,
})

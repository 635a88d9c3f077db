/** Compares the times of a table with those of an account, to detect a wrong zone. */
import type { Guess, Reading } from '../../shared/imports.ts'
import { dayMs, koreanDayOf } from '../domain/days.ts'
import { lengthOf } from '../domain/import/merge.ts'
import { sampleOf } from '../domain/import/profile.ts'
import { findShift, type TimedAmount, zoneAtShift } from '../domain/import/zone-shift.ts'
import { importedOfDay, type TableRow } from '../store/imports/imports.ts'
import { listedOfDay } from '../store/projections/imports.ts'
import type { Destination } from './seam.ts'

/** Days that are compared. Comparing all days of a long history would take as long as importing it. */
const comparedDays = 12

function rowsOfSomeDays(rows: readonly TimedAmount[]): TimedAmount[] {
  const days = [...new Set(rows.map(({ at }) => koreanDayOf(at)))].sort((a, b) => a - b)
  const step = Math.ceil(days.length / comparedDays)
  const some = new Set(days.filter((_, index) => index % step === 0))
  return rows.filter(({ at }) => some.has(koreanDayOf(at)))
}

/** The zone in which the rows of a table equal rows of the account; null if no zone is better than that of the reading. */
export function knownZone(
  { database, accountId, batchId }: Destination,
  rows: readonly TableRow[],
  { zone }: Pick<Reading, 'zone'>,
): Guess['runnerUp'] {
  // A day is the same in most zones, and rows with an id are compared by it.
  const timed = rows.flatMap(({ transaction }): TimedAmount[] => {
    if (!transaction || transaction.precision === 'day' || transaction.id !== null) return []
    return [{ at: transaction.occurredAt, lengthMs: lengthOf[transaction.precision], amount: transaction.amount }]
  })
  const sample = sampleOf(rowsOfSomeDays(timed))
  const days = new Set(sample.flatMap(({ at }) => [-dayMs, 0, dayMs].map((shift) => koreanDayOf(at + shift))))
  const known = [...days].flatMap((day): TimedAmount[] => [
    ...importedOfDay(database, accountId, day)
      .filter((row) => row.batchId !== batchId && row.precision !== 'day')
      .map((row) => ({ at: row.occurredAt, lengthMs: lengthOf[row.precision], amount: row.amount })),
    ...listedOfDay(database, accountId, day).map((row) => ({ at: row.occurredAt, lengthMs: 1, amount: row.amount })),
  ])
  const shift = findShift(sample, known)
  if (!shift) return null
  const { hours, rows: fitting } = shift
  return {
    as: zoneAtShift(zone, hours, sample[0]?.at ?? 0),
    because: { code: 'shifted_from_known', params: { hours: Math.abs(hours), rows: fitting } },
  }
}

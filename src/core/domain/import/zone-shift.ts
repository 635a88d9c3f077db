/** A zone that was read wrongly: every row of a table is off by the same number of hours from rows that are known already. */
import { hourMs, koreanDayOf } from '../days.ts'
import { asUtc, isZone, toWall } from './zones.ts'

/** A row as far as a shift shows in it: epoch milliseconds, and how long the stated time lasts. */
export interface TimedAmount {
  at: number
  lengthMs: number
  amount: number
}

export interface ZoneShift {
  /** How many hours later the rows are at the known ones. */
  hours: number
  /** How many rows equal a known one then. */
  rows: number
}

/** More than any zone differs from that of Korea. */
const mostHours = 21

/**
 * The shift of whole hours at which most rows equal known rows. Null if the rows fit as they are, if fewer than three fit, if
 * half of the rows of the known days do not, or if another shift fits almost as well.
 */
export function findShift(rows: readonly TimedAmount[], known: readonly TimedAmount[]): ZoneShift | null {
  const byAmount = Map.groupBy(known, ({ amount }) => amount)
  for (const same of byAmount.values()) same.sort((a, b) => a.at - b.at)
  const days = new Set(known.map(({ at }) => koreanDayOf(at)))
  const fits = Array.from({ length: 2 * mostHours + 1 }, (_, index) => {
    const hours = index - mostHours
    const shifted = rows.map((row) => ({ ...row, at: row.at + hours * hourMs }))
    const near = shifted.filter(({ at }) => days.has(koreanDayOf(at)))
    const equal = near.filter((row) => hasEqual(byAmount.get(row.amount) ?? [], row)).length
    return { hours, rows: equal, near: near.length }
  }).sort((a, b) => b.rows - a.rows || Math.abs(a.hours) - Math.abs(b.hours))
  const [best, second] = fits
  if (!best || best.hours === 0 || best.rows < Math.min(3, Math.max(2, rows.length))) return null
  const asItIs = fits.find(({ hours }) => hours === 0)?.rows ?? 0
  const isClear = best.rows >= 2 * asItIs && best.rows >= 1.5 * (second?.rows ?? 0)
  return isClear && 2 * best.rows >= best.near ? { hours: best.hours, rows: best.rows } : null
}

/** Whether a known row of the amount, in order of time, may have been written at the stated time of a row. */
function hasEqual(known: readonly TimedAmount[], { at, lengthMs }: TimedAmount): boolean {
  let [low, high] = [0, known.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const { at: start, lengthMs: length } = known[middle] as TimedAmount
    if (start + length <= at) low = middle + 1
    else high = middle
  }
  const found = known[low]
  return found !== undefined && found.at < at + lengthMs
}

/** The zone in which times are so many hours later than in `zone` at the time `at`; null if no zone is. */
export function zoneAtShift(zone: string, hours: number, at: number): string | null {
  const offset = (asUtc(toWall(at, zone)) - at) / hourMs - hours
  if (offset === 0) return 'UTC'
  if (offset === 9) return 'Asia/Seoul'
  // The signs of these names are those of POSIX: west of Greenwich is positive.
  const name = `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
  return Number.isInteger(offset) && isZone(name) ? name : null
}

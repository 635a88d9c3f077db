/** Detects a wrong zone: every row of a table differs by the same number of hours from rows that are known already. */
import { hourMs, koreanDayOf } from '../days.ts'
import { asUtc, isZone, toWall } from './zones.ts'

/** The properties of a row that a shift changes or keeps. `at` is epoch milliseconds; the stated time lasts `lengthMs`. */
export interface TimedAmount {
  at: number
  lengthMs: number
  amount: number
}

export interface ZoneShift {
  /** Hours to add to the times of the rows. */
  hours: number
  /** The number of rows that equal a known row after that. */
  rows: number
}

/** No zone differs from Korea's by more. */
const maxHours = 21

/**
 * The shift of whole hours under which most rows equal known rows. Null if the rows fit unshifted, if fewer than three fit, if
 * fewer than half of the rows on known days fit, or if another shift fits almost as well.
 */
export function findShift(rows: readonly TimedAmount[], known: readonly TimedAmount[]): ZoneShift | null {
  const byAmount = Map.groupBy(known, ({ amount }) => amount)
  for (const same of byAmount.values()) same.sort((a, b) => a.at - b.at)
  const days = new Set(known.map(({ at }) => koreanDayOf(at)))
  const fits = Array.from({ length: 2 * maxHours + 1 }, (_, index) => {
    const hours = index - maxHours
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

/** The zone in which a wall time is `hours` later than the same wall time in `zone`, near the time `at`; null if none. */
export function zoneAtShift(zone: string, hours: number, at: number): string | null {
  const offset = (asUtc(toWall(at, zone)) - at) / hourMs - hours
  if (offset === 0) return 'UTC'
  if (offset === 9) return 'Asia/Seoul'
  // The signs of these names are those of POSIX: west of Greenwich is positive.
  const name = `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
  return Number.isInteger(offset) && isZone(name) ? name : null
}

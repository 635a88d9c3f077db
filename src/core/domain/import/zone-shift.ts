/** Detects a wrong zone: the rows of a table differ by the same number of hours from rows that are known. */
import { hourMs, koreanDayOf } from '../days.ts'
import { asUtc, toWall } from './zones.ts'

/** The properties of a row that a shift changes or keeps. `at` is epoch milliseconds; the stated time lasts `lengthMs`. */
export interface TimedAmount {
  at: number
  lengthMs: number
  amount: number
}

export interface ZoneShift {
  /** Hours to add to the times of the rows: a multiple of a half. */
  hours: number
  /** The number of rows that equal a known row after that. */
  rows: number
}

/** No zone differs from Korea's by more. */
const maxHours = 21
/** Some zones, such as that of India, are half an hour off the others. */
const stepHours = 0.5

/** How clear a shift must be: the fewest rows that equal a known one, and their share of the rows on known days. */
export interface ShiftProof {
  rows: number
  share: number
}

/** Enough to offer a zone that the user sees before anything is stored. */
const offered: ShiftProof = { rows: 2, share: 0.5 }

/**
 * The shift under which most rows equal known rows. Null if the rows fit unshifted, if fewer fit than `proof` says, or if another
 * shift fits almost as well.
 */
export function findShift(
  rows: readonly TimedAmount[],
  known: readonly TimedAmount[],
  proof: ShiftProof = offered,
): ZoneShift | null {
  const byAmount = Map.groupBy(known, ({ amount }) => amount)
  for (const same of byAmount.values()) same.sort((a, b) => a.at - b.at)
  const days = new Set(known.map(({ at }) => koreanDayOf(at)))
  const fits = Array.from({ length: (2 * maxHours) / stepHours + 1 }, (_, index) => {
    const hours = index * stepHours - maxHours
    const shifted = rows.map((row) => ({ ...row, at: row.at + hours * hourMs }))
    const near = shifted.filter(({ at }) => days.has(koreanDayOf(at)))
    const equal = near.filter((row) => hasEqual(byAmount.get(row.amount) ?? [], row)).length
    return { hours, rows: equal, near: near.length }
  }).sort((a, b) => b.rows - a.rows || Math.abs(a.hours) - Math.abs(b.hours))
  const [best, second] = fits
  if (!best || best.hours === 0 || best.rows < Math.max(proof.rows, Math.min(3, rows.length))) return null
  const asItIs = fits.find(({ hours }) => hours === 0)?.rows ?? 0
  const isClear = best.rows >= 2 * asItIs && best.rows >= 1.5 * (second?.rows ?? 0)
  return isClear && best.rows >= proof.share * best.near ? { hours: best.hours, rows: best.rows } : null
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

/** The zone in which a wall time is `hours` later than the same wall time in `zone`, near the time `at`. */
export function zoneAtShift(zone: string, hours: number, at: number): string {
  const offset = (asUtc(toWall(at, zone)) - at) / hourMs - hours
  if (offset === 0) return 'UTC'
  if (offset === 9) return 'Asia/Seoul'
  // `Intl` knows zones by their offset, such as `+05:30`. The names `Etc/GMT-5` have the opposite sign.
  const minutes = Math.round(Math.abs(offset) * 60)
  const digits = (value: number) => String(value).padStart(2, '0')
  return `${offset > 0 ? '+' : '-'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`
}

/** Finds the time zone of results whose files state times without one: the shift under which most of them fit charges. */
import { quarterHour } from '../days.ts'
import { resultBatches } from './batches.ts'
import { type MadeResult, type MatchCharge, mayPayFor, type ResultBatch } from './records.ts'

/** Milliseconds to subtract from the times of results, by their evidence; null if too few fit to decide. */
export type Shifts = Record<'embedded_no_zone' | 'name', number | null>

/** The shifts of a history; its charges are in ascending order of their times. */
export function findShifts(charges: readonly MatchCharge[], results: readonly MadeResult[]): Shifts {
  const shiftOf = (evidence: keyof Shifts) =>
    findShift(charges, resultBatches(results.filter((result) => result.evidence === evidence)))
  return { embedded_no_zone: shiftOf('embedded_no_zone'), name: shiftOf('name') }
}

/** When a result was made, in the zone of the charges; null if only the date of its file is known, which is later. */
export function madeTime({ evidence, madeAt }: Pick<MadeResult, 'evidence' | 'madeAt'>, shifts: Shifts): number | null {
  if (evidence === 'saved') return null
  return evidence === 'embedded' ? madeAt : madeAt - (shifts[evidence] ?? 0)
}

/** Shifts of up to 14 hours in either direction are tried, in quarter hours. */
const mostQuarters = 14 * 4
/** A batch fits a charge if its delay differs from the usual delay by at most the tolerance. */
const usualDelayMs = 2 * 60_000
const toleranceMs = 4 * 60_000
/** The best shift must fit at least this many batches, and this many times as many as the second best. */
const leastPairs = 10
const leastLead = 1.5
/** The number of batches of a long history that are tried. */
const sampleSize = 2_000

function findShift(charges: readonly MatchCharge[], batches: readonly ResultBatch[]): number | null {
  const fitting = new Array<number>(2 * mostQuarters + 1).fill(0)
  const stride = Math.max(1, Math.floor(batches.length / sampleSize))
  const reach = mostQuarters * quarterHour + usualDelayMs + toleranceMs
  for (let index = 0; index < batches.length; index += stride) {
    const { from, kind } = batches[index] as ResultBatch
    const seen = new Set<number>()
    for (let at = firstFrom(charges, from - reach); at < charges.length; at++) {
      const charge = charges[at] as MatchCharge
      const delayMs = from - charge.at - charge.precisionMs / 2 - usualDelayMs
      if (delayMs < -reach) break
      const quarters = Math.round(delayMs / quarterHour)
      const isNear = Math.abs(delayMs - quarters * quarterHour) <= toleranceMs && Math.abs(quarters) <= mostQuarters
      if (isNear && mayPayFor(charge.feature, kind)) seen.add(quarters + mostQuarters)
    }
    for (const quarter of seen) fitting[quarter] = (fitting[quarter] as number) + 1
  }
  const [best, second] = [...fitting.entries()].toSorted(([, a], [, b]) => b - a) as [number, number][]
  if (!best || !second || best[1] < leastPairs || best[1] < leastLead * second[1]) return null
  return (best[0] - mostQuarters) * quarterHour
}

/** The index of the first charge at or after a time. */
function firstFrom(charges: readonly MatchCharge[], time: number): number {
  let [low, high] = [0, charges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((charges[middle] as MatchCharge).at < time) low = middle + 1
    else high = middle
  }
  return low
}

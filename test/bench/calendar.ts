/** Spreads jobs over days as people work: busy weeks, quiet days, days without any. */
import { seededRandom } from '../../src/shared/random.ts'

/** The newest job of every history: 28 January 2026, 21:00 in Seoul. */
export const newest = Date.UTC(2026, 0, 28, 12)
/** The fixed wall clock of every run. */
export const now = newest + 60 * 60_000

const minute = 60_000
const day = 24 * 60 * minute
const days = 900
/** Jobs that were just requested; later reports of the service are newer still. */
export const recentJobs = 6

/**
 * The creation time of job `number` in epoch milliseconds: 0 is the newest, and `jobs` jobs fill 900 days. Before them
 * come a million jobs per 900 days without an end, and negative numbers are newer than the newest.
 */
export function createCalendar(jobs: number, seed: number): (number: number) => number {
  const random = seededRandom(seed * 31 + 11)
  const weights = Array.from({ length: days }, (_, index) => {
    const sum = random() + random() + random() - 1.5
    const workday = index % 7 === 3 || index % 7 === 4 ? 0.5 : 1
    return random() < 0.2 ? 0 : Math.exp(sum * 2.5) * workday
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ends: number[] = []
  for (const weight of weights) ends.push((ends.at(-1) ?? 0) + weight / total)

  return (number) => {
    if (number < 0) return newest - number * 3_000
    if (number < recentJobs) return newest - number * 4 * minute
    const turns = number < jobs ? number / jobs : 1 + (number - jobs) / Math.max(jobs, 1_000_000)
    const period = Math.floor(turns)
    const share = turns - period
    const index = firstAbove(ends, share)
    const begin = ends[index - 1] ?? 0
    const place = (share - begin) / ((ends[index] as number) - begin)
    // Sixteen hours of the day, the last hour first.
    return Math.floor(newest - 30 * minute - (period * days + index) * day - place * 16 * 60 * minute)
  }
}

/** The index of the first of the rising `values` above `value`; the last index if none is. */
function firstAbove(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}

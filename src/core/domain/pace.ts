/** Estimates the rate and the remaining time of a snapshot. Times are milliseconds of a monotonic clock. */

/** The number of records that had been read at a time. */
export interface Sample {
  at: number
  read: number
}

/** The last samples of a snapshot, oldest first: about a second apart, or a page if a page takes longer. */
export type Pace = readonly Sample[]

const sampleInterval = 1_000
const maxSamples = 16
const minSamplesForRate = 3
const minSamplesForRemaining = 6
/** A pace is steady if the rates of its halves differ by at most this factor. */
const steadyRatio = 1.5
/** A snapshot has stalled if a page takes this many times longer than the average. */
const stalledRatio = 4

/** Adds a sample after a page. A restarted snapshot starts a new pace. */
export function addSample(pace: Pace, sample: Sample): Pace {
  const last = pace.at(-1)
  if (last && sample.read < last.read) return [sample]
  const beforeLast = pace.at(-2)
  const moves = beforeLast !== undefined && sample.at - beforeLast.at < sampleInterval
  return [...(moves ? pace.slice(0, -1) : pace), sample].slice(-maxSamples)
}

/** Records per second; null if there are too few samples or the snapshot has stalled. */
export function ratePerSecond(pace: Pace, now: number): number | null {
  const [first, last] = [pace[0], pace.at(-1)]
  if (!first || !last || pace.length < minSamplesForRate) return null
  const usual = Math.max(sampleInterval, (last.at - first.at) / (pace.length - 1))
  if (now - last.at > usual * stalledRatio) return null
  return between(first, last)
}

/**
 * Milliseconds until `total` records are read; null if the estimate would be unreliable: the pace is unsteady, or the total
 * is unknown or already exceeded.
 */
export function remainingMs(pace: Pace, total: number | null, now: number): number | null {
  const rate = ratePerSecond(pace, now)
  const [first, middle, last] = [pace[0], pace[(pace.length - 1) >> 1], pace.at(-1)]
  if (!rate || total === null || !first || !middle || !last || pace.length < minSamplesForRemaining) return null
  const [slower, faster] = [between(first, middle), between(middle, last)].sort((a, b) => a - b) as [number, number]
  if (faster > slower * steadyRatio || last.read >= total) return null
  return ((total - last.read) / rate) * 1000
}

const between = (from: Sample, to: Sample) => ((to.read - from.read) * 1000) / (to.at - from.at)

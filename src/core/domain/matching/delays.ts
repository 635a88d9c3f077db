/** How long results take: a density of the delay from a charge to its results, learned from weighted observations. */
import { earliestDelayMs, latestDelayMs } from './sessions.ts'

/** Bins are about this wide near zero and grow with the delay. */
const scaleMs = 30_000
const step = 0.08
const firstBin = Math.floor(Math.asinh(earliestDelayMs / scaleMs) / step)
const lastBin = Math.floor(Math.asinh(latestDelayMs / scaleMs) / step)
export const delayBins = lastBin - firstBin + 1

/** The bin of a delay in milliseconds; outside the bins if the delay is impossible. */
export const binOf = (delayMs: number): number => Math.floor(Math.asinh(delayMs / scaleMs) / step) - firstBin

const edgeOf = (bin: number): number => scaleMs * Math.sinh((bin + firstBin) * step)
export const widthOf = (bin: number): number => edgeOf(bin + 1) - edgeOf(bin)
const widthMs = Float64Array.from({ length: delayBins }, (_, bin) => widthOf(bin))

/** The share of each bin before anything is learned: a minute or so, with clocks that may differ by a minute and a half. */
export const priorShares = normalized(
  Float64Array.from({ length: delayBins }, (_, bin) => {
    const middle = edgeOf(bin + 0.5)
    let density = 2e-5
    for (let offset = -90_000; offset <= 90_000; offset += 15_000) density += logNormal(middle - offset)
    return density * (widthMs[bin] as number)
  }),
)

function logNormal(delayMs: number): number {
  if (delayMs <= 0) return 0
  const [medianMs, sigma] = [50_000, 1.2]
  const z = Math.log(delayMs / medianMs) / sigma
  return (Math.exp((-z * z) / 2) / (delayMs / 1_000)) * 0.3
}

/** Shares of the bins that add up to 1. */
export function normalized(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}

/** Learned shares: observations per bin, smoothed, beside what is believed without them. */
export function learnedShares(counts: Float64Array, believed: Float64Array, strength: number): Float64Array {
  const smooth = counts.map(
    (count, bin) => 0.25 * (counts[bin - 1] ?? count) + 0.5 * count + 0.25 * (counts[bin + 1] ?? count),
  )
  return normalized(smooth.map((count, bin) => count + strength * (believed[bin] as number)))
}

/** The density of each bin per millisecond. */
export const densities = (shares: Float64Array): Float64Array =>
  shares.map((share, bin) => share / (widthMs[bin] as number))

/** The density of the delay from a charge to its results, learned from weighted observations. */
import { earliestDelayMs, latestDelayMs } from './sessions.ts'

/** Bins are equal steps of asinh(delay / scale): linear near zero, logarithmic far from it. */
const scaleMs = 30_000
const step = 0.08
const firstBin = Math.floor(Math.asinh(earliestDelayMs / scaleMs) / step)
const lastBin = Math.floor(Math.asinh(latestDelayMs / scaleMs) / step)
export const delayBins = lastBin - firstBin + 1

/** The bin of a delay in milliseconds; below 0 or from `delayBins` on if the delay is impossible. */
export const binOf = (delayMs: number): number => Math.floor(Math.asinh(delayMs / scaleMs) / step) - firstBin

const edgeOf = (bin: number): number => scaleMs * Math.sinh((bin + firstBin) * step)
export const widthOf = (bin: number): number => edgeOf(bin + 1) - edgeOf(bin)
const widthMs = Float64Array.from({ length: delayBins }, (_, bin) => widthOf(bin))

/** The prior: a log-normal delay with this median and sigma, for clocks that differ by at most `clockErrorMs`. */
const medianMs = 50_000
const sigma = 1.2
const clockErrorMs = 90_000
const clockStepMs = 15_000
/** Every possible delay keeps a small density. */
const leastDensity = 2e-5

/** The share of each bin before anything is learned. */
export const priorShares = normalized(
  Float64Array.from({ length: delayBins }, (_, bin) => {
    const middle = edgeOf(bin + 0.5)
    let density = leastDensity
    for (let error = -clockErrorMs; error <= clockErrorMs; error += clockStepMs) density += logNormal(middle - error)
    return density * (widthMs[bin] as number)
  }),
)

/** The density per second, up to a constant factor of the order of 1. */
function logNormal(delayMs: number): number {
  if (delayMs <= 0) return 0
  const z = Math.log(delayMs / medianMs) / sigma
  return (Math.exp((-z * z) / 2) / (delayMs / 1_000)) * 0.3
}

/** Shares of the bins that add up to 1. */
function normalized(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}

/** Posterior shares: smoothed observations, and prior shares that count as `strength` observations. */
export function learnedShares(counts: Float64Array, prior: Float64Array, strength: number): Float64Array {
  const smooth = counts.map(
    (count, bin) => 0.25 * (counts[bin - 1] ?? count) + 0.5 * count + 0.25 * (counts[bin + 1] ?? count),
  )
  return normalized(smooth.map((count, bin) => count + strength * (prior[bin] as number)))
}

/** The density of each bin per millisecond. */
export const densities = (shares: Float64Array): Float64Array =>
  shares.map((share, bin) => share / (widthMs[bin] as number))

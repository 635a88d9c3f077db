/** Estimates the error of the machine's clock from the `Date` headers of the service. All values are milliseconds. */

/** The corrections consistent with a response: `Date` has whole seconds, and the transfer took time. */
export interface OffsetRange {
  least: number
  most: number
  /** The endpoint that answered. */
  path: string
}

/** This many consecutive responses, from at least two endpoints, must agree before the clock is corrected. */
const agreeing = 3
/** Smaller corrections are within the resolution of `Date`. */
const resolution = 1_500
/** A `Date` is this far from the middle of its second. */
const halfSecond = 500
/** If the difference is more than a week, the clock of the service is wrong. */
const maxOffset = 7 * 86_400_000

/** The corrections consistent with a response, from the uncorrected times of its request and arrival. */
export const offsetRange = (path: string, serverDate: number, sentAt: number, receivedAt: number): OffsetRange => ({
  least: serverDate - receivedAt,
  most: serverDate + 999 - sentAt,
  path,
})

/** The last responses including the new one. */
export const addRange = (ranges: readonly OffsetRange[], range: OffsetRange): OffsetRange[] =>
  [...ranges, range].slice(-agreeing)

/**
 * The new correction if the last responses agree on one, else `current`. Each of them must contradict `current`: a response
 * that took long is consistent with any correction. If they leave a choice, the correction is the smallest that two of them
 * demand, since one date may be wrong and fit by chance to responses that took long.
 */
export function correctedOffset(current: number, ranges: readonly OffsetRange[]): number {
  const leasts = ranges.map(({ least }) => least).sort((a, b) => b - a)
  const mosts = ranges.map(({ most }) => most).sort((a, b) => a - b)
  const endpoints = new Set(ranges.map(({ path }) => path))
  const [least, lower = 0] = leasts
  const [most, upper = 0] = mosts
  if (ranges.length < agreeing || endpoints.size < 2 || least === undefined || most === undefined) return current
  if (least > most) return current
  if (ranges.some((range) => current > range.least - resolution && current < range.most + resolution)) return current
  const step = Math.min((upper - lower) / 2, halfSecond)
  const offset = Math.round(current < least ? lower + step : upper - step)
  return Math.abs(offset) <= maxOffset ? offset : current
}

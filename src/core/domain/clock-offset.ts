/** How far the machine's clock is off, as the `Date` headers of the service tell. All values are milliseconds. */

/** The corrections that one response allows: its `Date` counts whole seconds, and it took time to arrive. */
export interface OffsetRange {
  least: number
  most: number
  /** The endpoint that answered. */
  path: string
}

/** This many responses in a row have to agree, from more than one endpoint: a single odd `Date` corrects nothing. */
const agreeing = 3
/** A correction below this cannot be told from the resolution of `Date`. */
const resolution = 1_500
/** A service whose clock differs by more than a week is wrong itself. */
const mostOffset = 7 * 86_400_000

/** The range of corrections that a response allows, by the uncorrected times of its request and arrival. */
export const offsetRange = (path: string, serverDate: number, sentAt: number, receivedAt: number): OffsetRange => ({
  least: serverDate - receivedAt,
  most: serverDate + 999 - sentAt,
  path,
})

/** The last responses, one more included. */
export const observed = (ranges: readonly OffsetRange[], range: OffsetRange): OffsetRange[] =>
  [...ranges, range].slice(-agreeing)

/** The correction after the last responses: the current one unless they agree on another one. */
export function correctedOffset(current: number, ranges: readonly OffsetRange[]): number {
  const least = Math.max(...ranges.map((range) => range.least))
  const most = Math.min(...ranges.map((range) => range.most))
  const endpoints = new Set(ranges.map(({ path }) => path))
  if (ranges.length < agreeing || endpoints.size < 2 || least > most) return current
  if (current > least - resolution && current < most + resolution) return current
  const offset = Math.round((least + most) / 2)
  return Math.abs(offset) <= mostOffset ? offset : current
}

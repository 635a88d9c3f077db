/** How fast a listing is read and how long the rest takes. Times are milliseconds of a clock that never jumps. */

/** How many records had been read at a moment. */
export interface Mark {
  at: number
  read: number
}

/** The last marks of one listing, oldest first: about a second apart, or a page where a page takes longer. */
export type Pace = readonly Mark[]

const apart = 1_000
const mostMarks = 16
const fewestForRate = 3
const fewestForRest = 6
/** The two halves of a steady pace differ by no more than this. */
const steadyRatio = 1.5
/** A page that takes so many times longer than the others has stalled. */
const stalledRatio = 4

/** The pace after one more page. A listing that begins anew begins a new pace. */
export function advance(pace: Pace, mark: Mark): Pace {
  const last = pace.at(-1)
  if (last && mark.read < last.read) return [mark]
  const beforeLast = pace.at(-2)
  const moves = beforeLast !== undefined && mark.at - beforeLast.at < apart
  return [...(moves ? pace.slice(0, -1) : pace), mark].slice(-mostMarks)
}

/** Records per second; null where too little was read to tell, or nothing comes any more. */
export function ratePerSecond(pace: Pace, now: number): number | null {
  const [first, last] = [pace[0], pace.at(-1)]
  if (!first || !last || pace.length < fewestForRate) return null
  const usual = Math.max(apart, (last.at - first.at) / (pace.length - 1))
  if (now - last.at > usual * stalledRatio) return null
  return between(first, last)
}

/**
 * Milliseconds until `total` records are read; null where that would be a guess: an unsteady pace, no total, or one that has
 * been passed already.
 */
export function remainingMs(pace: Pace, total: number | null, now: number): number | null {
  const rate = ratePerSecond(pace, now)
  const [first, middle, last] = [pace[0], pace[(pace.length - 1) >> 1], pace.at(-1)]
  if (!rate || total === null || !first || !middle || !last || pace.length < fewestForRest) return null
  const [slower, faster] = [between(first, middle), between(middle, last)].sort((a, b) => a - b) as [number, number]
  if (faster > slower * steadyRatio || last.read >= total) return null
  return ((total - last.read) / rate) * 1000
}

const between = (from: Mark, to: Mark) => ((to.read - from.read) * 1000) / (to.at - from.at)

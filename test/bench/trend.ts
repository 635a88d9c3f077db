/** Whether a measure of a running program grows without end, told from one that is collected again and again. */

export interface Sample {
  /** Seconds since the start. */
  at: number
  value: number
}

export interface Trend {
  /** The lowest value of the first and of the last window. */
  from: number
  to: number
  /** The median slope between the windows. */
  perHour: number
  isRising: boolean
}

/** A program fills its caches at first. */
const warmUp = 1 / 3
const windows = 8
/** Of 28 pairs of windows, so many more must rise than fall: noise alone does that in less than 1 of 100 runs. */
const risingPairs = 20

/**
 * The trend of a measure after its warm-up. A window counts by its lowest value, the one after a collection. It rises if the
 * windows rise steadily (Mann and Kendall) and faster than `allowed` per hour (Theil and Sen). Throws for fewer than 24 samples.
 */
export function trendOf(samples: readonly Sample[], allowed: number): Trend {
  const settled = samples.slice(Math.ceil(samples.length * warmUp))
  if (settled.length < 2 * windows) throw new Error(`too few samples for a trend: ${samples.length}`)
  const lows = Array.from({ length: windows }, (_, index) => {
    const start = Math.floor((index * settled.length) / windows)
    return lowest(settled.slice(start, Math.floor(((index + 1) * settled.length) / windows)))
  })
  const pairs = lows.flatMap((one, index) => lows.slice(index + 1).map((other) => [one, other] as const))
  const slopes = pairs.map(([one, other]) => ((other.value - one.value) / (other.at - one.at)) * 3_600)
  const perHour = slopes.toSorted((one, other) => one - other)[Math.floor(slopes.length / 2)] as number
  const rising = slopes.reduce((sum, slope) => sum + Math.sign(slope), 0)
  const [from, to] = [lows[0] as Sample, lows[windows - 1] as Sample]
  return { from: from.value, to: to.value, perHour, isRising: rising >= risingPairs && perHour > allowed }
}

const lowest = (window: readonly Sample[]): Sample =>
  window.reduce((low, sample) => (sample.value < low.value ? sample : low))

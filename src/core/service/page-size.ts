/**
 * How many records to ask for on the next page: fewer after a failure that a smaller page may avoid, then more again.
 */

/** The first page is small so that it is on screen at once, and so that few attempts find a small enough size. */
export const firstPageLimit = 100
const largest = 1_000
/** Doubling at once would fail every other request of a service that can only just answer the current size. */
const firstSuccesses = 5
/** A service with a fixed limit is asked for more ever more rarely: each such request may take until the time-out. */
const mostSuccesses = 80

/** A size that may be right is halved after so many failures in a row: a service that fails at random needs no smaller pages. */
const failuresToHalve = 3

export interface PageSize {
  current(): number
  /**
   * A page of `limit` records failed. Halves the size; a size that was answered before, or a doubled one, only if it goes on
   * failing or if `isCertain`. Returns whether the next page is smaller.
   */
  fail(limit: number, isCertain: boolean): boolean
  /** A request for `limit` records was refused. Goes back to the size that was answered; false if there is no smaller one. */
  retreat(limit: number): boolean
  /** A page of `limit` records arrived. */
  succeed(limit: number): void
}

export function adaptivePageSize(): PageSize {
  let size = firstPageLimit
  /** The largest size that was answered since the size was halved last. */
  let proven = 0
  let failures = 0
  let successes = 0
  let successesToGrow = firstSuccesses
  /** Whether the size was doubled and not answered yet. */
  let isDoubled = false
  let isUntried = true
  return {
    current: () => size,
    fail(limit, isCertain) {
      isUntried = false
      if (limit <= 1) return false
      if ((limit <= proven || isDoubled) && !isCertain && ++failures < failuresToHalve) return false
      if (isDoubled) successesToGrow = Math.min(mostSuccesses, successesToGrow * 2)
      isDoubled = false
      failures = 0
      successes = 0
      proven = 0
      size = Math.ceil(Math.min(size, limit) / 2)
      return true
    },
    retreat(limit) {
      if (proven === 0 || limit <= proven) return false
      if (isDoubled) successesToGrow = Math.min(mostSuccesses, successesToGrow * 2)
      isDoubled = false
      size = proven
      return true
    },
    succeed(limit) {
      failures = 0
      if (isDoubled && limit === size) {
        isDoubled = false
        successesToGrow = firstSuccesses
      }
      proven = Math.max(proven, limit)
      if (isUntried) size = largest
      else if (++successes >= successesToGrow && size < largest) {
        successes = 0
        size = Math.min(largest, size * 2)
        isDoubled = true
      }
      isUntried = false
    },
  }
}

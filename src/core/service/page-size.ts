/**
 * How many records to ask for on the next page: fewer after a failure that a smaller page may avoid, then more again.
 */

/** The first page is small so that it is on screen at once, and so that few attempts find a small enough size. */
export const firstPageLimit = 100
const largest = 1_000
/** Doubling at once would fail every other request of a service that can only just answer the current size. */
const successesToGrow = 5

export interface PageSize {
  current(): number
  /** A page of `limit` records failed. Halves the size; returns false if it was a single record. */
  shrink(limit: number): boolean
  /** A page of the current size arrived. */
  succeed(): void
}

export function adaptivePageSize(): PageSize {
  let size = firstPageLimit
  let successes = 0
  let isUntried = true
  return {
    current: () => size,
    shrink(limit) {
      successes = 0
      isUntried = false
      size = Math.ceil(Math.min(size, limit) / 2)
      return limit > 1
    },
    succeed() {
      if (isUntried) size = largest
      else if (++successes === successesToGrow) {
        successes = 0
        size = Math.min(largest, size * 2)
      }
      isUntried = false
    },
  }
}

/**
 * How many records to ask for on the next page: fewer after a failure that a smaller page may avoid, then more again.
 */

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
  let size = largest
  let successes = 0
  return {
    current: () => size,
    shrink(limit) {
      successes = 0
      size = Math.ceil(Math.min(size, limit) / 2)
      return limit > 1
    },
    succeed() {
      if (++successes < successesToGrow) return
      successes = 0
      size = Math.min(largest, size * 2)
    },
  }
}

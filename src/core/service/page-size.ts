/**
 * How many records to ask for on the next page: fewer after a failure that a smaller page may avoid, then more again.
 */

const largest = 1_000
/** Doubling at once would fail every other request of a service that can only just answer the current size. */
const successesToGrow = 5

export interface PageSize {
  current(): number
  /** Halves the size. Returns false if it is a single record already. */
  shrink(): boolean
  /** A page of the current size came through. */
  succeed(): void
}

export function adaptivePageSize(): PageSize {
  let size = largest
  let successes = 0
  return {
    current: () => size,
    shrink() {
      successes = 0
      if (size === 1) return false
      size = Math.ceil(size / 2)
      return true
    },
    succeed() {
      if (++successes < successesToGrow) return
      successes = 0
      size = Math.min(largest, size * 2)
    },
  }
}

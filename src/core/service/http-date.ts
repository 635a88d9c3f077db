const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const maxWaitMs = 3_600_000

/**
 * Epoch milliseconds of an HTTP date, or null for anything else. `Date.parse` alone would take `5` or `-3` for a date.
 */
export function parseHttpDate(value: string | null): number | null {
  const time = value && httpDate.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : time
}

/** The wait of `Retry-After` in milliseconds, between 0 and an hour; null if the header cannot be read. */
export function parseRetryAfter(value: string | null, serverDate: number): number | null {
  const date = parseHttpDate(value)
  const ms = date !== null ? date - serverDate : value && /^\d+$/.test(value) ? Number(value) * 1_000 : null
  return ms === null ? null : Math.min(maxWaitMs, Math.max(0, ms))
}

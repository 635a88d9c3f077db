import { ServiceError } from './errors.ts'

const base = 1_000
const cap = 300_000

/**
 * How long to wait before a retry, in milliseconds; null if a retry cannot help.
 * The service's `Retry-After` wins; otherwise exponential backoff with full jitter.
 * `attempt` counts failures from 0, `random` is uniform in [0, 1).
 */
export function retryDelay(error: unknown, attempt: number, random: number): number | null {
  if (!(error instanceof ServiceError) || !error.retryable) return null
  return error.retryAfterMs ?? random * Math.min(cap, base * 2 ** attempt)
}

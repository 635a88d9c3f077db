import { ServiceError } from './errors.ts'

const base = 1_000
const cap = 300_000

/**
 * The wait before a retry in milliseconds: `Retry-After`, else exponential backoff with full jitter; null if a retry
 * cannot help. `attempt` counts failures from 0, `random` is uniform in [0, 1).
 */
export function retryDelay(error: unknown, attempt: number, random: number): number | null {
  if (!(error instanceof ServiceError) || !error.retryable) return null
  return error.retryAfterMs ?? random * Math.min(cap, base * 2 ** attempt)
}

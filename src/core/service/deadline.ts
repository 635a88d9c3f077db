/** Longest wait in milliseconds for the first byte or between two chunks of a body. */
export const idleLimit = 30_000

export type Deadline = ReturnType<typeof startDeadline>

/** Aborts when `outer` does, or after `idleLimit` without data. */
export function startDeadline(outer: AbortSignal) {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(), idleLimit)
  return {
    signal: AbortSignal.any([outer, idle.signal]),
    extend: () => timer.refresh(),
    stop: () => clearTimeout(timer),
    expired: () => idle.signal.aborted,
  }
}

const timeOutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** The error for a request without a complete response; `expired` if our own deadline ended it. */
export function failureCode(error: unknown, expired: boolean): 'timed_out' | 'unreachable' {
  const cause = error instanceof Error ? error.cause : null
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return expired || timeOutCodes.has(code) ? 'timed_out' : 'unreachable'
}

/** Milliseconds without a first byte, or between two pieces of a body. */
export const idleLimit = 30_000

export type Deadline = ReturnType<typeof startDeadline>

/** Aborts when `outer` does, or when nothing has come in for `idleLimit`. */
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

/** What a request that brought no answer is called, or one whose answer broke off; `expired` where our own deadline ended it. */
export function failureCode(error: unknown, expired: boolean): 'timed_out' | 'unreachable' {
  const cause = error instanceof Error ? error.cause : null
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return expired || timeOutCodes.has(code) ? 'timed_out' : 'unreachable'
}

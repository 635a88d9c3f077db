import { causeCode, currentProxy, isCertificateError } from './network.ts'

/** Longest wait in milliseconds for the first byte or between two chunks of a body. */
export const idleLimit = 30_000

/** Longest time in milliseconds for a whole body, however often a few bytes of it arrive. */
export const wholeLimit = 15 * 60_000

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

type Failure = 'timed_out' | 'certificate_untrusted' | 'proxy_failed' | 'unreachable'

/** The error for a request without a complete response; `expired` if our own deadline ended it. */
export function failureCode(error: unknown, expired: boolean): Failure {
  if (expired || timeOutCodes.has(causeCode(error))) return 'timed_out'
  if (isCertificateError(error)) return 'certificate_untrusted'
  return currentProxy() === null ? 'unreachable' : 'proxy_failed'
}

/** The parameters of that error's sentence. */
export const failureParams = (host: string, error: unknown) => ({
  host,
  proxy: currentProxy() === null ? '' : new URL(currentProxy() as string).host,
  reason: causeCode(error),
})

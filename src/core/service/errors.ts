import { AppError, type ErrorCode, type ErrorParams } from '../../shared/errors.ts'

interface ServiceErrorOptions {
  params?: ErrorParams
  retryable?: boolean
  retryAfterMs?: number | null
  begun?: boolean
  cause?: unknown
}

/** A failed call to the service. `retryAfterMs` is the wait that the service asked for; null if it asked for none. */
export class ServiceError extends AppError {
  readonly retryable: boolean
  readonly retryAfterMs: number | null
  /** Whether the answer had begun when the connection broke. */
  readonly begun: boolean
  /** Whether the next try asks for a smaller page. */
  isBeforeSmaller = false

  constructor(code: ErrorCode, options: ServiceErrorOptions = {}) {
    super(code, options.params, { cause: options.cause })
    this.name = 'ServiceError'
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
    this.begun = options.begun ?? false
  }

  /** Marks the failure of a page of which the next try asks for less. Such a try is not counted: the size ends at one record. */
  beforeSmaller(): this {
    this.isBeforeSmaller = true
    return this
  }
}

/** Failures of the connection: neither the service nor a single file is at fault. */
export const connectionErrors: ReadonlySet<ErrorCode> = new Set([
  'unreachable',
  'certificate_untrusted',
  'proxy_failed',
])

/** The change feed no longer reaches back to our cursor: the stream needs a new snapshot. */
export class CursorExpired extends Error {
  /** Whether the service says so. Otherwise it only refused the request, which may also ask for too many records. */
  readonly isStated: boolean

  constructor(isStated = true) {
    super()
    this.isStated = isStated
  }
}

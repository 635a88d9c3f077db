import { AppError, type ErrorCode, type ErrorParams } from '../../shared/errors.ts'

/** A failed call to the service. `retryAfterMs` is what the service asked for, null where it did not say. */
export class ServiceError extends AppError {
  readonly retryable: boolean
  readonly retryAfterMs: number | null

  constructor(
    code: ErrorCode,
    options: { params?: ErrorParams; retryable?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(code, options.params, { cause: options.cause })
    this.name = 'ServiceError'
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** The change feed no longer reaches back to our cursor: the stream has to be listed again. */
export class CursorExpired extends Error {}

import { expect, test } from 'vitest'
import { CursorExpired, ServiceError } from '../../src/core/service/errors.ts'
import { parseHttpDate, parseRetryAfter } from '../../src/core/service/http-date.ts'
import { retryDelay } from '../../src/core/service/retry.ts'

const unavailable = new ServiceError('service_failed', { retryable: true })

test.each([
  [0, 0.5, 500],
  [1, 0.5, 1_000],
  [3, 0.25, 2_000],
  [9, 1, 300_000],
  [2_000, 1, 300_000],
  [4, 0, 0],
])('waits before attempt %i with the random number %d for %i ms', (attempt, random, ms) => {
  expect(retryDelay(unavailable, attempt, random)).toBe(ms)
})

test('waits as long as the service asks instead of the backoff', () => {
  const error = new ServiceError('rate_limited', { retryable: true, retryAfterMs: 7_000 })
  expect(retryDelay(error, 9, 1)).toBe(7_000)
})

test.each([new ServiceError('forbidden'), new CursorExpired(), new Error('a defect')])(
  'does not retry after %s',
  (error) => {
    expect(retryDelay(error, 0, 0.5)).toBeNull()
  },
)

const serverDate = Date.UTC(2026, 0, 28, 12)

test.each([
  ['7', 7_000],
  ['0', 0],
  ['315360000', 3_600_000],
  ['Wed, 28 Jan 2026 12:00:30 GMT', 30_000],
  ['Wed, 28 Jan 2026 11:00:00 GMT', 0],
  ['Mon, 28 Jan 2036 12:00:00 GMT', 3_600_000],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['', null],
  [null, null],
])('reads the Retry-After header %o as %o ms', (value, ms) => {
  expect(parseRetryAfter(value, serverDate)).toBe(ms)
})

test('parses only HTTP dates', () => {
  expect(parseHttpDate('Wed, 28 Jan 2026 12:00:00 GMT')).toBe(serverDate)
  expect(parseHttpDate('2026-01-28T12:00:00Z')).toBeNull()
  expect(parseHttpDate('Wed, 99 Jan 2026 12:00:00 GMT')).toBeNull()
})

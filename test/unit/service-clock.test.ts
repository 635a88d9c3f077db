import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fixedClock, systemClock } from '../../src/core/host/clock.ts'
import type { Clock } from '../../src/core/ports.ts'

const local = Date.UTC(2026, 0, 28, 12)
const day = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ now: local, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Sends three answers of a service whose clock shows `date`. Returns the time of the last request. */
function sync(clock: Clock, date: number): number {
  const times = ['/v1/me', '/v1/jobs', '/v1/credits/transactions'].map((path) => clock.startRequest(path)(date, true))
  return times.at(-1) as number
}

test('follows a service whose clock is a day ahead', () => {
  const clock = systemClock()
  sync(clock, local + day)
  expect(Math.abs(clock.now() - (local + day))).toBeLessThan(1_000)
})

test('ignores answers that must not correct the clock', () => {
  const clock = systemClock()
  for (let count = 0; count < 5; count++) clock.startRequest(`/${count}`)(local + day, false)
  expect(clock.now()).toBe(local)
})

test('follows again when the machine clock is set while running', () => {
  const clock = systemClock()
  sync(clock, local)
  vi.setSystemTime(local - day)
  sync(clock, local + 60_000)
  expect(Math.abs(clock.now() - (local + 60_000))).toBeLessThan(1_000)
})

test('gives a request no time after the Date of its answer', () => {
  vi.setSystemTime(local + day)
  const request = systemClock().startRequest('/v1/credits/transactions/changes')
  expect(request(local, true)).toBe(local + 999)
})

test('gives a request no time after it was sent, for any Date of its answer', () => {
  const request = systemClock().startRequest('/v1/credits/transactions/changes')
  vi.setSystemTime(local + 50)
  expect(request(local + day, true)).toBe(local)
})

test('applies the correction by an answer to the time of its own request', () => {
  const clock = systemClock()
  expect(Math.abs(sync(clock, local + day) - (local + day))).toBeLessThan(1_000)
})

test('shares its correction with a clock of another thread', () => {
  const offset = new Float64Array(1)
  const reader = systemClock(offset)
  sync(systemClock(offset), local + day)
  expect(Math.abs(reader.now() - (local + day))).toBeLessThan(1_000)
})

test('never corrects a fixed clock', () => {
  const clock = fixedClock(local)
  expect(sync(clock, local + day)).toBe(local)
  expect(clock.now()).toBe(local)
})

test('ends a sleep with the reason of the signal', async () => {
  const controller = new AbortController()
  const slept = fixedClock(local).sleep(60_000, controller.signal)
  controller.abort(new Error('closed'))
  await expect(slept).rejects.toThrow('closed')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fixedClock, systemClock } from '../../src/core/host/clock.ts'

const local = Date.UTC(2026, 0, 28, 12)
const day = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ now: local, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('follows a service whose clock is a day ahead, to within the second that Date counts', () => {
  const clock = systemClock()
  clock.observe(local + day, local - 100, local)
  expect(Math.abs(clock.now() - (local + day))).toBeLessThan(1_000)
})

test('leaves a difference alone that whole seconds cannot show', () => {
  const clock = systemClock()
  clock.observe(local + 900, local - 100, local)
  expect(clock.now()).toBe(local)
})

test('keeps the observation with the shortest round trip', () => {
  const clock = systemClock()
  clock.observe(local + day, local - 40, local)
  const corrected = clock.now()
  // Slow by ten seconds, and so wrong by up to five: it says less than the first one.
  clock.observe(corrected - 9_000, corrected - 10_000, corrected)
  expect(clock.now()).toBe(corrected)
  clock.observe(corrected + 4_000, corrected - 20, corrected)
  expect(clock.now()).toBe(corrected + 4_510)
})

test('follows again when the machine clock is set while running', () => {
  const clock = systemClock()
  clock.observe(local, local - 5, local)
  vi.setSystemTime(local - day)
  clock.observe(local + 60_000, local - day - 30, local - day)
  expect(Math.abs(clock.now() - (local + 60_000))).toBeLessThan(1_000)
})

test('takes nothing from a request during which the correction itself changed', () => {
  const clock = systemClock()
  clock.observe(local + day, local - 40, local)
  const corrected = clock.now()
  clock.observe(local + day, local, corrected)
  clock.observe(local + day, corrected, local)
  expect(clock.now()).toBe(corrected)
})

test('a fixed clock is corrected by nothing', () => {
  const clock = fixedClock(local)
  clock.observe(local + day, local, local + 1)
  expect(clock.now()).toBe(local)
})

test('sleeping ends with the reason of the signal', async () => {
  const controller = new AbortController()
  const slept = fixedClock(local).sleep(60_000, controller.signal)
  controller.abort(new Error('closed'))
  await expect(slept).rejects.toThrow('closed')
})

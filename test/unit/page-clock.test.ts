import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followClock, now } from '../../src/renderer/data/clock.ts'

const local = Date.UTC(2026, 0, 28, 12)
const core = local + 90_000

beforeEach(() => vi.useFakeTimers({ now: local }))
afterEach(() => vi.useRealTimers())

test('continues from the clock of the core', () => {
  followClock({ now: core, clockIsFixed: false }, local)
  vi.advanceTimersByTime(60_000)
  expect(now()).toBe(core + 60_000)
})

test('counts the time since the clock was told', () => {
  vi.advanceTimersByTime(250)
  followClock({ now: core, clockIsFixed: false }, local)
  expect(now()).toBe(core + 250)
})

test('stops the page clock if CARAT_NOW is set', () => {
  followClock({ now: core, clockIsFixed: true }, local)
  vi.advanceTimersByTime(60_000)
  expect(now()).toBe(core)
})

import { expect, it, vi } from 'vitest'
import { installVirtualTime } from '../bench/virtual-time.ts'

/** The clocks and timers of this thread, which a scope may replace. */
const scopeOf = () => ({
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
  performance: { now: () => 0 } as Performance,
})
const minute = 60_000

it('calls the timers that are due in their order, once', () => {
  const scope = scopeOf()
  const setAhead = installVirtualTime(scope)
  const calls: string[] = []
  scope.setTimeout(() => calls.push('two minutes'), 2 * minute)
  scope.setTimeout(() => calls.push('one minute'), minute)
  const interval = scope.setInterval(() => calls.push('interval'), 2.5 * minute)
  setAhead({ awake: minute, asleep: 0 })
  expect(calls).toEqual(['one minute'])
  setAhead({ awake: 3 * minute, asleep: 0 })
  expect(calls).toEqual(['one minute', 'two minutes', 'interval'])
  setAhead({ awake: 6 * minute, asleep: 0 })
  expect(calls.slice(3)).toEqual(['interval'])
  scope.clearInterval(interval)
})

it('calls no timer that was stopped, also by another that is due with it', () => {
  const scope = scopeOf()
  const setAhead = installVirtualTime(scope)
  const stopped = vi.fn()
  const later = scope.setTimeout(stopped, 2 * minute)
  scope.setTimeout(() => scope.clearTimeout(later), minute)
  scope.clearInterval(scope.setInterval(stopped, minute))
  setAhead({ awake: 5 * minute, asleep: 0 })
  expect(stopped).not.toHaveBeenCalled()
})

it('lets a timer wait again from when it was refreshed', () => {
  const scope = scopeOf()
  const setAhead = installVirtualTime(scope)
  const called = vi.fn()
  const timer = scope.setTimeout(called, 2 * minute)
  setAhead({ awake: minute, asleep: 0 })
  ;(timer as unknown as NodeJS.Timeout).refresh()
  setAhead({ awake: 2 * minute, asleep: 0 })
  expect(called).not.toHaveBeenCalled()
  setAhead({ awake: 3 * minute, asleep: 0 })
  expect(called).toHaveBeenCalledOnce()
})

it('moves the clock of a machine that sleeps, and no timer', () => {
  const scope = scopeOf()
  const setAhead = installVirtualTime(scope)
  const called = vi.fn()
  const timer = scope.setTimeout(called, minute)
  setAhead({ awake: 0, asleep: 30.5 * minute })
  expect(called).not.toHaveBeenCalled()
  const ahead = scope.Date.now() - Date.now()
  expect(ahead).toBeGreaterThanOrEqual(30.5 * minute)
  expect(ahead).toBeLessThan(31 * minute)
  expect(new scope.Date().getTime() - Date.now()).toBeGreaterThan(30 * minute)
  expect(new scope.Date(5)).toEqual(new Date(5))
  scope.clearTimeout(timer)
})

it('keeps whole milliseconds', () => {
  const scope = scopeOf()
  installVirtualTime(scope)({ awake: 0.5, asleep: 0.25 })
  expect(Number.isInteger(scope.Date.now())).toBe(true)
})

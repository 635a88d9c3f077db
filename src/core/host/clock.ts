import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

/** `Date` headers count whole seconds, so a smaller difference says nothing about our clock. */
const resolution = 1_500

const sleep = (ms: number, signal: AbortSignal) =>
  wait(ms, undefined, { signal }).catch(() => {
    throw signal.reason
  })

/**
 * The machine's clock, corrected by what the service's `Date` headers say. The one number of `offset` is the correction in
 * milliseconds: a thread that asks no service shares it with the one that does.
 */
export function systemClock(offset: Float64Array = new Float64Array(1)): Clock {
  const now = () => Date.now() + (offset[0] as number)
  let shortestRoundTrip = Number.POSITIVE_INFINITY
  return {
    now,
    isFixed: false,
    observe(serverDate, sentAt, receivedAt) {
      const roundTrip = receivedAt - sentAt
      if (roundTrip < 0) return
      const difference = serverDate + 500 - (sentAt + receivedAt) / 2
      // More than the round trip can explain: the machine's clock was set since the best observation.
      const clockWasSet = Math.abs(difference) > roundTrip / 2 + resolution
      if (roundTrip >= shortestRoundTrip && !clockWasSet) return
      shortestRoundTrip = roundTrip
      if (Math.abs(difference) >= resolution) offset[0] = (offset[0] as number) + Math.round(difference)
    },
    sleep,
  }
}

/** A wall clock fixed from outside (`CARAT_NOW`): no correction applies, and sleeping still takes its time. */
export function fixedClock(now: number): Clock {
  return { now: () => now, isFixed: true, observe: () => {}, sleep }
}

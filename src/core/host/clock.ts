import { setTimeout as wait } from 'node:timers/promises'
import { addRange, correctedOffset, type OffsetRange, offsetRange } from '../domain/clock-offset.ts'
import type { Clock } from '../ports.ts'

const sleep = (ms: number, signal: AbortSignal) =>
  wait(ms, undefined, { signal }).catch(() => {
    throw signal.reason
  })

/**
 * The machine's clock, corrected by the `Date` headers of the service. `offset` holds the correction in milliseconds; the
 * writer, which calls the service, shares it with the reader. `machineNow` is the uncorrected time; a simulation has its own.
 */
export function systemClock(offset: Float64Array = new Float64Array(1), machineNow = () => Date.now()): Clock {
  const now = () => machineNow() + (offset[0] as number)
  let ranges: readonly OffsetRange[] = []
  return {
    now,
    isFixed: false,
    startRequest(path) {
      const sentAt = machineNow()
      return (serverDate, mayCorrect) => {
        if (serverDate !== null && mayCorrect) {
          ranges = addRange(ranges, offsetRange(path, serverDate, sentAt, machineNow()))
          offset[0] = correctedOffset(offset[0] as number, ranges)
        }
        const corrected = sentAt + (offset[0] as number)
        return serverDate === null ? corrected : Math.min(corrected, serverDate + 999)
      }
    },
    sleep,
  }
}

/** A clock that always shows `now` (`CARAT_NOW`) and is never corrected. `sleep` waits in real time. */
export function fixedClock(now: number): Clock {
  return { now: () => now, isFixed: true, startRequest: () => () => now, sleep }
}

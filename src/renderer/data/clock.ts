import { useEffect, useState } from 'react'
import type { AppInfo } from '../../shared/views.ts'

let readClock = () => Date.now()

/** The wall clock of the core, epoch milliseconds. */
export const now = () => readClock()

/** From now on `now` follows the core's clock, which may be corrected or fixed (`CARAT_NOW`). `at`: when its time was told. */
export function followClock({ now: coreNow, clockIsFixed }: Pick<AppInfo, 'now' | 'clockIsFixed'>, at: number): void {
  const offset = coreNow - at
  readClock = clockIsFixed ? () => coreNow : () => Date.now() + offset
}

/** The time, updated at every multiple of `intervalMs`, so that all countdowns on screen tick together. */
export function useNow(intervalMs = 60_000): number {
  const [time, setTime] = useState(now)
  useEffect(() => {
    const timer = setTimeout(() => setTime(now()), intervalMs - (time % intervalMs))
    return () => clearTimeout(timer)
  }, [intervalMs, time])
  return time
}

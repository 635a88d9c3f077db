import { useEffect, useState } from 'react'
import type { AppInfo } from '../../shared/views.ts'

let tell = () => Date.now()

/** The wall clock of the core, epoch milliseconds. */
export const now = () => tell()

/** Follows the core's clock from here on, so that a corrected or fixed one holds on screen too. */
export function followClock({ now: coreNow, clockIsFixed }: Pick<AppInfo, 'now' | 'clockIsFixed'>): void {
  const offset = coreNow - Date.now()
  tell = clockIsFixed ? () => coreNow : () => Date.now() + offset
}

/** The time, renewed at every full `intervalMs`, so that all that counts on screen ticks together. */
export function useNow(intervalMs = 60_000): number {
  const [time, setTime] = useState(now)
  useEffect(() => {
    const timer = setTimeout(() => setTime(now()), intervalMs - (time % intervalMs))
    return () => clearTimeout(timer)
  }, [intervalMs, time])
  return time
}

import { useEffect, useState } from 'react'

let offset = 0

/** The wall clock of the core, epoch milliseconds. */
export const now = () => Date.now() + offset

/** Follows the core's clock from here on, so that a corrected or fixed one holds on screen too. */
export function followClock(coreNow: number): void {
  offset = coreNow - Date.now()
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

import { useEffect, useState } from 'react'

let offset = 0

/** The wall clock of the core, epoch milliseconds. */
export const now = () => Date.now() + offset

/** Follows the core's clock from here on, so that a corrected or fixed one holds on screen too. */
export function followClock(coreNow: number): void {
  offset = coreNow - Date.now()
}

/** The time, renewed every `intervalMs`, for waits that count on screen. */
export function useNow(intervalMs = 30_000): number {
  const [time, setTime] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), intervalMs)
    return () => clearInterval(timer)
  }, [intervalMs])
  return time
}

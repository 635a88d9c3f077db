interface Throttle {
  /** Reports a change; `act` will be called. */
  changed(): void
  stop(): void
}

/**
 * Calls `act` at the first change. While changes continue, it waits for the first of `pauses` (milliseconds), then the
 * second, and so on; a pause without a change starts over. Calls never overlap. `act` must not throw.
 */
export function createThrottle(act: () => unknown, pauses: readonly [number, ...number[]]): Throttle {
  let pending = false
  let busy = false
  let stopped = false

  async function run(): Promise<void> {
    busy = true
    for (let calls = 0; pending && !stopped; calls++) {
      pending = false
      await act()
      const pause = pauses[Math.min(calls, pauses.length - 1)]
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    busy = false
  }

  return {
    changed() {
      pending = true
      if (!busy) void run()
    },
    stop() {
      stopped = true
    },
  }
}

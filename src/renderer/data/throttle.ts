export interface Throttle {
  /** Something changed: `act` will be called. */
  changed(): void
  stop(): void
}

/**
 * Calls `act`, which does not throw, at once at the first change, and then ever more rarely while changes keep coming: after the
 * first of `pauses`, the second, and so on (milliseconds). No call begins before the last one has ended, and once a pause passes
 * without a change, it starts over.
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

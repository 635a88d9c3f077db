/** How far virtual time is ahead of real time, in milliseconds. Timers wait while the machine is asleep, and the clock goes on. */
export interface Ahead {
  awake: number
  asleep: number
}

interface Timer {
  /** As of `performance.now`. */
  dueAt: number
  run(): void
}

type Scope = Pick<typeof globalThis, 'Date' | 'performance' | 'setTimeout' | 'setInterval' | 'clearTimeout'> & {
  clearInterval: typeof clearInterval
}

/**
 * Replaces the clocks and timers of a thread or page, so that a pause takes no real time. The returned function sets virtual
 * time and calls the timers that are due by then; code runs at its real speed. The page gets this function as a text, so it uses nothing
 * from outside.
 */
export function installVirtualTime(scope: Scope): (ahead: Ahead) => void {
  const { Date: RealDate, performance, setTimeout, setInterval, clearTimeout } = scope
  const realNow = performance.now.bind(performance)
  /** Pending timers by their handles. Their real timers run as well: a timer ends after real time, too. */
  const timers = new Map<unknown, Timer>()
  let ahead: Ahead = { awake: 0, asleep: 0 }
  const now = () => realNow() + ahead.awake

  const clockNow = () => Math.floor(RealDate.now() + ahead.awake + ahead.asleep)
  scope.Date = new Proxy(RealDate, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [clockNow()] : args, self),
    get: (target, name) => (name === 'now' ? clockNow : Reflect.get(target, name)),
  })
  performance.now = now

  type Callback = (...args: unknown[]) => void
  function startTimeout(callback: Callback, delay = 0, ...args: unknown[]) {
    const timer: Timer = {
      dueAt: now() + delay,
      run() {
        stop(handle)
        callback(...args)
      },
    }
    const handle = setTimeout(() => timer.run(), delay)
    timers.set(handle, timer)
    // In Node.js a handle is an object.
    const refresh = handle.refresh?.bind(handle)
    if (refresh) {
      handle.refresh = () => {
        timer.dueAt = now() + delay
        return refresh()
      }
    }
    return handle
  }
  function startInterval(callback: Callback, delay = 0, ...args: unknown[]) {
    const timer: Timer = {
      dueAt: now() + delay,
      run() {
        timer.dueAt = now() + delay
        callback(...args)
      },
    }
    const handle = setInterval(() => timer.run(), delay)
    timers.set(handle, timer)
    return handle
  }
  function stop(handle: unknown) {
    timers.delete(handle)
    // The same as `clearInterval`, in Node.js and in browsers.
    clearTimeout(handle as number)
  }
  Object.assign(scope, {
    setTimeout: startTimeout,
    setInterval: startInterval,
    clearTimeout: stop,
    clearInterval: stop,
  })

  return (next) => {
    ahead = next
    const due = [...timers].filter(([, { dueAt }]) => dueAt <= now())
    for (const [handle, timer] of due.sort(([, one], [, other]) => one.dueAt - other.dueAt)) {
      // One that ran before may have stopped it.
      if (timers.has(handle)) timer.run()
    }
  }
}

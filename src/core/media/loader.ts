interface Task<T> {
  key: string
  waiters: number
  abort: AbortController
  start(): Promise<void>
  result: Promise<T>
}

/**
 * Runs at most `limit` tasks at a time, newest request first, because the newest is in view. Requests for one key share a
 * task; a task without waiting requests is dropped, or aborted if it runs. A request rejects with its signal's reason.
 */
export function createLoader<T>(limit: number) {
  const tasks = new Map<string, Task<T>>()
  let waiting: Task<T>[] = []
  let running = 0

  function createTask(key: string, run: (signal: AbortSignal) => Promise<T>): Task<T> {
    const abort = new AbortController()
    const { promise: result, resolve, reject } = Promise.withResolvers<T>()
    const task: Task<T> = {
      key,
      waiters: 0,
      abort,
      result,
      async start() {
        running++
        await run(abort.signal).then(resolve, reject)
        running--
        forget(task)
        startNext()
      },
    }
    tasks.set(key, task)
    return task
  }

  function forget(task: Task<T>): void {
    if (tasks.get(task.key) === task) tasks.delete(task.key)
  }

  function startNext(): void {
    const task = running < limit ? waiting.pop() : undefined
    void task?.start()
  }

  function leave(task: Task<T>, reason: unknown): void {
    if (--task.waiters > 0) return
    waiting = waiting.filter((other) => other !== task)
    forget(task)
    task.abort.abort(reason)
  }

  return async function load(key: string, signal: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const known = tasks.get(key)
    const task = known ?? createTask(key, run)
    if (!known || waiting.includes(task)) waiting = [...waiting.filter((other) => other !== task), task]
    task.waiters++
    const { promise: left, reject } = Promise.withResolvers<never>()
    const onAbort = () => {
      leave(task, signal.reason)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    startNext()
    try {
      return await Promise.race([task.result, left])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

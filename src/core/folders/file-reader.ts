import type { Worker } from 'node:worker_threads'
import { startReaderThread } from '../reader-thread.ts'
import type { ReadOutcome, ReadRequest } from './read/read.ts'

export interface FileReaderOptions {
  /** The time of the scan (epoch ms). */
  now: number
  signal: AbortSignal
  /** The time limit of one file, to which the time for its bytes is added. */
  timeLimitMs?: number
  heapLimitMb?: number
  /** The module that the thread runs. */
  thread?: URL
}

/** In milliseconds. A slow network drive gets more time for its bytes. */
const timeLimit = 30_000
const slowestBytesPerMs = 1_000
const heapLimit = 256
/** Files that are sent ahead of their answers, so that the thread never waits and few answers pile up. */
const filesAhead = 32
const readerThread = new URL('./file-reader-thread.ts', import.meta.url)

/**
 * Reads files in a short-lived thread without the database and the network, and yields their outcomes in order. A file that needs
 * too much time or memory has the problem `reader_failed`, and a new thread reads the others. Throws the signal's reason.
 */
export async function* readInWorker(
  files: Iterable<ReadRequest>,
  { now, signal, timeLimitMs = timeLimit, heapLimitMb = heapLimit, thread = readerThread }: FileReaderOptions,
): AsyncGenerator<ReadOutcome> {
  const left = files[Symbol.iterator]()
  /** Files without an answer yet. */
  const asked: ReadRequest[] = []
  const ask = (): ReadRequest | null => {
    const next = left.next()
    if (!next.done) asked.push(next.value)
    return next.done ? null : next.value
  }
  ask()
  while (asked.length > 0) {
    signal.throwIfAborted()
    const worker = startReaderThread(thread, { now }, heapLimitMb)
    const outcomes = outcomesOf(worker, signal)
    for (const file of asked) worker.postMessage(file)
    try {
      for (let failed = false; !failed; ) {
        while (asked.length < filesAhead) {
          const file = ask()
          if (!file) break
          worker.postMessage(file)
        }
        const [file] = asked
        if (!file) break
        const outcome = await outcomes.next(timeLimitMs + file.bytes / slowestBytesPerMs)
        failed = outcome === null
        asked.shift()
        yield outcome ?? { problem: 'reader_failed' }
      }
    } finally {
      outcomes.close()
      await worker.terminate()
    }
  }
}

/** The messages of a thread, one after another; null if it ends, fails or takes too long. */
function outcomesOf(worker: Worker, signal: AbortSignal) {
  const arrived: (ReadOutcome | null)[] = []
  let wake = () => {}
  const add = (outcome: ReadOutcome | null) => {
    arrived.push(outcome)
    wake()
  }
  const abort = () => wake()
  worker.on('message', (outcome: ReadOutcome) => add(outcome))
  // Handled at the exit, which comes after all messages.
  worker.on('error', () => {})
  worker.on('exit', () => add(null))
  signal.addEventListener('abort', abort)
  return {
    async next(limitMs: number): Promise<ReadOutcome | null> {
      if (arrived.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, limitMs)
        await promise
        clearTimeout(timer)
      }
      signal.throwIfAborted()
      return arrived.shift() ?? null
    },
    close: () => signal.removeEventListener('abort', abort),
  }
}

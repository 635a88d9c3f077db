import type { Worker } from 'node:worker_threads'
import { startReaderThread } from '../reader-thread.ts'
import type { ReadOutcome, ReadRequest } from './read/read.ts'

export interface FileReaderOptions {
  /** The time of the scan (epoch ms). */
  now: number
  signal: AbortSignal
  /** Time limit of one file, without that for its size. */
  timeLimitMs?: number
  heapLimitMb?: number
  /** The module that the thread runs. */
  thread?: URL
}

/** A file that needs longer is given up; a slow network drive gets time for its bytes. */
const timeLimit = 30_000
const slowestBytesPerMs = 1_000
const heapLimit = 256
/** Files that the thread is given ahead of their answers: it never waits, and answers do not pile up. */
const filesAhead = 32
const readerThread = new URL('./file-reader-thread.ts', import.meta.url)

/**
 * Reads files in a thread of its own, which has neither the database nor the network and ends afterwards; yields the outcome of
 * each in order. If a file needs too much time or memory, that is its problem, and a new thread reads the others. Throws the
 * signal's reason.
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
  // The exit follows, and only then have the messages before the error arrived for certain.
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

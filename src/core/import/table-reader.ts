import { existsSync } from 'node:fs'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import type { ImportProblemCode } from '../../shared/imports.ts'
import type { ReadAnswer, ReadInput } from './read/read.ts'

export interface TableReaderOptions {
  /** Ends the thread; the call rejects with the signal's reason. */
  signal?: AbortSignal
  timeLimitMs?: number
  heapLimitMb?: number
  /** The module that the thread runs. */
  thread?: URL
}

/** Far more than the largest permitted sources need. */
const timeLimit = 60_000
/** Half of the memory of an import, since bytes and texts outside the heap come on top. */
const heapLimit = 256

/**
 * Reads a source in a thread of its own, which has neither the database nor the network and ends afterwards. If it needs too much
 * time or memory, or dies, that is a problem like any other.
 */
export async function readInWorker(input: ReadInput, options: TableReaderOptions = {}): Promise<ReadAnswer> {
  const { signal, timeLimitMs = timeLimit, heapLimitMb = heapLimit, thread = threadModule() } = options
  signal?.throwIfAborted()
  const worker = new Worker(thread, {
    name: 'table-reader',
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb, maxYoungGenerationSizeMb: 32 },
  } satisfies WorkerOptions)
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  try {
    return await new Promise<ReadAnswer>((resolve, reject) => {
      const endWith = (code: ImportProblemCode) => resolve({ ok: false, problem: { code, params: {} } })
      worker.once('message', resolve)
      worker.once('error', (error: NodeJS.ErrnoException) =>
        endWith(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out_of_memory' : 'internal'),
      )
      worker.once('exit', () => endWith('internal'))
      timer = setTimeout(() => endWith('timed_out'), timeLimitMs)
      abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    await worker.terminate()
  }
}

/** Beside this file in a checkout; in a build a module of its own, beside or above the bundle that holds this file. */
function threadModule(): URL {
  const found = ['./table-reader-thread.ts', './table-reader-thread.js', '../table-reader-thread.js']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url))
  if (!found) throw new Error('table-reader-thread is not in the build')
  return found
}

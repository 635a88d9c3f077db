import type { ImportProblemCode } from '../../shared/imports.ts'
import { startReaderThread } from '../reader-thread.ts'
import type { ReadInput } from './read/read.ts'
import type { SourceAnswer } from './read-source.ts'

export interface TableReaderOptions {
  /** Ends the thread; the call rejects with the signal's reason. */
  signal?: AbortSignal
  timeLimitMs?: number
  heapLimitMb?: number
  /** The module that the thread runs. */
  thread?: URL
}

/** In milliseconds, far more than the largest permitted source needs. */
const timeLimit = 60_000
/** In megabytes: half of the memory of an import, because bytes and texts outside the heap need the rest. */
const heapLimit = 256
const readerThread = new URL('./table-reader-thread.ts', import.meta.url)

/**
 * Reads a source in a short-lived thread without the database and the network. If it needs too much time or memory, or dies, the
 * answer is a problem.
 */
export async function readInWorker(input: ReadInput, options: TableReaderOptions = {}): Promise<SourceAnswer> {
  const { signal, timeLimitMs = timeLimit, heapLimitMb = heapLimit, thread = readerThread } = options
  signal?.throwIfAborted()
  const worker = startReaderThread(thread, input, heapLimitMb)
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  try {
    return await new Promise<SourceAnswer>((resolve, reject) => {
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

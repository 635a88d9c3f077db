/** How the two threads of a core are started. Imports nothing, so a host starts them before its own code is loaded. */
import type { Worker, WorkerOptions } from 'node:worker_threads'

/** Creates a worker thread from writer.ts or reader.ts. A bundle and a checkout locate these files differently. */
export type WorkerFactory = (options: WorkerOptions) => Worker

/** Without limits, V8 collects late on machines with much memory, and a sync needs 1.5 times as much. */
const resourceLimits = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 1_024 }

export const readerThread: WorkerOptions = { name: 'reader', resourceLimits }
/** With the young generation of the reader, a first sync of 40,000 jobs takes 5 % more of the processor's time. */
export const writerThread: WorkerOptions = {
  name: 'writer',
  resourceLimits: { ...resourceLimits, maxYoungGenerationSizeMb: 8 },
}

/** Starts a thread now, which is the first that the returned factory gives. */
export function startedNow(create: WorkerFactory, options: WorkerOptions): WorkerFactory {
  let first: Worker | null = create(options)
  return (later) => {
    const worker = first ?? create(later)
    first = null
    return worker
  }
}

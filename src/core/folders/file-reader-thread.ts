/** The thread of a file reader: reads the received files one after another, and answers in the same order. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ReadRequest, readFolderFile } from './read/read.ts'

const { now } = workerData as { now: number }
let last = Promise.resolve()
parentPort?.on('message', (file: ReadRequest) => {
  last = last.then(async () => parentPort?.postMessage(await readFolderFile(file, now)))
})

/** The thread of a file reader: reads the files that it is given one after another, answers for each, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ReadRequest, readFolderFile } from './read/read.ts'

const { files, now } = workerData as { files: ReadRequest[]; now: number }
for (const file of files) parentPort?.postMessage(await readFolderFile(file, now))

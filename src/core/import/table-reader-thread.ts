/** The thread of a table reader: reads one source, answers, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ReadInput, readTables } from './read/read.ts'
import { withCheckedJobs } from './read-source.ts'

parentPort?.postMessage(withCheckedJobs(await readTables(workerData as ReadInput)))

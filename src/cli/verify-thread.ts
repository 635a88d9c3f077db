/** A thread of `verify`: runs its share of the checks on its own connection, answers, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { openReader } from '../core/store/store.ts'
import { verifyStore } from '../core/store/verify.ts'
import { isOfThreads, type ThreadInput } from './verify-threads.ts'

const { folder, now, file, indexSlice } = workerData as ThreadInput
const { reader, close } = openReader(folder)
parentPort?.postMessage(verifyStore(reader, now, file, undefined, { isWanted: isOfThreads, indexSlice }))
close()

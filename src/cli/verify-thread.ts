/** The thread of `verify`: does its checks on a connection of its own, answers, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { openReader } from '../core/store/store.ts'
import { verifyStore } from '../core/store/verify.ts'
import { isOfThread, type ThreadInput } from './verify-threads.ts'

const { folder, now, file } = workerData as ThreadInput
const { reader, close } = openReader(folder)
parentPort?.postMessage(verifyStore(reader, now, file, undefined, isOfThread))
close()

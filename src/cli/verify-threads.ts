/** `verify` of a large file: the search index, which takes as long as all the rest, is checked in a thread of its own. */
import { Worker } from 'node:worker_threads'
import { type Check, checkNames } from '../core/store/checks/check.ts'
import type { Readable } from '../core/store/handles.ts'
import { type OnCheck, verifyStore } from '../core/store/verify.ts'

/** Pages of 4 kB. A smaller file is checked sooner than a thread starts. */
const pagesForThreads = 25_000

interface VerifyOptions {
  reader: Readable
  /** The folder of the database, which the thread opens for reading. */
  folder: string
  now: number
  /** The check of the pages, which comes first. */
  file: Check
  onCheck: OnCheck
}

/** What the thread is given. */
export type ThreadInput = Pick<VerifyOptions, 'folder' | 'now' | 'file'>

/** Checks the same as `verifyStore`. A program that writes meanwhile is seen at two times, but each check at one. */
export async function verifyInThreads(
  { reader, folder, now, file, onCheck }: VerifyOptions,
  smallest: number = pagesForThreads,
): Promise<Check[]> {
  if (file.broken > 0 || file.checked < smallest) return verifyStore(reader, now, file, onCheck)
  const workerData: ThreadInput = { folder, now, file }
  const thread = new Worker(new URL('./verify-thread.ts', import.meta.url), { name: 'verify', workerData })
  const ofThread = new Promise<Check[]>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the thread of a check ended with ${code}`)))
  })
  // Awaited below; until then a failure is no unhandled rejection.
  ofThread.catch(() => {})
  try {
    const count = checkNames.length
    const show: OnCheck = (check, number) => onCheck(check, number, count)
    const found = verifyStore(reader, now, file, show, (check) => !isOfThread(check))
    onCheck('search_index', count, count)
    const all = [...found, ...(await ofThread)]
    return checkNames.flatMap((name) => all.filter(({ check }) => check === name))
  } finally {
    await thread.terminate()
  }
}

/** Whether the thread does the check. */
export const isOfThread = (check: Check['check']): boolean => check === 'search_index'

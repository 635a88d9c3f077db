/** `verify` with threads: the check of the search index, which takes as long as all others, is split over several threads. */
import { Worker } from 'node:worker_threads'
import { type Check, checkNames, mergeChecks } from '../core/store/checks/check.ts'
import type { IndexSlice } from '../core/store/checks/search.ts'
import type { Readable } from '../core/store/handles.ts'
import { type OnCheck, verifyStore } from '../core/store/verify.ts'

/** Pages of 4 kB. A smaller file is checked sooner than a thread starts. */
const pagesForThreads = 25_000
/** With this thread, which does the rest, two keep two processors busy to the end. */
const threads = 2

interface VerifyOptions {
  reader: Readable
  /** The folder of the database, which the threads open for reading. */
  folder: string
  now: number
  /** The check of the pages, which comes first. */
  file: Check
  onCheck: OnCheck
}

/** The data of a thread. */
export interface ThreadInput extends Pick<VerifyOptions, 'folder' | 'now' | 'file'> {
  indexSlice: IndexSlice
}

/** Runs the checks of `verifyStore`. Each check sees one state of the database, but different checks may see different states. */
export async function verifyInThreads(
  { reader, folder, now, file, onCheck }: VerifyOptions,
  smallest: number = pagesForThreads,
): Promise<Check[]> {
  if (file.broken > 0 || file.checked < smallest) return verifyStore(reader, now, file, onCheck)
  const started = Array.from({ length: threads }, (_, number) =>
    startThread({ folder, now, file, indexSlice: { number, count: threads } }),
  )
  const ofThreads = Promise.all(started.map(({ answer }) => answer))
  // Awaited below; until then a failure is no unhandled rejection.
  ofThreads.catch(() => {})
  try {
    const count = checkNames.length
    const show: OnCheck = (check, number) => onCheck(check, number, count)
    const found = verifyStore(reader, now, file, show, { isWanted: (check) => !isOfThreads(check) })
    onCheck('search_index', count, count)
    const all = [...found, mergeChecks('search_index', (await ofThreads).flat())]
    return checkNames.flatMap((name) => all.filter(({ check }) => check === name))
  } finally {
    await Promise.all(started.map(({ thread }) => thread.terminate()))
  }
}

function startThread(workerData: ThreadInput): { thread: Worker; answer: Promise<Check[]> } {
  const thread = new Worker(new URL('./verify-thread.ts', import.meta.url), { name: 'verify', workerData })
  const answer = new Promise<Check[]>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the thread of a check ended with ${code}`)))
  })
  return { thread, answer }
}

/** Whether threads do the check. */
export const isOfThreads = (check: Check['check']): boolean => check === 'search_index'

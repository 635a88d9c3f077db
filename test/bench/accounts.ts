/** The accounts that a run measures: one service process and one data folder, synced once, for each size. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/core.ts'
import { type BenchService, startService } from './bench-service.ts'
import { type FirstSync, syncFirst } from './first-sync.ts'
import { createHistory, type History } from './history.ts'
import type { Plan } from './plan.ts'

export interface Account {
  jobs: number
  history: History
  service: BenchService
  /** The folder as the first sync left it. Nothing writes here: measures work on copies. */
  folder: string
  /** Null where an earlier run left the folder and nobody asked for the time. */
  firstSync: FirstSync | null
  close(): Promise<void>
}

/** Makes the account of one size below `folder`, or takes the one that an earlier run left there. */
export async function prepareAccount(jobs: number, plan: Plan, folder: string): Promise<Account> {
  const { seed, measures } = plan
  const path = join(folder, `seed-${seed}-jobs-${jobs}-${fingerprint()}`)
  const portFile = join(path, 'service-port')
  const isComplete = existsSync(portFile) && !measures.includes('sync')
  if (!isComplete) rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  // Addresses of pictures hold the port, so the service of a kept account comes back to it.
  const service = await startService({ jobs, seed, port: isComplete ? Number(readFileSync(portFile, 'utf8')) : 0 })
  const history = createHistory({ jobs, seed, mediaOrigin: service.url })
  const firstSync = isComplete ? null : await syncFirst(join(path, 'data'), service, history)
  writeFileSync(portFile, new URL(service.url).port)
  return {
    jobs,
    history,
    service,
    folder: join(path, 'data'),
    firstSync,
    close: () => service.stop(),
  }
}

/** A copy of the account's folder, which the caller removes. */
export function copyAccount({ folder }: Account): ReturnType<typeof temporaryFolder> {
  const copy = temporaryFolder()
  cpSync(folder, copy.path, { recursive: true })
  // Written now, not while something is measured.
  const file = openSync(join(copy.path, 'carat.db'), 'r+')
  fsyncSync(file)
  closeSync(file)
  return copy
}

/** Does `task` on a copy of the account's folder, which is gone afterwards. */
export async function onCopy<T>(account: Account, task: (dataDir: string) => Promise<T>): Promise<T> {
  const copy = copyAccount(account)
  try {
    return await task(copy.path)
  } finally {
    copy.remove()
  }
}

/** Changes with every source that decides what a synced folder holds. */
function fingerprint(): string {
  const root = join(import.meta.dirname, '../..')
  const hash = createHash('sha256')
  for (const file of globSync(
    ['src/core/{domain,store,sync}/**/*.ts', 'test/bench/{history,shares,calendar,vocabulary}.ts'],
    { cwd: root },
  ).sort()) {
    hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex').slice(0, 12)
}

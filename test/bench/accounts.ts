/** The accounts of a run: for each size a service process and a data folder that was synced once. */
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
  /** The folder after the first sync. It is never changed: measures work on copies. */
  folder: string
  /** Null if the folder is from an earlier run and no measure needs the time. */
  firstSync: FirstSync | null
  close(): Promise<void>
}

/** Makes the account of a size below `folder`, or reuses the account of an earlier run. */
export async function prepareAccount(jobs: number, plan: Plan, folder: string): Promise<Account> {
  const { seed, measures } = plan
  const path = join(folder, `seed-${seed}-jobs-${jobs}-${fingerprint()}`)
  const portFile = join(path, 'service-port')
  const isComplete = existsSync(portFile) && !measures.includes('sync')
  if (!isComplete) rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  // Addresses of pictures contain the port, so the service of a reused account takes the same port.
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
  // Written to the disk now, not during a measurement.
  const file = openSync(join(copy.path, 'carat.db'), 'r+')
  fsyncSync(file)
  closeSync(file)
  return copy
}

/** Runs `task` on a temporary copy of the account's folder. */
export async function onCopy<T>(account: Account, task: (dataDir: string) => Promise<T>): Promise<T> {
  const copy = copyAccount(account)
  try {
    return await task(copy.path)
  } finally {
    copy.remove()
  }
}

/** A hash of every source that affects the contents of a synced folder. */
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

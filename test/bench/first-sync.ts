/** The first sync of an account through HTTP and validation, beside bare inserts of the same records. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { bareInsert } from './bare-insert.ts'
import { openIdleCore } from './bench-core.ts'
import type { BenchService } from './bench-service.ts'
import type { History } from './history.ts'
import { limitInsert } from './limit-insert.ts'
import type { Reading } from './report.ts'
import { elapsed } from './statistics.ts'

export interface FirstSync {
  /** Jobs and ledger rows per second. */
  bare: number
  limit: number
  synced: number
  /** Milliseconds until the newest page was stored and announced. */
  firstPage: number
}

/** Syncs the whole account into a new folder, after bare inserts of the same records. */
export async function syncFirst(dataDir: string, service: BenchService, history: History): Promise<FirstSync> {
  const { jobsOf, transactions } = history
  const rows = jobsOf['agent-1'] + jobsOf['agent-2'] + transactions
  const bareTime = bareInsert(history)
  await service.set({ signedIn: false })
  const core = await openIdleCore(dataDir, service)
  await service.set({ signedIn: true })
  const begin = performance.now()
  const firstPage = core.next((event) => event.type === 'data' && event.jobs > 0).then(() => performance.now() - begin)
  const time = await elapsed(core.sync)
  await core.close()
  moveLogIntoFile(dataDir)
  const perSecond = (milliseconds: number) => (1_000 * rows) / milliseconds
  return {
    bare: perSecond(bareTime),
    limit: perSecond(limitInsert(dataDir)),
    synced: perSecond(time),
    firstPage: await firstPage,
  }
}

/** Writes the log into the file, as the last writing connection of a folder does when it closes. */
function moveLogIntoFile(dataDir: string): void {
  const database = new Database(join(dataDir, 'carat.db'))
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

export async function measureFirstSync({
  jobs,
  firstSync,
}: {
  jobs: number
  firstSync: FirstSync | null
}): Promise<Reading[]> {
  if (!firstSync) throw new Error('This account was synced by an earlier run.')
  const { bare, limit, synced, firstPage } = firstSync
  const table = 'First sync'
  return [
    { table, name: 'bare inserts', unit: 'rows/s', jobs, values: [bare] },
    { table, name: 'inserts into the same tables', unit: 'rows/s', jobs, values: [limit] },
    { table, name: 'first sync', unit: 'rows/s', jobs, values: [synced] },
    { table, name: 'first sync / bare inserts', unit: '', jobs, values: [synced / bare], goal: { atLeast: 0.15 } },
    {
      table,
      name: 'first sync / inserts into the same tables',
      unit: '',
      jobs,
      values: [synced / limit],
      goal: { atLeast: 0.7 },
    },
    { table, name: 'newest page stored after', unit: 'ms', jobs, values: [firstPage] },
  ]
}

export async function measureSize({ jobs, folder }: { jobs: number; folder: string }): Promise<Reading[]> {
  const bytes = statSync(join(folder, 'carat.db')).size / jobs
  return [{ table: 'Database', name: 'size per job', unit: 'bytes', jobs, values: [bytes], goal: { atMost: 1_000 } }]
}

/** `npm run bench [-- JOBS]`: the first sync of a large account through HTTP and validation, beside the bare insert of the same rows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { openTestCore, temporaryFolder, testClock } from '../support/core.ts'
import { createHistory, newest } from './history.ts'

const jobs = Number(process.argv[2] ?? 10_000)
const batch = 1_000
const folder = temporaryFolder()
const history = createHistory(jobs)
const rows = jobs + history.transactions

/** Rows per second of prepared inserts without an index: the limit of this machine and disk. */
function bareInsert(): number {
  const database = new Database(join(folder.path, 'bare.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(
    'CREATE TABLE jobs (a,b,c,d,e,f,g,h,i,j,k,l,m); CREATE TABLE results (a,b,c,d); CREATE TABLE ledger (a,b,c,d,e,f,g,h,i)',
  )
  const job = database.prepare(`INSERT INTO jobs VALUES (${Array(13).fill('?')})`)
  const result = database.prepare('INSERT INTO results VALUES (?,?,?,?)')
  const transaction = database.prepare(`INSERT INTO ledger VALUES (${Array(9).fill('?')})`)
  const work: (() => void)[] = []
  for (const agent of ['agent-1', 'agent-2'] as const) {
    for (let index = 0; index < history.jobsOf[agent]; index++) {
      const { failure: _, results, ...row } = history.job(agent, index)
      const values = Object.values(row).slice(0, 13)
      work.push(() => {
        job.run(...values)
        for (const { id, mimeType, url, thumbnailUrl } of results) result.run(id, mimeType, url, thumbnailUrl)
      })
    }
  }
  for (let index = 0; index < history.transactions; index++) {
    const { id, kind, feature, source, amount, occurredAt, jobId, agent, model } = history.transaction(index)
    work.push(() => transaction.run(id, kind, feature, source, amount, occurredAt, jobId, agent, model))
  }
  const startedAt = performance.now()
  for (let at = 0; at < work.length; at += batch) {
    database.transaction(() => {
      for (const write of work.slice(at, at + batch)) write()
    })()
  }
  const seconds = (performance.now() - startedAt) / 1000
  database.close()
  return rows / seconds
}

async function firstSync(): Promise<{ perSecond: number; bytesPerJob: number }> {
  const service = spawn(process.execPath, [join(import.meta.dirname, 'service.ts'), String(jobs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface({ input: service.stdout }), 'line')) as [string]
  const dataDir = join(folder.path, 'data')
  const { core, store, close } = openTestCore(dataDir, { url, token: 'bench' }, testClock(newest + 60_000))
  const startedAt = performance.now()
  const report = await core.syncOnce({ tries: 1, triesUnreachable: 1, longestWait: 0 })
  const seconds = (performance.now() - startedAt) / 1000
  const failed = report.streams.find((stream) => stream.error)
  if (failed) throw new Error(`${failed.stream}: ${failed.error?.code}`)
  store.writer?.pragma('wal_checkpoint(TRUNCATE)')
  await close()
  service.kill()
  return { perSecond: rows / seconds, bytesPerJob: statSync(join(dataDir, 'carat.db')).size / jobs }
}

const bare = bareInsert()
const synced = await firstSync()
const lines: [string, string][] = [
  ['jobs', String(jobs)],
  ['bare insert, rows/s', bare.toFixed(0)],
  ['first sync, rows/s', synced.perSecond.toFixed(0)],
  ['first sync / bare insert', (synced.perSecond / bare).toFixed(3)],
  ['database bytes per job', synced.bytesPerJob.toFixed(0)],
]
for (const [name, value] of lines) process.stdout.write(`${name.padEnd(28)}${value.padStart(10)}\n`)
folder.remove()

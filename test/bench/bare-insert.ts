/** The limit of this machine: inserts of the same records without an index, a key or a check. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import { temporaryFolder } from '../support/core.ts'
import type { History } from './history.ts'

type Value = string | number | null
type Table = 'jobs' | 'results' | 'ledger'
interface Row {
  table: Table
  values: Value[]
}

const rowsPerTransaction = 1_000

/** Milliseconds for prepared inserts of all records, with the disk settings of the app. */
export function bareInsert(history: History): number {
  const folder = temporaryFolder()
  const database = new Database(join(folder.path, 'bare.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('cache_size = -24576')
  const inserts = new Map<Table, Database.Statement<Value[]>>()
  const prepare = ({ table, values }: Row) => {
    database.exec(`CREATE TABLE ${table} (${values.map((_, index) => `c${index}`)})`)
    const insert = database.prepare<Value[]>(`INSERT INTO ${table} VALUES (${values.map(() => '?')})`)
    inserts.set(table, insert)
    return insert
  }
  const write = database.transaction((rows: Row[]) => {
    for (const row of rows) (inserts.get(row.table) ?? prepare(row)).run(...row.values)
  })
  let time = 0
  for (const rows of batches(records(history))) {
    const begin = performance.now()
    write(rows)
    time += performance.now() - begin
  }
  database.close()
  folder.remove()
  return time
}

function* records({ jobsOf, job, transactions, transaction }: History): Generator<Row[]> {
  for (const agent of ['agent-1', 'agent-2'] as const) {
    for (let index = 0; index < jobsOf[agent]; index++) yield rowsOfJob(job(agent, index))
  }
  for (let index = 0; index < transactions; index++) yield [rowOfTransaction(transaction(index))]
}

/** Records in batches of a thousand; jobs include their results. */
function* batches(all: Iterable<Row[]>): Generator<Row[]> {
  let batch: Row[] = []
  let count = 0
  for (const rows of all) {
    batch.push(...rows)
    if (++count % rowsPerTransaction > 0) continue
    yield batch
    batch = []
  }
  yield batch
}

const time = (text: string | null | undefined) => (text ? Date.parse(text) : null)

function rowsOfJob(job: WireJob): Row[] {
  const results = job.results.map((result, position) => ({
    table: 'results' as const,
    values: [
      job.id,
      position,
      result.id,
      result.mimeType,
      result.url,
      result.thumbnailUrl ?? null,
      result.width ?? null,
      result.height ?? null,
      result.durationMs ?? null,
      result.bytes ?? null,
      result.sha256 ?? null,
    ],
  }))
  const values = [
    job.id,
    job.agent,
    job.chatId,
    job.chatTitle ?? null,
    job.chatUrl ?? null,
    job.kind,
    job.model,
    job.prompt,
    job.status,
    job.failure?.code ?? null,
    job.failure?.origin ?? null,
    job.failure?.message ?? null,
    job.requestedResults,
    time(job.createdAt),
    time(job.startedAt),
    time(job.finishedAt),
    job.revision,
  ]
  return [{ table: 'jobs', values }, ...results]
}

function rowOfTransaction(row: WireCreditTransaction): Row {
  const values = [
    row.id,
    row.kind,
    row.feature ?? null,
    row.source ?? null,
    row.amount,
    row.balanceAfter ?? null,
    time(row.occurredAt),
    row.jobId ?? null,
    row.agent ?? null,
    row.reverses ?? null,
    row.model ?? null,
    row.memo ?? null,
    time(row.expiresAt),
  ]
  return { table: 'ledger', values }
}

/**
 * The limit of SQLite with the tables of the app: inserts of the final rows of a synced account into the same tables, indexes and
 * search index, oldest first, without HTTP, validation, decisions or triggers.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Writable } from '../../src/core/store/handles.ts'
import { firstRowIdOf, jobsOfSeconds, secondOf, tokensOfSecond } from '../../src/core/store/jobs/search.ts'
import { mergeWhileWriting } from '../../src/core/store/projections/search.ts'
import { openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'

/** Jobs of a transaction, with everything that happened in their time. */
const jobsPerTransaction = 2_000
/** The tables with many rows, in the order of their references, with the rows of a range of row ids. */
const timedTables = [
  ['jobs', 'row_id >= ? AND row_id < ?'],
  ['results', 'job_row_id >= ? AND job_row_id < ?'],
  ['credit_transactions', 'row_id >= ? AND row_id < ?'],
  ['refund_cases', 'case_id >= ? * 2 AND case_id < ? * 2'],
] as const

type Row = Record<string, unknown>
/** Rows that are inserted with one statement. */
type Batch = [insert: Database.Statement<Row[]>, rows: Row[]]

/** Milliseconds for the inserts of all rows of the folder's database, with the disk settings of the app. */
export function limitInsert(dataDir: string): number {
  const folder = temporaryFolder()
  openStore(folder.path).close()
  const source = new Database(join(dataDir, 'carat.db'), { readonly: true })
  const target = new Database(join(folder.path, 'carat.db'))
  for (const pragma of [
    'synchronous = FULL',
    'foreign_keys = OFF',
    'cache_size = -24576',
    'wal_autocheckpoint = 16384',
  ])
    target.pragma(pragma)
  mergeWhileWriting(target as Writable, true)
  for (const name of namesOf(target, `type = 'trigger'`)) target.exec(`DROP TRIGGER ${name}`)
  const insertInto = (table: string) => {
    const columns = (source.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
    return target.prepare<Row[]>(
      `INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${columns.map((name) => `@${name}`)})`,
    )
  }
  let time = 0
  const write = target.transaction((batches: readonly Batch[]) => {
    for (const [insert, rows] of batches) for (const row of rows) insert.run(row)
  })
  const writeTimed = (batches: readonly Batch[]) => {
    const begin = performance.now()
    write(batches)
    time += performance.now() - begin
  }
  const timed: string[] = timedTables.map(([table]) => table)
  const others = namesOf(source, `type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'job_search%'`)
  writeTimed(
    others
      .filter((table) => !timed.includes(table))
      .map((table) => [insertInto(table), source.prepare<[], Row>(`SELECT * FROM ${table}`).all()]),
  )
  const inserts = timedTables.map(([table, ofRange]) => ({
    insert: insertInto(table),
    select: source.prepare<[number, number], Row>(`SELECT * FROM ${table} WHERE ${ofRange} ORDER BY 1`),
  }))
  const index = target.prepare<Row[]>('INSERT INTO job_search (rowid, tokens) VALUES (@second, @tokens)')
  for (const [from, below] of periods(source)) {
    const batches = inserts.map(({ insert, select }): Batch => [insert, select.all(from, below)])
    writeTimed([...batches, [index, entriesBetween(source, from, below)]])
  }
  source.close()
  target.close()
  folder.remove()
  return time
}

const namesOf = (database: Database.Database, condition: string): string[] =>
  database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE ${condition}`).pluck().all()

/** The whole history in ranges of row ids with as many jobs, oldest first, cut between two seconds. */
function* periods(source: Database.Database): Generator<[from: number, below: number]> {
  const next = source
    .prepare<[number, number], number>('SELECT row_id FROM jobs WHERE row_id >= ? ORDER BY row_id LIMIT 1 OFFSET ?')
    .pluck()
  for (let from = 0; ; ) {
    const rowId = next.get(from, jobsPerTransaction)
    const below = rowId === undefined ? Number.MAX_SAFE_INTEGER : firstRowIdOf(secondOf(rowId) + 1)
    yield [from, below]
    if (rowId === undefined) return
    from = below
  }
}

/** The entries of the search index for the jobs of a range. */
function entriesBetween(source: Database.Database, from: number, below: number): Row[] {
  const rowIds = source
    .prepare<[number, number], number>('SELECT row_id FROM jobs WHERE row_id >= ? AND row_id < ?')
    .pluck()
    .all(from, below)
  const jobs = jobsOfSeconds(source, [...new Set(rowIds.map(secondOf))])
  return [...jobs].map(([second, some]) => ({ second, tokens: tokensOfSecond(second, some) }))
}

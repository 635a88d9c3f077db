import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Writable } from '../../src/core/store/handles.ts'
import { jobsOfSeconds, tokensOfSecond } from '../../src/core/store/jobs/search.ts'
import { textOfRow } from '../../src/core/store/ledger/ledger-texts.ts'
import { latestVersion, migrate, migrations } from '../../src/core/store/migrations/index.ts'
import { markForRebuild, pendingRebuild, rebuildAll } from '../../src/core/store/projections/projection.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { derivedData, fileEnd, fillFolder } from './projection-file.ts'

/**
 * The tables of version 1 in the order of their references, with their names today. Totals are left to the triggers.
 */
const tables: [first: string, today: string][] = [
  ['accounts', 'accounts'],
  ['jobs', 'jobs'],
  ['results', 'results'],
  ['job_tombstones', 'job_tombstones'],
  ['ledger_groups', 'ledger_facets'],
  ['credit_transactions', 'credit_transactions'],
  ['case_groups', 'case_facets'],
  ['refund_cases', 'refund_cases'],
  ['sync_streams', 'sync_streams'],
  ['records_set_aside', 'quarantined_records'],
  ['marks', 'marks'],
  ['support_cases', 'support_cases'],
  ['kept_originals', 'kept_originals'],
  ['keep_settings', 'keep_settings'],
]
const renamed: Record<string, string> = {
  group_id: 'facet_id',
  generation: 'listing_epoch',
  gone_at: 'removed_at',
  withdrawn_at: 'retracted_at',
  settled_at: 'dismissed_at',
}
/** What version 1 stores whole and today's version leaves out. */
const whole: Record<string, Record<string, string>> = {
  credit_transactions: { feature: textOfRow('feature'), source: textOfRow('source'), model: textOfRow('model') },
  refund_cases: {
    reason: `iif(reason = '', 'delivered', reason)`,
    since: 'iif(since = 0, (SELECT j.finished_at FROM today.jobs j WHERE j.row_id = case_id / 2), since)',
  },
}
const counters = ['rows', 'cases', 'charged', 'refunded']

const today = temporaryFolder()
let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => {
  folder.remove()
  today.remove()
})

/** Fills a folder with today's code and adds a row to every table that a sync leaves empty. */
function fillToday(): void {
  fillFolder(today.path, 200)
  const store = openStore(today.path)
  store.writer?.exec(`
    INSERT INTO results (job_row_id, position, result_id, mime_type, url)
      SELECT row_id, 0, 'result', 'image/png', 'https://media.example.com/a.png' FROM jobs WHERE id = 'job-1';
    UPDATE jobs SET result_count = 1 WHERE id = 'job-1';
    INSERT INTO job_tombstones VALUES (1, 'agent-1', 'deleted', 4, NULL, NULL);
    INSERT INTO quarantined_records VALUES (1, 'credits', 'odd', 'no amount', '{}', 5, 1);
    INSERT INTO marks (account_id, case_name, favorite, unwanted, note, dismissed_at, changed_at)
      VALUES (1, 'job:agent-1:unknown', 1, 0, 'a note', NULL, 6);
    INSERT INTO support_cases (account_id, state, cases, subject, text, created_at, changed_at)
      VALUES (1, 'draft', '[]', 'subject', 'text', 7, 7);
    INSERT INTO kept_originals (account_id, agent, job_id, result_id, state, rank) VALUES (1, 'agent-1', 'job-1', 'result', 'waiting', 8);
    INSERT INTO keep_settings (account_id, new_since) VALUES (1, 9);
  `)
  if (store.writer) rebuildCases(store.writer)
  store.close()
}

/** The result that was added by hand decides its case. */
function rebuildCases(database: Writable): void {
  markForRebuild(database, ['cases'])
  rebuildAll(database, fileEnd)
}

function derived(path: string): ReturnType<typeof derivedData> {
  const store = openReader(path)
  try {
    return derivedData(store.reader)
  } finally {
    store.close()
  }
}

/** Writes the rows of today's file into the schema of version 1, whose own triggers count them. */
function writeFirstVersion(): void {
  const database = new Database(join(folder.path, 'carat.db'))
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${0x43525443}`)
  migrate(database, 1)
  database.exec(`ATTACH '${join(today.path, 'carat.db')}' AS today`)
  for (const [first, table] of tables) {
    const columns = (database.pragma(`table_info(${first})`) as { name: string }[]).map(({ name }) => name)
    const isFacet = first.endsWith('_groups')
    const values = columns.map((name) =>
      isFacet && counters.includes(name) ? '0' : (whole[first]?.[name] ?? renamed[name] ?? name),
    )
    database.exec(`INSERT INTO main.${first} (${columns}) SELECT ${values} FROM today.${table}`)
  }
  const seconds = database.prepare<[], number>('SELECT id FROM today.job_search_docsize').pluck().all()
  const save = database.prepare('INSERT INTO main.job_search (rowid, tokens) VALUES (?, ?)')
  // The tokens have not changed since, the columns of jobs have.
  const { reader, close } = openReader(today.path)
  for (const [second, jobs] of jobsOfSeconds(reader, seconds)) save.run(second, tokensOfSecond(second, jobs))
  close()
  database.close()
}

test.each(migrations.slice(0, -1).map(({ version }) => version))(
  'opens a data folder of version %i with rows in every table, answers the same and verifies',
  (version) => {
    fillToday()
    writeFirstVersion()
    migrateFile(version)
    const store = openStore(folder.path)
    const database = store.reader
    expect(database.pragma('user_version', { simple: true })).toBe(latestVersion)
    rebuildAll(store.writer, fileEnd)
    expect(pendingRebuild(database)).toBeNull()
    expect(database.pragma('foreign_key_check')).toEqual([])
    const counts = tables.map(([, table]) => [table, database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()])
    expect(counts.filter(([, count]) => count === 0)).toEqual([])
    expect(verifyStore(database, fileEnd).filter(({ broken }) => broken > 0)).toEqual([])
    expect(derivedData(database)).toEqual(derived(today.path))
    store.close()
  },
)

/** Brings the file to a version as an app of that version left it. */
function migrateFile(version: number): void {
  const database = new Database(join(folder.path, 'carat.db'))
  migrate(database, version)
  expect(database.pragma('user_version', { simple: true })).toBe(version)
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
}

test('refuses to read a file of an older version while another process holds it', () => {
  const database = new Database(join(folder.path, 'carat.db'))
  database.pragma(`application_id = ${0x43525443}`)
  migrate(database, 1)
  database.close()
  expect(() => openReader(folder.path)).toThrow(expect.objectContaining({ code: 'database_older' }))
})

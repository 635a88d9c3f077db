import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import type { ProjectionName } from '../../src/core/store/projections/definition.ts'
import {
  markForRebuild,
  pendingRebuild,
  rebuildAll,
  rebuildSlice,
} from '../../src/core/store/projections/projection.ts'
import { repairStore } from '../../src/core/store/repair.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { addRecords, derivedData, fileEnd, fillFolder } from './projection-file.ts'

const names: ProjectionName[] = [
  'imports',
  'imported_jobs',
  'folders',
  'cases',
  'facets',
  'period_totals',
  'facet_totals',
  'search',
]
/** Enough for two slices of every projection. */
const jobs = 550

/** Filled once; each test works on a copy of its own. */
const filled = temporaryFolder()
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
let expected: ReturnType<typeof derivedData>
let expectedWithMore: ReturnType<typeof derivedData>
beforeAll(() => {
  fillFolder(filled.path, jobs, { hasImports: true })
  openCopy()
  expected = derivedData(database)
  addRecords(database, 1, 100, jobs)
  addRecords(database, 1, 100, jobs + 100)
  expectedWithMore = derivedData(database)
  closeCopy()
})
afterAll(() => filled.remove())
beforeEach(openCopy)
afterEach(closeCopy)

function openCopy(): void {
  folder = temporaryFolder()
  cpSync(filled.path, folder.path, { recursive: true })
  open()
}

function closeCopy(): void {
  store.close()
  folder.remove()
}

function open(): void {
  store = openStore(folder.path)
  database = store.writer as Writable
}

const broken = () => verifyStore(database, fileEnd).filter((check) => check.broken > 0)
const pending = () => pendingRebuild(database)?.projection ?? null
const found = (text: string) => listJobs(database, [1], { text }, Number.MAX_SAFE_INTEGER, 2_000)

/** Changes the file as if an app with another version of a projection had written it, with other content. */
function makeStale(name: ProjectionName): void {
  const spoil: Record<ProjectionName, string> = {
    imports: `DELETE FROM credit_transactions WHERE listing_epoch = 0 AND row_id % 3 = 0;
      UPDATE import_rows SET transaction_id = NULL`,
    imported_jobs: `DELETE FROM results WHERE job_row_id IN (SELECT row_id FROM jobs WHERE listing_epoch < 0 AND row_id % 3 = 0);
      DELETE FROM jobs WHERE listing_epoch < 0 AND row_id % 3 = 0`,
    folders: `DELETE FROM results WHERE job_row_id IN (SELECT row_id FROM jobs WHERE listing_epoch = 0 AND row_id % 3 = 0);
      DELETE FROM jobs WHERE listing_epoch = 0 AND row_id % 3 = 0`,
    cases: `UPDATE refund_cases SET reason = 'unknown_status', due_at = NULL, deadline_at = 1; UPDATE credit_transactions SET case_id = NULL WHERE row_id % 3 = 0`,
    facets: `UPDATE credit_transactions SET facet_id = (SELECT min(facet_id) FROM ledger_facets)`,
    period_totals: `UPDATE case_daily_totals SET cases = cases + 1, charged = 7;
      UPDATE ledger_daily_totals SET amount = 3; DELETE FROM ledger_quarter_hours; UPDATE job_daily_totals SET lost = 4`,
    facet_totals: `UPDATE case_facets SET cases = 1, charged = 2; UPDATE ledger_facets SET rows = 3`,
    search: `INSERT INTO job_search (job_search) VALUES ('delete-all'); INSERT INTO job_search (rowid, tokens) VALUES (5, 'old')`,
  }
  database.exec(`${spoil[name]}; UPDATE projections SET version = 0 WHERE name = '${name}'`)
}

test('rebuilds nothing in a new file or in a file of the same versions', () => {
  expect(pending()).toBeNull()
  store.close()
  open()
  expect(pending()).toBeNull()
})

describe.each(names)('the projection %s of another version', (name) => {
  test('is marked at open, and its rebuild gives the content of a file that was never stale', () => {
    makeStale(name)
    expect(derivedData(database)).not.toEqual(expected)
    store.close()
    open()
    expect(pending()).toBe(name)
    rebuildAll(database, fileEnd)
    expect(pending()).toBeNull()
    expect(derivedData(database)).toEqual(expected)
    expect(broken()).toEqual([])
  })

  test('is rebuilt correctly even if the process is killed and records change during the rebuild', () => {
    makeStale(name)
    store.close()
    const script = fileURLToPath(new URL('rebuild-child.ts', import.meta.url))
    // The first slice is committed, the second is not.
    const child = spawnSync(process.execPath, [script, folder.path, '2'])
    expect(child.signal, String(child.stderr)).toBe('SIGKILL')
    open()
    expect(pending()).toBe(name)
    expect(pendingRebuild(database)?.done).toBeGreaterThan(0)
    expect(pendingRebuild(database)?.position).toBeLessThan(Number.MAX_SAFE_INTEGER)
    addRecords(database, 1, 100, jobs)
    rebuildSlice(database, fileEnd)
    addRecords(database, 1, 100, jobs + 100)
    rebuildAll(database, fileEnd)
    expect(broken()).toEqual([])
    expect(derivedData(database)).toEqual(expectedWithMore)
  })
})

test('finds every job while the search index is rebuilt, without reading entries of another version', () => {
  expect(found('고양이').rows).toHaveLength(jobs)
  makeStale('search')
  store.close()
  open()
  expect(found('고양이').rows).toHaveLength(jobs)
  rebuildSlice(database, fileEnd)
  expect(found('고양이').rows).toHaveLength(jobs)
  expect(found('고양이 17').rows.length).toBeGreaterThan(0)
  rebuildAll(database, fileEnd)
  expect(found('고양이').rows).toHaveLength(jobs)
})

test.each(names)('reports no break while %s is rebuilt, and ends the rebuild with verify --repair', (name) => {
  makeStale(name)
  const unread = verifyStore(database, fileEnd)
  expect(unread.filter((check) => check.broken > 0)).toEqual([])
  expect(unread.some((check) => check.pending)).toBe(true)
  store.close()
  open()
  rebuildSlice(database, fileEnd)
  expect(broken()).toEqual([])
  expect(repairStore(database, verifyStore(database, fileEnd), fileEnd)).toContain(name)
  expect(verifyStore(database, fileEnd).filter((check) => check.broken > 0 || check.pending)).toEqual([])
  expect(derivedData(database)).toEqual(expected)
})

const breaks: [name: string, sql: string, repaired: ProjectionName[]][] = [
  [
    'an imported row',
    `DELETE FROM credit_transactions
     WHERE row_id IN (SELECT row_id FROM credit_transactions WHERE id GLOB 'imp:*' LIMIT 9)`,
    ['imports'],
  ],
  [
    'the ledger row of an imported row',
    `UPDATE import_rows SET transaction_id = 'other' WHERE position = 3`,
    ['imports'],
  ],
  ['a verdict', `UPDATE refund_cases SET reason = 'canceled'`, ['cases', 'facets']],
  ['a missing case', 'DELETE FROM refund_cases WHERE case_id % 2 = 1', ['cases', 'facets']],
  ['a link', `UPDATE credit_transactions SET case_id = NULL WHERE id = 'charge-8'`, ['cases', 'facets']],
  ['a dismissal without a mark', 'UPDATE refund_cases SET dismissed_at = 5 WHERE case_id % 2 = 0', ['cases']],
  ['a facet total', 'UPDATE case_facets SET charged = 1', ['facets', 'period_totals', 'facet_totals']],
  ['a row count', 'UPDATE ledger_facets SET rows = 1', ['facets', 'period_totals', 'facet_totals']],
  ['a day', 'DELETE FROM case_daily_totals', ['facets', 'period_totals', 'facet_totals']],
  [
    'a day of a facet that does not exist',
    `PRAGMA foreign_keys = OFF; INSERT INTO case_daily_totals VALUES (9999, 20481, 1, 5, 0); PRAGMA foreign_keys = ON`,
    ['facets', 'period_totals', 'facet_totals'],
  ],
  [
    'a quarter hour of an account that does not exist',
    `PRAGMA foreign_keys = OFF; INSERT INTO ledger_quarter_hours VALUES (9999, 1966176, '', 5, 0, 0); PRAGMA foreign_keys = ON`,
    ['facets', 'period_totals', 'facet_totals'],
  ],
  ['a quarter hour', 'UPDATE ledger_quarter_hours SET charged = charged + 1', ['period_totals']],
  ['a day of the ledger', 'UPDATE ledger_daily_totals SET amount = amount + 1', ['period_totals']],
  ['a day of jobs', 'UPDATE job_daily_totals SET lost = lost + 1', ['period_totals']],
  ['missing days of jobs', 'DELETE FROM job_daily_totals', ['period_totals']],
  ['a search entry', 'DELETE FROM job_search WHERE rowid IN (SELECT id FROM job_search_docsize LIMIT 5)', ['search']],
]

test.each(breaks)('rebuilds %s from the records with verify --repair', (_name, sql, projections) => {
  database.exec(sql)
  const checks = verifyStore(database, fileEnd)
  expect(checks.some((check) => check.broken > 0)).toBe(true)
  const repaired = repairStore(database, checks, fileEnd)
  expect(repaired).toEqual(expect.arrayContaining(projections))
  expect(broken()).toEqual([])
  expect(derivedData(database)).toEqual(expected)
})

test('reports a changed ledger row even with verify --repair', () => {
  database.exec(`UPDATE credit_transactions SET memo = 'changed' WHERE id = 'charge-8'`)
  expect(repairStore(database, verifyStore(database, fileEnd), fileEnd)).toEqual([])
  expect(broken().map(({ check }) => check)).toEqual(['row_hashes'])
})

test('restarts a rebuild if the projection is marked again during it', () => {
  markForRebuild(database, ['cases'])
  rebuildSlice(database, fileEnd)
  const position = pendingRebuild(database)?.position
  markForRebuild(database, ['cases'])
  expect(pendingRebuild(database)?.position).toBeGreaterThan(position ?? 0)
  rebuildAll(database, fileEnd)
  expect(derivedData(database)).toEqual(expected)
})

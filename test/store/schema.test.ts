import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstRowId } from '../../src/core/domain/ledger.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { type Changes, noChanges } from '../../src/core/store/changes.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { applyJobs } from '../../src/core/store/jobs/jobs.ts'
import { applyTransactions } from '../../src/core/store/ledger/credits.ts'
import { applyChanges } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { temporaryFolder } from '../support/core.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { shuffled } from '../support/random.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
let accountId: number
beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  database = store.writer as Writable
  accountId = saveAccount(database, makeAccount(), midnight).accountId
})
afterEach(() => {
  store.close()
  folder.remove()
})

const delivery = { listingEpoch: 1, listing: false }
/** Stores records and what follows from them. */
const project = (store: (changes: Changes) => void) =>
  database.transaction(() => {
    const changes = noChanges()
    store(changes)
    applyChanges(database, caseContext(database, accountId, midnight), changes)
  })()
const addJobs = (jobs: Job[]) => project((changes) => applyJobs(database, accountId, jobs, delivery, midnight, changes))
const addTransactions = (rows: CreditTransaction[]) =>
  project((changes) => applyTransactions(database, accountId, rows, delivery, changes))
const listed = (limit = 5_000) => listJobs(database, [accountId], {}, Number.MAX_SAFE_INTEGER, limit).rows

describe('amounts', () => {
  test.each([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0])('are stored exactly: %i', (amount) => {
    addTransactions([makeTransaction({ kind: 'adjustment', amount })])
    expect(database.prepare('SELECT amount FROM credit_transactions').pluck().get()).toBe(amount)
  })

  test.each([
    ['above the safe integers', 2 ** 53],
    ['a fraction', 1.5],
    ['text', 'ten'],
    ['null', null],
  ])('are refused by the table if they are %s', (_name, amount) => {
    addTransactions([makeTransaction()])
    const change = database.prepare('UPDATE credit_transactions SET amount = ?')
    expect(() => change.run(amount)).toThrow(/constraint|cannot store/)
    expect(database.prepare('SELECT amount FROM credit_transactions').pluck().get()).toBe(-10)
  })
})

test('compares ids byte by byte and accepts any id', () => {
  const ids = [
    'a',
    'A',
    ' a',
    'a ',
    '\u00e9',
    'e\u0301',
    "a'; DROP TABLE jobs; --",
    '__proto__',
    'a:b',
    '%',
    '한글',
    '\u0000',
    '🙂',
  ]
  expect(new Set(ids).size).toBe(ids.length)
  addJobs(ids.map((id) => makeJob({ id })))
  addTransactions(ids.map((id) => makeTransaction({ id, jobId: id })))
  expect(
    listed()
      .map((row) => row.jobId)
      .sort(),
  ).toEqual([...ids].sort())
  expect(listed().every((row) => row.charged === 10)).toBe(true)
  expect(brokenInvariants(database)).toEqual([])
})

describe('row ids', () => {
  test('are in the order of time, even if records arrive in another order', () => {
    const jobs = Array.from({ length: 300 }, (_, index) =>
      makeJob({ id: `job-${index}`, createdAt: midnight + index * minute }),
    )
    for (const job of shuffled(jobs, seededRandom(7))) addJobs([job])
    expect(listed().map((row) => row.jobId)).toEqual(jobs.map((job) => job.id).reverse())
    expect(brokenInvariants(database)).toEqual([])
  })

  test('continue into the next milliseconds if more than 1,024 records share a time', () => {
    const jobs = Array.from({ length: 2_500 }, (_, index) => makeJob({ id: `job-${index}` }))
    addJobs(jobs)
    addJobs([
      makeJob({ id: 'later', createdAt: midnight + minute }),
      makeJob({ id: 'earlier', createdAt: midnight - 1 }),
    ])
    const rows = listed()
    expect(rows).toHaveLength(2_502)
    expect(new Set(rows.map((row) => row.rowId)).size).toBe(2_502)
    expect(rows.at(0)?.jobId).toBe('later')
    expect(rows.at(-1)?.jobId).toBe('earlier')
  })

  test('stay exact up to the last time that is accepted', () => {
    const last = Date.UTC(2100, 0, 1) - 1
    expect(Number.isSafeInteger((firstRowId(last) + 1_023) * 2 + 1)).toBe(true)
  })

  test('change with a corrected job time, along with results, transactions, marks and search index', () => {
    addJobs([makeJob({ id: 'moved', prompt: '고양이', createdAt: midnight + minute }), makeJob({ id: 'other' })])
    addTransactions([
      makeTransaction({ id: 'charge', jobId: 'moved' }),
      makeTransaction({ id: 'refund', kind: 'refund', amount: 4, reverses: 'charge' }),
    ])
    database.prepare('UPDATE refund_cases SET dismissed_at = 1 WHERE charged = 10').run()
    addJobs([
      makeJob({
        id: 'moved',
        prompt: '고양이',
        createdAt: midnight - minute,
        revision: 2,
        results: [makeResult('one')],
      }),
    ])
    expect(listed().map((row) => row.jobId)).toEqual(['other', 'moved'])
    expect(listed().at(-1)).toMatchObject({ charged: 10, refunded: 4, resultCount: 1, createdAt: midnight - minute })
    expect(listJobs(database, [accountId], { text: '고양이' }, Number.MAX_SAFE_INTEGER, 5).rows).toHaveLength(1)
    expect(database.prepare('SELECT count(*) FROM refund_cases WHERE dismissed_at = 1').pluck().get()).toBe(1)
    expect(brokenInvariants(database)).toEqual([])
  })

  test('of a moved job are not given to another job of the same transaction, which would lose its charge', () => {
    const later = midnight + minute
    addJobs([makeJob({ id: 'moved', createdAt: later })])
    project((changes) => {
      for (const job of [
        makeJob({ id: 'moved', createdAt: midnight, revision: 2 }),
        makeJob({ id: 'new', createdAt: later }),
      ])
        applyJobs(database, accountId, [job], delivery, midnight, changes)
      applyTransactions(database, accountId, [makeTransaction({ id: 'charge', jobId: 'new' })], delivery, changes)
    })
    expect(listed().map(({ jobId, charged }) => ({ jobId, charged }))).toEqual([
      { jobId: 'new', charged: 10 },
      { jobId: 'moved', charged: 0 },
    ])
    expect(brokenInvariants(database)).toEqual([])
  })
})

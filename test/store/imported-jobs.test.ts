/** Jobs that an export of the app brings along: as if only the imports that count had ever been there. */
import { describe, expect, test } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import { createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { findCase, toCaseItem } from '../../src/core/store/cases/case-queries.ts'
import { readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { checkedJobs } from '../../src/core/store/imports/exported-jobs.ts'
import type { ImportedJob } from '../../src/core/store/imports/imported-jobs.ts'
import { toJobItems } from '../../src/core/store/jobs/job-items.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeImportedJob, makeTable } from '../support/imports.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'
import { derivedData } from './projection-file.ts'

const now = midnight + 30 * 86_400_000
const timeOf = (slot: number) => midnight + slot * 7 * minute

let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

const broken = (file: Readable = database) => verifyStore(file, now).filter((check) => check.broken > 0)
const jobsOf = (accountId: number, text?: string) =>
  toJobItems(database, listJobs(database, [accountId], text ? { text } : {}, aboveAllIds, 100).rows)
const charge = (jobId: string, at = midnight) =>
  makeImported({ id: `charge-${jobId}`, jobId, agent: 'agent-1', occurredAt: at, precision: 'second' })
const caseOf = (accountId: number, jobId: string) =>
  toCaseItem(database, findCase(database, accountId, `job:agent-1:${jobId}`))

/** The jobs of an export by their slots, each with a charge, which may have come back. */
const exported = fc.array(
  fc.record({
    slot: fc.nat(4),
    revision: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom('succeeded', 'failed', 'running'),
    isRefunded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
)
type Exported = typeof exported extends fc.Arbitrary<infer T> ? T : never

function tableOf(jobs: Exported) {
  const bySlot = [...new Map(jobs.map((job) => [job.slot, job])).values()]
  const rows = bySlot.flatMap(({ slot, isRefunded }) => [
    charge(`job-${slot}`, timeOf(slot)),
    ...(isRefunded
      ? [
          makeImported({
            id: `refund-${slot}`,
            amount: 33,
            reverses: `charge-job-${slot}`,
            occurredAt: timeOf(slot) + minute,
          }),
        ]
      : []),
  ])
  const whole = bySlot.map(({ slot, revision, status }) =>
    makeImportedJob({ id: `job-${slot}`, createdAt: timeOf(slot), revision, status, prompt: `${status} ${revision}` }),
  )
  return makeTable(rows, { jobs: whole })
}

function list(file: Writable, accountId: number, slots: readonly number[]): void {
  const jobs = slots.map((slot) => makeJob({ id: `job-${slot}`, createdAt: timeOf(slot), prompt: `listed ${slot}` }))
  const rows = slots.map((slot) =>
    makeTransaction({ id: `charge-job-${slot}`, jobId: `job-${slot}`, amount: -33, occurredAt: timeOf(slot) }),
  )
  for (const [source, items] of [
    [agent1, jobs],
    [agent2, []],
    [credits, rows],
  ] as const) {
    applyListingPage(file, accountId, source, listingPage<{ id: string }>([...items]), now)
    applyChangesPage(file, accountId, source, changesPage<{ id: string }>([], { requestedAt: now }), now)
  }
}

function newFile(isService: boolean) {
  const { path, remove } = temporaryFolder()
  const file = openStore(path)
  const accountId = isService
    ? saveAccount(file.writer, makeAccount(), now).accountId
    : createImportedAccount(file.writer, now)
  return {
    file: file.writer,
    accountId,
    close: () => {
      file.close()
      remove()
    },
  }
}

test('leaves everything as if only the imports that are not undone had been imported, before or after a sync', () => {
  fc.assert(
    fc.property(
      fc.array(exported, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(3), { maxLength: 8 }),
      fc.option(fc.record({ slots: fc.uniqueArray(fc.nat(4), { maxLength: 3 }), after: fc.nat(8) })),
      (drawn, toggles, listed) => {
        const { file, accountId, close } = newFile(listed !== null)
        const known = newFile(listed !== null)
        const batches = drawn.map((jobs) => addTable(file, accountId, tableOf(jobs), now).batchId)
        const undone = new Set<number>()
        for (const [step, toggle] of toggles.entries()) {
          if (listed?.after === step) list(file, accountId, listed.slots)
          const index = toggle % batches.length
          const isUndone = undone.delete(index)
          if (!isUndone) undone.add(index)
          const change = isUndone ? redoBatch : undoBatch
          change(file, batches[index] as number, now)
        }
        if (listed) {
          if (listed.after >= toggles.length) list(file, accountId, listed.slots)
          list(known.file, known.accountId, listed.slots)
        }
        for (const [index, jobs] of drawn.entries()) {
          if (!undone.has(index)) addTable(known.file, known.accountId, tableOf(jobs), now)
        }
        expect(derivedData(file)).toEqual(derivedData(known.file))
        expect(broken(file)).toEqual([])
        close()
        known.close()
      },
    ),
    { numRuns: 40 },
  )
}, 180_000)

test('brings jobs back with their results and their charges, found by their prompts, but without addresses', () => {
  const account = createImportedAccount(database, now)
  const job = makeImportedJob({ id: 'a', prompt: '벚꽃 길', chatTitle: '봄' })
  addTable(database, account, makeTable([charge('a')], { jobs: [job] }), now)
  expect(jobsOf(account, 'ㅂㄲ')).toMatchObject([
    {
      jobId: 'a',
      chatTitle: '봄',
      outcome: 'succeeded',
      refundStatus: 'completed',
      charged: 33,
      fileName: null,
      results: [{ id: 'result-1', mimeType: 'image/png' }],
    },
  ])
  expect(database.prepare('SELECT url FROM results').pluck().all()).toEqual([null])
})

test('takes a job of several exports from the one with the highest revision', () => {
  const account = createImportedAccount(database, now)
  const importRevision = (revision: number) =>
    addTable(
      database,
      account,
      makeTable([charge('a')], { jobs: [makeImportedJob({ id: 'a', revision, prompt: `revision ${revision}` })] }),
      now,
    ).batchId
  const newest = importRevision(10)
  importRevision(9)
  expect(jobsOf(account)).toMatchObject([{ prompt: 'revision 10' }])
  undoBatch(database, newest, now)
  expect(jobsOf(account)).toMatchObject([{ prompt: 'revision 9' }])
})

test('calls no refund of an imported job missing, and says why', () => {
  const account = createImportedAccount(database, now)
  const failure = { code: 'server_error', origin: 'system', message: null }
  const job = makeImportedJob({ id: 'a', status: 'failed', failure, results: [], finishedAt: midnight })
  const refund = makeImported({ id: 'other', amount: 5, occurredAt: now - minute })
  addTable(database, account, makeTable([charge('a'), refund], { jobs: [job] }), now)
  expect(caseOf(account, 'a')).toMatchObject({ refundStatus: 'cannot_tell', lacking: ['exported_job'] })
})

describe('a job that the service lists', () => {
  test('takes the place of the imported one, and keeps its marks', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    const imported = makeImportedJob({ id: 'job-1', createdAt: timeOf(1), revision: 9, prompt: 'old' })
    addTable(database, accountId, makeTable([charge('job-1', timeOf(1))], { jobs: [imported] }), now)
    const { caseId } = findCase(database, accountId, 'job:agent-1:job-1')
    const marks = { ...readMarks(database, accountId, 'job:agent-1:job-1'), dismissedAt: now }
    saveMarks(database, accountId, { caseId, caseName: 'job:agent-1:job-1' }, marks, now)
    list(database, accountId, [1])
    expect(jobsOf(accountId)).toMatchObject([{ jobId: 'job-1', prompt: 'listed 1' }])
    expect(caseOf(accountId, 'job-1')).toMatchObject({ dismissedAt: now, charged: 33 })
    expect(broken()).toEqual([])
  })

  test('stays when the import is undone, and is not removed when a page deletes only an imported one', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    const jobs = ['job-1', 'job-2'].map((id, index) => makeImportedJob({ id, createdAt: timeOf(index + 1) }))
    const { batchId } = addTable(database, accountId, makeTable([charge('job-1', timeOf(1))], { jobs }), now)
    list(database, accountId, [1])
    const deleted = { id: 'job-2', agent: 'agent-1' as const, revision: 5, deleted: true as const }
    applyChangesPage(database, accountId, agent1, changesPage<{ id: string }>([deleted], { requestedAt: now }), now)
    expect(jobsOf(accountId)).toMatchObject([{ jobId: 'job-2', removedAt: null }, { jobId: 'job-1' }])
    undoBatch(database, batchId, now)
    expect(jobsOf(accountId)).toMatchObject([{ jobId: 'job-1' }])
    expect(broken()).toEqual([])
  })
})

test('checks each record of an export: what is no job is counted, and jobs of folders are left to their folder', () => {
  const record = { ...makeJob(), jobId: 'a', createdAt: '2026-01-28T05:21:33.120Z', results: [makeResult('r')] }
  const read = checkedJobs([
    record,
    { ...record, agent: 'agent-2' },
    { ...record, jobId: 'b', createdAt: 'yesterday' },
    { ...record, jobId: 'c', results: [{ id: 'r' }] },
    { ...record, jobId: 'file:abc', chatId: null },
  ])
  expect(read.jobs.map(({ agent, id }: ImportedJob) => [agent, id])).toEqual([
    ['agent-1', 'a'],
    ['agent-2', 'a'],
  ])
  expect(read.jobs[0]?.results).toEqual([expect.not.objectContaining({ url: expect.anything() })])
  expect(read.refused).toBe(2)
})

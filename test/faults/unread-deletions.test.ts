/** Jobs that were made and deleted while the app was closed: the change feed tells only that they are gone (rule R23). */
import { expect, test } from 'vitest'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { Agent } from '../../src/shared/values.ts'
import { failure, type LoggedRequest, type Page } from '../support/fake-service.ts'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, row, syncedCase } = withHistory({ maxPage: 2 })
const possible = { refundStatus: 'needs_review', reason: 'possible_deletion' }
const missing = { refundStatus: 'result_missing', reason: 'no_job' }
const ask = (name: string) => bench.ask('refunds.get', { case: name })
const hour = 60

/** Reads an account for the first time at noon, and comes back at ten in the evening. */
async function closeForTenHours(): Promise<void> {
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  await bench.sync()
  bench.clock.time = Date.parse(at(22 * hour))
}

/** A job that came at 15:00 and went unread. */
function deleteUnread(id: string, agent: Agent = 'agent-1'): void {
  job(id, { agent, createdAt: at(15 * hour), finishedAt: at(15 * hour + 1), results: results(1) })
  bench.fake.deleteJob(id)
  const ofAgent = ({ path, query }: LoggedRequest) => path === '/v1/jobs/changes' && query.agent === agent
  const isGone = (item: Record<string, unknown>) => item.id !== id || item.deleted === true
  bench.fake.fault(ofAgent, { body: (page: Page) => ({ ...page, items: page.items.filter(isGone) }) })
}

test('does not call a charge lost that names no job if a job of its time was deleted unread', async () => {
  await closeForTenHours()
  row('charge', -33, { occurredAt: at(15 * hour) })
  deleteUnread('a')
  const found = await syncedCase('charge:charge')
  expect(found).toMatchObject({ ...possible, outstanding: 33 })
  expect(found.evidence.map(({ claim }) => claim)).toEqual([
    'no_job_record',
    'no_job_record',
    'possible_deletion',
    'charged',
    'no_refund',
  ])
  await bench.restart()
  expect(await syncedCase('charge:charge')).toMatchObject(possible)
})

test('still calls charges lost that cannot be for a deleted job', async () => {
  row('before', -33, { occurredAt: at(5 * hour) })
  await closeForTenHours()
  row('named', -33, { occurredAt: at(15 * hour), jobId: 'b' })
  row('other', -33, { occurredAt: at(15 * hour), agent: 'agent-2' })
  row('own', -33, { occurredAt: at(15 * hour), agent: 'agent-1' })
  deleteUnread('a')
  expect(await syncedCase('charge:own')).toMatchObject(possible)
  for (const id of ['before', 'named', 'other']) expect(await ask(`charge:${id}`)).toMatchObject(missing)
  bench.clock.time += 2 * 86_400_000
  row('after', -33, { occurredAt: at(30 * hour) })
  expect(await syncedCase('charge:after')).toMatchObject(missing)
})

test('decides a charge when the deletion is told after an interrupted sync', async () => {
  await closeForTenHours()
  row('charge', -33, { occurredAt: at(15 * hour) })
  bench.fake.fault('/v1/jobs/changes', { status: 503, body: '' }, 50)
  await bench.sync()
  expect(await ask('charge:charge')).toMatchObject({ refundStatus: 'cannot_tell', reason: 'no_job' })
  bench.fake.clearFaults()
  deleteUnread('a')
  expect(await syncedCase('charge:charge')).toMatchObject(possible)
})

test('decides a charge at once when the deletion comes, before the next page', async () => {
  await closeForTenHours()
  row('charge', -33, { occurredAt: at(15 * hour) })
  bench.fake.fault('/v1/jobs/changes', failure(403, 'forbidden'), 50)
  await bench.sync()
  expect(await ask('charge:charge')).toMatchObject({ refundStatus: 'cannot_tell', reason: 'no_job' })
  bench.fake.clearFaults()
  deleteUnread('a')
  job('b', { createdAt: at(21 * hour) })
  bench.fake.fault('/v1/jobs/changes', failure(403, 'forbidden'), 50)
  await bench.sync()
  expect(verifyStore(bench.database, bench.clock.now()).filter(({ broken }) => broken > 0)).toEqual([])
  expect(await ask('charge:charge')).toMatchObject(possible)
})

test('says nothing of a job that was deleted during the first reading: it may be of any time', async () => {
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  row('charge', -33)
  const listing = bench.fake.hold('/v1/jobs', 2)
  const sync = bench.sync()
  await listing.asked
  deleteUnread('a')
  listing.release()
  await sync
  expect(await syncedCase('charge:charge')).toMatchObject(missing)
})

test('knows the job again if an older copy of it arrives', async () => {
  await closeForTenHours()
  row('charge', -33, { occurredAt: at(18 * hour) })
  row('own', -33, { occurredAt: at(15 * hour) })
  deleteUnread('a')
  expect(await syncedCase('charge:charge')).toMatchObject(possible)
  const copy = job('a', { createdAt: at(15 * hour), finishedAt: at(15 * hour + 1), results: results(1) })
  expect(copy.revision).toBe(1)
  expect(await syncedCase('charge:charge')).toMatchObject(missing)
  expect(await ask('charge:own')).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_job' })
})

test('gives way to a refund that may be for the charge', async () => {
  await closeForTenHours()
  row('charge', -33, { occurredAt: at(15 * hour) })
  deleteUnread('a')
  expect(await syncedCase('charge:charge')).toMatchObject(possible)
  row('part', 13, { kind: 'refund_v2', occurredAt: at(16 * hour) })
  row('rest', 20, { kind: 'refund_v2', occurredAt: at(16 * hour) })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_refund' })
})

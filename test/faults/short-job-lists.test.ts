/** Services list only their newest jobs: what is older than the oldest listed job proves nothing about a charge. */
import { expect, test } from 'vitest'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, failed, row, syncedCase } = withHistory()
const day = 1_440
const missing = { refundStatus: 'result_missing', reason: 'no_job' }
const unproven = { refundStatus: 'cannot_tell', reason: 'no_job' }

/** Charges on days before the first listed job, which is on the tenth day. */
function oldCharges(count: number, more: (index: number) => object = (index) => ({ jobId: `old-${index}` })): void {
  bench.clock.time += 20 * day * 60_000
  for (let index = 0; index < count; index++)
    row(`charge-${index}`, -33, { occurredAt: at(index * day), ...more(index) })
  job('new', { createdAt: at(10 * day), finishedAt: at(10 * day + 1) })
  row('charge-new', -33, { jobId: 'new', occurredAt: at(10 * day) })
}

test.each([
  ['name jobs that are not listed', (index: number) => ({ jobId: `old-${index}` })],
  ['name no job', () => ({})],
  ['name the agent', () => ({ agent: 'agent-1' })],
])('calls no job missing that may be older than the job list, if three charges are: they %s', async (_, more) => {
  oldCharges(3, more)
  const found = await syncedCase('charge:charge-0')
  expect(found).toMatchObject({ ...unproven, jobsListedFrom: Date.parse(at(10 * day)) })
  expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'jobs_begin', at: Date.parse(at(10 * day)) }))
  expect(await bench.ask('refunds.get', { case: 'charge:charge-2' })).toMatchObject(unproven)
})

test.each([
  ['two charges are older', 2, {}],
  ['the charges name the agent without a list', 3, { agent: 'agent-2' }],
] as const)('calls a job missing if only %s', async (_, count, more) => {
  oldCharges(count, (index) => ({ jobId: `old-${index}`, ...more }))
  expect(await syncedCase('charge:charge-0')).toMatchObject(missing)
})

test('calls a job missing that is younger than the oldest listed job', async () => {
  oldCharges(3)
  row('late', -33, { jobId: 'lost', occurredAt: at(11 * day) })
  expect(await syncedCase('charge:late')).toMatchObject(missing)
})

test('decides all old charges again with the third, and with an older job', async () => {
  oldCharges(2)
  expect(await syncedCase('charge:charge-0')).toMatchObject(missing)
  row('third', -33, { jobId: 'x', occurredAt: at(5 * day) })
  expect(await syncedCase('charge:charge-0')).toMatchObject(unproven)
  job('oldest', { createdAt: at(-day), finishedAt: at(-day + 1) })
  expect(await syncedCase('charge:charge-0')).toMatchObject(missing)
})

test.each([2, 3])('calls none of %i old charges missing once an older job changes', async (count) => {
  oldCharges(count)
  expect(await syncedCase('charge:charge-0')).toMatchObject(count < 3 ? missing : unproven)
  job('oldest', { createdAt: at(-day), finishedAt: at(-day + 1), revision: 2 })
  const jobsListedFrom = Date.parse(at(10 * day))
  expect(await syncedCase('charge:charge-0')).toMatchObject({ ...unproven, jobsListedFrom })
  // A change of a job that was listed shows nothing.
  job('new', { createdAt: at(10 * day), finishedAt: at(10 * day + 1), revision: 2, prompt: 'other' })
  row('late', -33, { jobId: 'lost', occurredAt: at(11 * day) })
  expect(await syncedCase('charge:late')).toMatchObject(missing)
})

test('keeps what a list had proven before it was shortened', async () => {
  bench.clock.time += 20 * day * 60_000
  job('old', { status: 'running', results: [], finishedAt: null })
  failed('old-failed')
  row('charge-failed', -33, { jobId: 'old-failed' })
  row('charge-old', -33, { jobId: 'old' })
  for (const index of [0, 1, 2]) row(`charge-${index}`, -33, { jobId: `lost-${index}`, occurredAt: at(11 + index) })
  for (const index of [1, 2, 3, 4]) job(`new-${index}`, { createdAt: at(index * day), results: results(1) })
  const statuses = async () => {
    const names = ['job:agent-1:old', 'job:agent-1:old-failed', 'charge:charge-0']
    const found = await Promise.all(names.map((name) => bench.ask('refunds.get', { case: name })))
    return found.map(({ refundStatus, reason }) => `${refundStatus} ${reason}`)
  }
  await syncedCase('job:agent-1:old')
  const proven = await statuses()
  expect(proven).toEqual(['result_missing stuck', 'refund_missing system_failure', 'result_missing no_job'])
  bench.fake.jobs.delete('old')
  bench.fake.jobs.delete('old-failed')
  bench.fake.trimLog()
  await syncedCase('job:agent-1:old')
  expect(await statuses()).toEqual(proven)
})

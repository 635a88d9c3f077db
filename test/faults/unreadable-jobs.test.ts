/** Records of jobs that cannot be read: nothing is missing that such a record may hold. */
import { expect, test } from 'vitest'
import type { Page } from '../support/fake-service.ts'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, row, syncedCase } = withHistory()

/** Breaks the job in every page until the faults are cleared. */
function breakJob(id: string, patch: object): void {
  const body = (page: Page) => ({
    ...page,
    items: page.items.map((item) => (item.id === id ? { ...item, ...patch } : item)),
  })
  bench.fake.fault(/^\/v1\/jobs(\/changes)?$/, { body }, Number.POSITIVE_INFINITY)
}

/** The job comes again in a form that can be read. */
function mendJob(id: string): void {
  bench.fake.clearFaults()
  bench.fake.reviseJob(id, {})
}

const isDoubted = { refundStatus: 'cannot_tell', unread: ['jobs:agent-1'], unreadable: ['jobs:agent-1'] }

test.each([
  ['its job and agent', { jobId: 'a', agent: 'agent-1' }],
  ['its job', { jobId: 'a' }],
  ['no job', {}],
] as const)(
  'does not say that there is no job for a charge that names %s while the job cannot be read',
  async (_, more) => {
    job('a')
    row('charge', -33, more)
    breakJob('a', { prompt: 7 })
    const found = await syncedCase('charge:charge')
    expect(found).toMatchObject({ ...isDoubted, reason: 'no_job' })
    expect(found.evidence.map(({ claim }) => claim)).toContain('job_unreadable')
    mendJob('a')
    await bench.sync()
    const name = 'jobId' in more ? 'job:agent-1:a' : 'charge:charge'
    expect(await syncedCase(name)).toMatchObject({ reason: 'jobId' in more ? 'delivered' : 'possible_job' })
  },
)

test.each([
  ['that a job never finished', { status: 'running', finishedAt: null }, 'stuck'],
  ['that a job has no result', { status: 'succeeded' }, 'no_result'],
] as const)('does not say %s while its newest revision cannot be read', async (_, more, reason) => {
  job('a', { results: [], ...more })
  row('charge', -33, { jobId: 'a' })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'result_missing', reason })
  breakJob('a', { prompt: 7 })
  bench.fake.reviseJob('a', { status: 'succeeded', finishedAt: at(12), results: results(1) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ ...isDoubted, reason })
  mendJob('a')
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'completed', unreadable: [] })
})

test('says that there is no job although another job cannot be read', async () => {
  job('other')
  row('charge', -33, { jobId: 'a' })
  breakJob('other', { prompt: 7 })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
})

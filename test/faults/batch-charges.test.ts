/** One charge for several jobs: what the refunds of the jobs, of the charge, and a second charge mean for it. */
import { beforeEach, expect, test } from 'vitest'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, failed, row, syncedCase } = withHistory()
const failedJobs = [0, 1, 2, 3]

/** Ten jobs of one chat; the first four failed. */
beforeEach(() => {
  for (let number = 0; number < 10; number++) {
    const more = { chatId: 'chat', createdAt: at(10 + number / 20), finishedAt: at(11) }
    if (failedJobs.includes(number)) failed(`job-${number}`, more)
    else job(`job-${number}`, more)
  }
})

const charge = (more: Parameters<typeof row>[2] = {}) => row('charge', -330, { jobId: 'batch-77', ...more })
const statusOf = async (name: string) => (await bench.ask('refunds.get', { case: name })).refundStatus

test('calls the share of the failed jobs refunded for a charge for a batch', async () => {
  charge()
  row('refund', 132, { reverses: 'charge', occurredAt: at(12) })
  const found = await syncedCase('charge:charge')
  expect(found).toMatchObject({ refundStatus: 'partially_refunded', reason: 'share_refunded' })
  expect(found.possible.jobs).toHaveLength(10)
  expect(await bench.ask('refunds.counts', {})).toMatchObject({ attention: 0 })
})

/** Refunds of the failed jobs, each of which names its job. */
const refundMembers = (more: Parameters<typeof row>[2] = {}) => {
  for (const number of failedJobs) row(`back-${number}`, 33, { jobId: `job-${number}`, occurredAt: at(12), ...more })
}

test.each([
  ['refunds', {}],
  ['refunds that name the agent', { agent: 'agent-1' }],
  ['grants', { kind: 'grant', source: 'promotion', feature: undefined }],
  ['adjustments', { kind: 'adjustment', feature: undefined }],
] as const)('counts %s that name the jobs of a batch in the charge for them', async (_, more) => {
  charge()
  refundMembers(more)
  const found = await syncedCase('charge:charge')
  expect(found).toMatchObject({ refundStatus: 'partially_refunded', reason: 'share_refunded', outstanding: 198 })
  for (const number of failedJobs) expect(await statusOf(`job:agent-1:job-${number}`)).toBe('not_charged')
  expect(await bench.ask('refunds.counts', {})).toMatchObject({ attention: 0 })
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

test('moves refunds of the jobs of a batch to their charge when it arrives after them, and back when it goes', async () => {
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  refundMembers()
  expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ reason: 'over_refunded' })
  charge()
  expect(await syncedCase('charge:charge')).toMatchObject({ reason: 'share_refunded' })
  expect(await statusOf('job:agent-1:job-0')).toBe('not_charged')
  bench.fake.transactions.delete('charge')
  bench.fake.trimLog()
  expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ reason: 'over_refunded', refunded: 33 })
})

test('moves a refund of a job of a batch back when the job is charged itself', async () => {
  charge()
  refundMembers()
  expect(await syncedCase('charge:charge')).toMatchObject({ reason: 'share_refunded' })
  row('own', -33, { jobId: 'job-0', occurredAt: at(11) })
  expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ refundStatus: 'refunded', charged: 33, refunded: 33 })
  expect(await bench.ask('refunds.get', { case: 'charge:charge' })).toMatchObject({ refunded: 99 })
})

test('leaves a refund with its job if different charges may have paid for it', async () => {
  charge()
  row('other', -330, { occurredAt: at(10.5) })
  refundMembers()
  expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ refundStatus: 'needs_review', refunded: 33 })
})

test('moves refunds to the charge of their batch once a nearer job explains the other charge', async () => {
  charge()
  row('other', -330, { occurredAt: at(11.9) })
  refundMembers()
  expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ refunded: 33 })
  job('nearer', { chatId: 'other', createdAt: at(11.95), finishedAt: at(12) })
  expect(await syncedCase('charge:charge')).toMatchObject({ reason: 'share_refunded' })
  expect(await statusOf('job:agent-1:job-0')).toBe('not_charged')
})

test.each([
  ['a minute', 11.5],
  ['minutes', 13],
  ['hours', 600],
])('does not call a batch missing that was charged again %s later', async (_, minutes) => {
  row('newest', -1, { occurredAt: at(715), feature: 'chat' })
  charge()
  refundMembers()
  row('again', -330, { jobId: 'batch-77', occurredAt: at(minutes) })
  const again = await syncedCase('charge:again')
  expect(again).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_job' })
  expect(again.possible.jobs).toHaveLength(10)
  expect(await bench.ask('refunds.get', { case: 'charge:charge' })).toMatchObject({ reason: 'share_refunded' })
  const doubled = { kind: 'double_charge', amount: 330, transactionIds: ['charge', 'again'] }
  expect(await bench.ask('credits.findings', { days: 30 })).toMatchObject([doubled])
})

test('decides a second charge for a batch again when the first arrives, and when its jobs do', async () => {
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  row('again', -330, { jobId: 'batch-77', occurredAt: at(200) })
  expect(await syncedCase('charge:again')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
  charge({ occurredAt: at(100) })
  expect(await syncedCase('charge:again')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
  job('late', { chatId: 'late', createdAt: at(100), finishedAt: at(101), results: results(1) })
  expect(await syncedCase('charge:again')).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_job' })
})

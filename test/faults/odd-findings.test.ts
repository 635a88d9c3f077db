/** Findings in odd histories: charges and refunds that came again. */
import { expect, test } from 'vitest'
import { at, withHistory } from '../support/odd-history.ts'

const { bench, job, failed, row, syncedCase } = withHistory()

test('does not call charges repeated that came back', async () => {
  for (const id of ['a', 'b', 'c']) {
    job(id, { prompt: '비 오는 서울', chatId: 'chat' })
    row(`charge-${id}`, -33, { jobId: id })
  }
  row('back', 33, { reverses: 'charge-b', occurredAt: at(12) })
  await syncedCase('job:agent-1:a')
  const doubled = { kind: 'double_charge', amount: 33, transactionIds: ['charge-a', 'charge-c'] }
  expect(await bench.ask('credits.findings', { days: 30 })).toMatchObject([doubled])
  row('again', 33, { reverses: 'charge-a', occurredAt: at(13) })
  await syncedCase('job:agent-1:a')
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

test('finds charges for one job of which we have no record, but not one charge for each job of a batch', async () => {
  for (const [id, minutes] of [
    ['once', 10],
    ['again', 75],
    ['later', 300],
  ] as const)
    row(id, -50, { jobId: 'batch-1', occurredAt: at(minutes) })
  for (let number = 0; number < 3; number++) {
    job(`job-${number}`, { kind: 'image', chatId: 'chat' })
    row(`each-${number}`, -20, { feature: 'image', jobId: 'batch-2', occurredAt: at(10 + number / 10) })
  }
  await syncedCase('charge:once')
  const doubled = { kind: 'double_charge', amount: 100, transactionIds: ['once', 'again', 'later'] }
  expect(await bench.ask('credits.findings', { days: 30 })).toMatchObject([doubled])
})

test('finds nothing odd in a refund that was taken back and given again', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { reverses: 'charge', occurredAt: at(12) })
  row('taken', -33, { kind: 'adjustment', jobId: 'a', feature: undefined, occurredAt: at(13) })
  row('again', 33, { reverses: 'charge', occurredAt: at(14) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refunded', charged: 33, refunded: 33 })
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

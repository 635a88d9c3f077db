/** Findings in odd histories: charges and refunds that came again. */
import { describe, expect, test } from 'vitest'
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

describe('charges that name no job', () => {
  const findings = async () => {
    await syncedCase('charge:1')
    return await bench.ask('credits.findings', { days: 30 })
  }
  const chargedAt = (seconds: readonly number[], more: Parameters<typeof row>[2] = {}) => {
    for (const [index, after] of seconds.entries()) {
      row(`${index + 1}`, -33, { occurredAt: at(10 + after / 60), ...more })
    }
  }

  test('are found if they came again after time-outs and no job accounts for them', async () => {
    chargedAt([0, 61.2, 123.3, 187.4])
    row('other work', -33, { feature: 'image', occurredAt: at(11) })
    row('chat', -33, { feature: 'chat', occurredAt: at(11.5) })
    const doubled = { kind: 'double_charge', amount: 99, transactionIds: ['1', '2', '3', '4'], prompt: null }
    expect(await findings()).toMatchObject([doubled])
  })

  test('are found with the try that came through', async () => {
    job('a', { createdAt: at(12), finishedAt: at(13) })
    chargedAt([0, 61.2])
    row('3', -33, { jobId: 'a', occurredAt: at(12.1) })
    row('later', -33, { jobId: 'b', occurredAt: at(13.1) })
    job('b', { createdAt: at(13.1), finishedAt: at(14) })
    expect(await findings()).toMatchObject([{ amount: 66, transactionIds: ['1', '2', '3'] }])
  })

  test.each([
    ['each has a job near it', [0, 61.2], { jobs: 2 }],
    ['they are too far apart for a retry', [0, 82], {}],
    ['they came at once', [0, 20], {}],
    ['they were for different models', [0, 61.2], { models: ['Kling', 'Veo'] }],
    ['all but one came back', [0, 61.2, 123], { refunds: ['1', '2'] }],
  ])(
    'are no finding if %s',
    async (_, seconds, {
      jobs = 0,
      models = [],
      refunds = [],
    }: {
      jobs?: number
      models?: string[]
      refunds?: string[]
    }) => {
      for (let index = 0; index < jobs; index++) job(`${index}`, { createdAt: at(10 + index), chatId: `chat ${index}` })
      for (const [index, after] of seconds.entries()) {
        row(`${index + 1}`, -33, { model: models[index] ?? null, occurredAt: at(10 + after / 60) })
      }
      for (const id of refunds) row(`back ${id}`, 33, { reverses: id, occurredAt: at(14) })
      expect(await findings()).toEqual([])
    },
  )
})

/** Jobs that were tried again, and jobs of which a share was delivered: what the case says. */
import { expect, test } from 'vitest'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, row, syncedCase } = withHistory()

test('gives a retried job one price if its first try came back', async () => {
  job('a')
  row('first', -33, { jobId: 'a' })
  row('back', 33, { jobId: 'a', occurredAt: at(11) })
  row('second', -33, { jobId: 'a', occurredAt: at(12) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'completed', reason: 'delivered', charged: 66, refunded: 33 })
  expect(found.evidence.map(({ claim }) => claim)).toContain('tries_refunded')
})

test('gives a retried job one price if its first try came back in parts', async () => {
  job('a', { requestedResults: 4, results: results(2) })
  row('first', -40, { jobId: 'a' })
  row('part', 25, { jobId: 'a', occurredAt: at(11) })
  row('rest', 15, { jobId: 'a', kind: 'grant', feature: undefined, occurredAt: at(12) })
  row('second', -40, { jobId: 'a', occurredAt: at(13) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'partly_delivered', outstanding: 40 })
  row('share', 20, { jobId: 'a', occurredAt: at(14) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'share_refunded', outstanding: 20 })
})

test('does not count credits that were taken again later as an earlier try', async () => {
  job('a')
  row('first', -40, { jobId: 'a' })
  row('back', 40, { jobId: 'a', occurredAt: at(11) })
  row('second', -40, { jobId: 'a', occurredAt: at(12) })
  row('taken', -30, { kind: 'adjustment', jobId: 'a', feature: undefined, occurredAt: at(13) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'part_refunded', charged: 80, refunded: 10 })
})

test('waits for the result of another try from its charge on', async () => {
  const now = bench.clock.now()
  job('a', { status: 'running', results: [], finishedAt: null })
  row('first', -33, { jobId: 'a' })
  row('back', 33, { jobId: 'a', occurredAt: at(11) })
  row('second', -33, { jobId: 'a', occurredAt: new Date(now - 60_000).toISOString() })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'in_progress', since: now - 60_000 })
})

test('calls the share of missing results refunded if it is rounded to whole credits', async () => {
  job('a', { status: 'canceled', requestedResults: 7, results: results(3) })
  row('charge', -50, { jobId: 'a' })
  row('back', 29, { reverses: 'charge', occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'share_refunded', outstanding: 21 })
})

test('calls the charges of single results refunded if those of the missing results came back', async () => {
  job('a', { requestedResults: 4, results: results(2) })
  for (let number = 0; number < 4; number++) row(`charge-${number}`, -33, { jobId: 'a' })
  row('back-0', 33, { reverses: 'charge-0', occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'partly_delivered', outstanding: 99 })
  row('back-1', 33, { reverses: 'charge-1', occurredAt: at(13) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'partially_refunded', reason: 'share_refunded', outstanding: 66 })
  expect(found.evidence.map(({ claim }) => claim)).not.toContain('tries_refunded')
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

test('calls a refunded job with a result refunded, and shows the result', async () => {
  job('a')
  row('first', -33, { jobId: 'a' })
  row('back', 33, { jobId: 'a', occurredAt: at(11) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'refunded', reason: 'refund_posted' })
  expect(found.evidence.map(({ claim }) => claim)).toContain('results')
})

test('calls the share of the missing results of a canceled job refunded', async () => {
  job('a', { status: 'canceled', requestedResults: 10, results: results(3) })
  row('charge', -100, { jobId: 'a' })
  row('back', 70, { reverses: 'charge', occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({
    refundStatus: 'partially_refunded',
    reason: 'share_refunded',
  })
})

test('asks for a look at two of four results at the full price, until their share comes back', async () => {
  job('a', { requestedResults: 4, results: results(2) })
  row('charge', -132, { jobId: 'a' })
  const short = await syncedCase('job:agent-1:a')
  expect(short).toMatchObject({ refundStatus: 'needs_review', reason: 'partly_delivered', outstanding: 132 })
  expect(short.evidence).toContainEqual(expect.objectContaining({ claim: 'results_short', amount: 2, detail: '4' }))
  row('back', 66, { jobId: 'a', occurredAt: at(20) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'share_refunded' })
})

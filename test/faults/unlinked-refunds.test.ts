/** Credits that came in and count in no case, because their row says too little or too much: they disprove "missing". */
import { describe, expect, test } from 'vitest'
import { at, results, withHistory } from '../support/odd-history.ts'

const { bench, job, failed, row, syncedCase } = withHistory()

const possible = { refundStatus: 'needs_review', reason: 'possible_refund' }
const missing = { refundStatus: 'refund_missing', reason: 'system_failure' }
const day = 1_440

describe('a row of a kind that this version does not know', () => {
  test.each([
    ['refund_v2', { jobId: 'a' }],
    ['reversal', { reverses: 'charge' }],
    ['compensation', { jobId: 'a', agent: 'agent-1', reverses: 'charge' }],
    ['Refund', { jobId: 'a' }],
    ['REFUND ', { reverses: 'charge' }],
  ] as const)('“%s” may be the refund that it names, and counts as no money', async (kind, names) => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('back', 20, { kind, feature: 'credit_return', source: 'vault', occurredAt: at(12), ...names })
    const found = await syncedCase('job:agent-1:a')
    expect(found).toMatchObject({ ...possible, charged: 33, refunded: 0, outstanding: 33 })
    expect(found.possible.refunds.map(({ id }) => id)).toEqual(['back'])
    expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'possible_refund_as', detail: kind }))
  })

  test.each([
    ['names nothing', {}],
    ['names nothing we have', { jobId: 'a-2', reverses: 'charge-2' }],
  ])('may be the refund if its amount fits and it %s', async (_, names) => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('back', 33, { kind: 'compensation', occurredAt: at(12), ...names })
    expect(await syncedCase('job:agent-1:a')).toMatchObject({ ...possible, outstanding: 33 })
  })

  test('may be the refund of the charge without a job that it names', async () => {
    row('charge', -33, { jobId: 'b' })
    row('back', 33, { kind: 'reversal', jobId: 'b', occurredAt: at(12) })
    expect(await syncedCase('charge:charge')).toMatchObject(possible)
  })

  test.each([
    ['takes credits', -33, { jobId: 'a' }],
    ['names another case', 33, { jobId: 'b' }],
    ['is about a chat', 33, { jobId: 'a', feature: 'chat' }],
    ['names nothing and has another amount', 32, {}],
  ])('disproves nothing if it %s', async (_, amount, more) => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    job('b')
    row('charge-b', -33, { jobId: 'b' })
    row('other', amount, { kind: 'reversal', occurredAt: at(12), ...more })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })

  test('disproves nothing any more once it is retracted, and again once it is listed', async () => {
    row('old', -1, { occurredAt: at(1), feature: 'chat' })
    failed('a')
    row('charge', -33, { jobId: 'a' })
    const back = row('back', 33, { kind: 'reversal', jobId: 'a', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
    bench.fake.transactions.delete('back')
    bench.fake.trimLog()
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
    bench.fake.transactions.set('back', back)
    bench.fake.trimLog()
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
  })

  test('disproves "missing" also if it comes after the verdict', async () => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
    row('back', 33, { kind: 'reversal', reverses: 'charge', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
  })
})

describe('a refund that names a record we do not have', () => {
  test.each([
    ['a job', { jobId: 'x' }],
    ['a charge', { reverses: 'x' }],
    ['both', { jobId: 'x', reverses: 'x' }],
  ])('may be the refund of a case whose amount it has, if it names %s', async (_, names) => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('back', 33, { occurredAt: at(12), ...names })
    const found = await syncedCase('job:agent-1:a')
    expect(found).toMatchObject({ ...possible, outstanding: 33 })
    expect(found.possible.refunds.map(({ id }) => id)).toEqual(['back'])
  })

  test('may be the share of the results that are missing', async () => {
    job('a', { requestedResults: 4, results: results(2) })
    row('charge', -132, { jobId: 'a' })
    row('back', 66, { jobId: 'x', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
  })

  test.each([
    ['before the charge', { jobId: 'x', occurredAt: at(9) }],
    ['31 days after it', { jobId: 'x', occurredAt: at(10 + 31 * day) }],
    ['for another feature', { jobId: 'x', feature: 'image' }],
    ['for another agent', { jobId: 'x', agent: 'agent-2' }],
    ['for a chat that was charged', { reverses: 'chat', feature: undefined }],
  ] as const)('disproves nothing if it came %s', async (_, more) => {
    bench.clock.time += 40 * day * 60_000
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('chat', -33, { feature: 'chat' })
    row('back', 33, { occurredAt: at(12), ...more })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })

  test('disproves nothing any more once its job comes', async () => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('back', 33, { jobId: 'x', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
    failed('x', { createdAt: at(10) })
    row('charge-x', -33, { jobId: 'x' })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
    expect(await bench.ask('refunds.get', { case: 'job:agent-1:x' })).toMatchObject({ refundStatus: 'refunded' })
  })

  test('disproves nothing any more once it is taken again', async () => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('back', 33, { jobId: 'x', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
    row('taken', -33, { kind: 'adjustment', reverses: 'back', feature: undefined, occurredAt: at(13) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })
})

describe('refunds of parts', () => {
  test.each([
    ['two refunds on different days', [20, 13], 'refund', day],
    ['two grants of one day', [20, 13], 'grant', 1],
    ['equal refunds', [11, 11, 11], 'refund', day],
    ['all rows of one day', [8, 5, 20], 'adjustment', 1],
  ] as const)('do not leave a refund missing: %s', async (_, amounts, kind, apart) => {
    bench.clock.time += 10 * day * 60_000
    failed('a')
    row('charge', -33, { jobId: 'a' })
    for (const [index, amount] of amounts.entries()) {
      row(`part-${index}`, amount, { kind, occurredAt: at(12 + index * apart) })
    }
    const found = await syncedCase('job:agent-1:a')
    expect(found).toMatchObject({ ...possible, outstanding: 33 })
    expect(found.possible.refunds.map(({ amount }) => amount).toSorted()).toEqual([...amounts].toSorted())
  })

  test.each([
    ['two grants of different days', [20, 13], 'grant', day],
    ['refunds that make less', [20, 12], 'refund', 1],
    ['two of three refunds, which make more', [20, 20, 20], 'refund', 1],
    ['equal refunds that are too few', [11, 11], 'refund', 1],
  ] as const)('leave it missing: %s', async (_, amounts, kind, apart) => {
    bench.clock.time += 10 * day * 60_000
    failed('a')
    row('charge', -33, { jobId: 'a' })
    for (const [index, amount] of amounts.entries()) {
      row(`part-${index}`, amount, { kind, occurredAt: at(12 + index * apart) })
    }
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })

  test('do not count for a second case if each is the refund of one', async () => {
    for (const [id, price] of [
      ['a', 33],
      ['b', 20],
      ['c', 13],
    ] as const) {
      failed(id)
      row(`charge-${id}`, -price, { jobId: id })
    }
    for (const amount of [20, 13]) row(`back-${amount}`, amount, { occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })
})

describe('one refund for several cases', () => {
  test.each([
    ['two of one day', 'grant', [33, 33], 66, 1],
    ['two of one day and different prices', 'adjustment', [33, 12], 45, 1],
    ['two of different days', 'refund', [33, 12], 45, day],
    ['three of one price', 'refund', [33, 33, 33], 99, day],
    ['all of one day', 'grant', [33, 12, 24], 69, 1],
  ] as const)('disproves that it is missing in any of them: %s', async (_, kind, prices, amount, apart) => {
    bench.clock.time += 10 * day * 60_000
    for (const [index, price] of prices.entries()) {
      const minutes = 10 + index * apart
      failed(`job-${index}`, { createdAt: at(minutes), finishedAt: at(minutes + 1) })
      row(`charge-${index}`, -price, { jobId: `job-${index}`, occurredAt: at(minutes) })
    }
    row('back', amount, { kind, occurredAt: at(20 + prices.length * apart) })
    const found = await syncedCase('job:agent-1:job-0')
    expect(found).toMatchObject({ ...possible, outstanding: prices[0] })
    expect(found.possible.refunds.map(({ id }) => id)).toEqual(['back'])
    expect(found.possible.together).toHaveLength(prices.length - 1)
    for (const index of prices.keys())
      expect(await bench.ask('refunds.get', { case: `job:agent-1:job-${index}` })).toMatchObject(possible)
    expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
  })

  test.each([
    ['a grant for two of different days', 'grant', 66, day],
    ['a refund of another amount', 'refund', 67, 1],
  ] as const)('disproves nothing: %s', async (_, kind, amount, apart) => {
    bench.clock.time += 10 * day * 60_000
    for (const index of [0, 1]) {
      const minutes = 10 + index * apart
      failed(`job-${index}`, { createdAt: at(minutes), finishedAt: at(minutes + 1) })
      row(`charge-${index}`, -33, { jobId: `job-${index}`, occurredAt: at(minutes) })
    }
    row('back', amount, { kind, occurredAt: at(20 + 2 * apart) })
    expect(await syncedCase('job:agent-1:job-0')).toMatchObject(missing)
    const odd = kind === 'refund' ? [{ kind: 'refund_without_charge', amount }] : []
    expect(await bench.ask('credits.findings', { days: 30 })).toMatchObject(odd)
  })

  test('leaves a case missing again once the other got its own refund', async () => {
    for (const id of ['a', 'b']) {
      failed(id)
      row(`charge-${id}`, -33, { jobId: id })
    }
    row('back', 66, { kind: 'grant', occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
    row('own', 33, { jobId: 'b', occurredAt: at(13) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })
})

describe('a refund without ids that came before the last charge of a job', () => {
  /** A job that was charged on two days and failed on the second; `back` names what came back on the third. */
  function triedTwice(back: object): void {
    bench.clock.time += 10 * day * 60_000
    failed('a', { finishedAt: at(day + 11) })
    row('first', -33, { jobId: 'a' })
    row('second', -33, { jobId: 'a', occurredAt: at(day + 10) })
    row('back', 33, { occurredAt: at(2 * day), ...back })
  }

  test.each([
    ['the charge that is open is older', { reverses: 'second' }],
    ['nothing tells which charge came back', { jobId: 'a' }],
  ])('disproves "missing" if %s', async (_, back) => {
    triedTwice(back)
    row('unnamed', 33, { occurredAt: at(20) })
    const found = await syncedCase('job:agent-1:a')
    expect(found).toMatchObject({ ...possible, charged: 66 })
    expect(found.possible.refunds.map(({ id }) => id)).toEqual(['unnamed'])
  })

  test.each([
    ['the charge that is open is younger', { reverses: 'first' }, 20],
    ['the charge that is open is younger, and the other came back before', { jobId: 'a', occurredAt: at(15) }, 20],
    ['it is older than all charges', { reverses: 'second' }, 9],
  ] as const)('disproves nothing if %s', async (_, back, minutes) => {
    triedTwice(back)
    row('unnamed', 33, { occurredAt: at(minutes) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(missing)
  })

  test('counts in 30 days after the last charge that may be open, and no later', async () => {
    bench.clock.time += 60 * day * 60_000
    for (const id of ['a', 'b']) {
      failed(id, { finishedAt: at(20 * day + 1) })
      row(`first-${id}`, -33, { jobId: id })
      row(`second-${id}`, -33, { jobId: id, occurredAt: at(20 * day) })
    }
    row('back-a', 33, { jobId: 'a', occurredAt: at(21 * day) })
    row('back-b', 33, { reverses: 'second-b', occurredAt: at(21 * day) })
    row('unnamed', 33, { occurredAt: at(40 * day) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject(possible)
    expect(await bench.ask('refunds.get', { case: 'job:agent-1:b' })).toMatchObject(missing)
  })
})

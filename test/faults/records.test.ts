import { describe, expect, test } from 'vitest'
import type { Page } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf, storedJobs, storedTransactions } from '../support/sync-bench.ts'

const bench = withBench()

const stream = async (name: string) =>
  (await bench.ask('sync.state', {})).streams.find((found) => found.stream === name)
const detail = async (name: string) => await bench.ask('refunds.get', { case: name })

/** Changes one record of a page. */
const changing = (id: string, patch: Record<string, unknown>) => (page: Page) => ({
  ...page,
  items: page.items.map((item) => (item.id === id ? { ...item, ...patch } : item)),
})

describe('a record that breaks the contract', () => {
  const badTransactions: [string, Record<string, unknown>][] = [
    ['a fraction', { amount: -1.5 }],
    ['a number as text', { amount: '-10' }],
    ['no amount', { amount: null }],
    ['an amount that JSON cannot hold', { amount: -9_007_199_254_740_992 }],
    ['a charge that adds', { amount: 10 }],
    ['a refund that takes', { kind: 'refund', amount: -10 }],
    ['no kind', { kind: undefined }],
    ['a time in seconds', { occurredAt: '1970-01-21T11:32:38.400Z' }],
    ['a time that never was', { occurredAt: '2026-02-30T00:00:00.000Z' }],
    ['a time without a zone', { occurredAt: '2026-01-28T00:00:00' }],
    ['a time after all times', { occurredAt: '+275760-09-13T00:00:00.000Z' }],
    ['an agent that does not exist', { agent: 'agent-3' }],
    ['an id too long', { id: 'x'.repeat(129) }],
    ['no id', { id: '' }],
    ['an id that is a number', { id: 7 }],
  ]
  test.each(badTransactions)('quarantines a transaction with %s and stores the rest', async (_name, patch) => {
    bench.fake.addTransaction({ id: 'before' })
    bench.fake.addTransaction({ id: 'bad' })
    bench.fake.addTransaction({ id: 'after' })
    bench.fake.fault('/v1/credits/transactions', { body: changing('bad', patch) })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedTransactions(bench.database).map((row) => row.id)).toEqual(['after', 'before'])
    expect(await stream('credits')).toMatchObject({ quarantined: 1, records: 2, error: null })
  })

  const badJobs: [string, Record<string, unknown>][] = [
    ['a revision of zero', { revision: 0 }],
    ['no prompt', { prompt: null }],
    ['the wrong agent', { agent: 'agent-2' }],
    ['results that are no list', { results: {} }],
    ['a result without an address', { results: [{ id: 'r', mimeType: 'image/png' }] }],
    ['a status that is no text', { status: 3 }],
    ['half a failure', { failure: { code: 'x' } }],
    ['a creation that is no time', { createdAt: 'yesterday' }],
  ]
  test.each(badJobs)('quarantines a job with %s and stores the rest', async (_name, patch) => {
    bench.fake.addJob({ id: 'before' })
    bench.fake.addJob({ id: 'bad' })
    bench.fake.addJob({ id: 'after' })
    bench.fake.fault('/v1/jobs', { body: changing('bad', patch) })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database).map((job) => job.id)).toEqual(['after', 'before'])
    expect(await stream('jobs:agent-1')).toMatchObject({ quarantined: 1, records: 2 })
  })

  test.each(['null', '7', '"text"', '[]', '{}'])('quarantines an item that is %s and stores the rest', async (item) => {
    bench.fake.addJob({ id: 'good' })
    bench.fake.fault('/v1/jobs', { body: (page) => ({ ...page, items: [JSON.parse(item), ...page.items] }) })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database).map((job) => job.id)).toEqual(['good'])
    expect(await stream('jobs:agent-1')).toMatchObject({ quarantined: 1 })
  })

  test('counts a broken record once if it arrives repeatedly, with its reason and text', async () => {
    bench.fake.addTransaction({ id: 'bad' })
    bench.fake.fault('/v1/credits/transactions', { body: changing('bad', { amount: 'ten' }) }, 100)
    for (let count = 0; count < 3; count++) {
      expect(errorsOf(await bench.sync())).toEqual({})
      bench.fake.trimLog()
    }
    expect(await stream('credits')).toMatchObject({ quarantined: 1 })
    const kept = bench.database.prepare('SELECT record, problem, raw FROM quarantined_records').all()
    expect(kept).toEqual([
      { record: 'bad', problem: expect.stringContaining('amount'), raw: expect.stringContaining('"ten"') },
    ])
  })

  test('clears a quarantined record once it arrives valid', async () => {
    const job = bench.fake.addJob({ id: 'mended' })
    bench.fake.addTransaction({ id: 'mended', jobId: job.id, agent: 'agent-1' })
    bench.fake.fault('/v1/credits/transactions', { body: changing('mended', { amount: 'ten' }) })
    bench.fake.fault('/v1/jobs', { body: changing('mended', { revision: 'one' }) })
    await bench.sync()
    expect([await stream('credits'), await stream('jobs:agent-1')]).toMatchObject([
      { quarantined: 1 },
      { quarantined: 1 },
    ])
    bench.fake.trimLog()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect([await stream('credits'), await stream('jobs:agent-1')]).toMatchObject([
      { quarantined: 0 },
      { quarantined: 0 },
    ])
    expect(await detail('job:agent-1:mended')).toMatchObject({ charged: 10, refundStatus: 'completed' })
  })
})

describe('values that this version does not know', () => {
  test('stores unknown values of a job and shows them as unknown', async () => {
    const job = bench.fake.addJob({ id: 'new', status: 'paused', kind: 'hologram', model: 'Model of 2030' } as never)
    bench.fake.addTransaction({ jobId: job.id, agent: 'agent-1', source: 'gift', feature: 'hologram' } as never)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect((await bench.ask('jobs.list', {})).items).toMatchObject([
      { kind: 'hologram', model: 'Model of 2030', outcome: 'unknown', refundStatus: 'needs_review' },
    ])
    expect(await detail('job:agent-1:new')).toMatchObject({ reason: 'unknown_status', charged: 10 })
    expect(storedJobs(bench.database)).toMatchObject([{ status: 'paused' }])
    expect(await stream('jobs:agent-1')).toMatchObject({ quarantined: 0 })
  })

  test('stores an unknown failure and asks the user to review it', async () => {
    bench.fake.addJob({
      id: 'new',
      status: 'failed',
      failure: { code: 'sunspots', origin: 'weather' },
      results: [],
    } as never)
    bench.fake.addTransaction({ jobId: 'new', agent: 'agent-1' })
    await bench.sync()
    expect(await detail('job:agent-1:new')).toMatchObject({
      refundStatus: 'needs_review',
      reason: 'unknown_failure',
      failure: { code: 'sunspots', origin: 'weather' },
    })
  })

  test('keeps a transaction of an unknown kind in the ledger without a case', async () => {
    bench.fake.addTransaction({ id: 'bonus', kind: 'bonus', amount: 5 } as never)
    bench.fake.addTransaction({ id: 'hologram', feature: 'hologram' } as never)
    await bench.sync()
    expect((await bench.ask('credits.list', {})).items).toMatchObject([
      { id: 'hologram', kind: 'charge', feature: 'hologram', case: null },
      { id: 'bonus', kind: 'bonus', amount: 5, case: null },
    ])
    expect(await bench.ask('refunds.counts', {})).toMatchObject({ all: 0 })
  })

  test('stores unknown values of the account', async () => {
    Object.assign(bench.fake.account, {
      plan: 'ultra',
      signInMethod: 'passkey',
      balances: [{ source: 'gift', amount: 3 }],
    })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(await bench.ask('account.get', {})).toMatchObject({
      plan: 'ultra',
      signInMethod: 'passkey',
      balances: [{ source: 'gift', amount: 3, expiresAt: null }],
    })
  })

  test('drops properties that the contract does not name', async () => {
    bench.fake.addJob({ id: 'new' })
    const more = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1, "extra": { "deep": [1] } }')
    bench.fake.fault('/v1/jobs', {
      body: (page) => ({ ...page, ...more, items: page.items.map((item) => ({ ...item, ...more })) }),
    })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database)).toHaveLength(1)
    expect(await stream('jobs:agent-1')).toMatchObject({ quarantined: 0 })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('records delivered twice, late or out of order', () => {
  test('ignores a revision that is not newer than the stored revision', async () => {
    const first = bench.fake.addJob({ id: 'job', prompt: 'first' })
    await bench.sync()
    const third = bench.fake.reviseJob('job', { prompt: 'third', revision: 3 })
    bench.fake.reviseJob('job', { ...first, prompt: 'second', revision: 2 })
    bench.fake.reviseJob('job', { ...third, prompt: 'third, but another' })
    bench.fake.reviseJob('job', first)
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ revision: 3, prompt: 'third' }])
    bench.fake.trimLog()
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ revision: 3, prompt: 'third', removed_at: null }])
  })

  test('counts records once if they arrive twice', async () => {
    const job = bench.fake.addJob({ id: 'job' })
    const charge = bench.fake.addTransaction({ jobId: 'job', agent: 'agent-1' })
    await bench.sync()
    for (let count = 0; count < 3; count++) {
      bench.fake.reviseJob('job', { ...job, revision: 1 })
      bench.fake.addTransaction(charge)
    }
    bench.events.length = 0
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedTransactions(bench.database)).toHaveLength(1)
    expect(await detail('job:agent-1:job')).toMatchObject({ charged: 10 })
    expect(bench.events.filter((event) => event.type === 'data' && !event.account)).toEqual([])
  })

  test('keeps the first amount of a transaction and quarantines the changed copy', async () => {
    const charge = bench.fake.addTransaction({ id: 'charge' })
    await bench.sync()
    bench.fake.addTransaction({ ...charge, amount: -99 })
    await bench.sync()
    expect(storedTransactions(bench.database)).toMatchObject([{ amount: -10 }])
    expect(await stream('credits')).toMatchObject({ quarantined: 1 })
    bench.fake.addTransaction(charge)
    await bench.sync()
    expect(await stream('credits')).toMatchObject({ quarantined: 0 })
  })

  test('keeps a deleted job as removed, even if an older copy arrives late', async () => {
    const job = bench.fake.addJob({ id: 'job', prompt: 'first' })
    const newer = bench.fake.reviseJob('job', { prompt: 'second' })
    await bench.sync()
    bench.events.length = 0
    bench.fake.deleteJob('job')
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ prompt: 'second', removed_at: expect.any(Number) }])
    expect(bench.events).toContainEqual({ type: 'data', jobs: 1, transactions: 0, cases: 0, account: false })

    for (const copy of [job, newer]) {
      bench.fake.jobs.set('job', copy)
      bench.fake.reviseJob('job', copy)
      await bench.sync()
      expect(storedJobs(bench.database)).toMatchObject([{ prompt: 'second', removed_at: expect.any(Number) }])
    }
    // A snapshot from before the deletion does not restore the job either.
    bench.fake.trimLog()
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ removed_at: expect.any(Number) }])

    bench.fake.reviseJob('job', { prompt: 'restored', revision: 9 })
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ prompt: 'restored', removed_at: null }])
  })

  test('remembers a job deleted before it was listed, so its charge is still explained', async () => {
    bench.fake.addTransaction({ id: 'charge', jobId: 'job', agent: 'agent-1' })
    await bench.sync()
    const job = bench.fake.addJob({ id: 'job' })
    bench.fake.deleteJob('job')
    await bench.sync()
    bench.fake.jobs.set('job', job)
    bench.fake.reviseJob('job', { revision: 1 })
    bench.fake.jobs.delete('job')
    await bench.sync()
    expect(storedJobs(bench.database)).toMatchObject([{ id: 'job', removed_at: expect.any(Number) }])
    expect(await detail('job:agent-1:job')).toMatchObject({ charged: 10, refundStatus: 'completed' })
  })

  test('links a refund that arrives before its charge, and both before their job', async () => {
    bench.fake.addTransaction({
      id: 'refund',
      kind: 'refund',
      amount: 4,
      reverses: 'charge',
      occurredAt: '2026-01-28T00:10:00.000Z',
    })
    await bench.sync()
    expect(await bench.ask('refunds.counts', {})).toMatchObject({ all: 0 })
    bench.fake.addTransaction({ id: 'charge', jobId: 'job', agent: 'agent-1', occurredAt: '2026-01-28T00:05:00.000Z' })
    await bench.sync()
    expect(await detail('charge:charge')).toMatchObject({ charged: 10, refunded: 4, outcome: 'no_job' })
    bench.fake.addJob({ id: 'job' })
    await bench.sync()
    expect(await detail('job:agent-1:job')).toMatchObject({
      charged: 10,
      refunded: 4,
      refundStatus: 'partially_refunded',
    })
    await expect(detail('charge:charge')).rejects.toThrow('not_found')
  })

  test('stores jobs with the same id in both agents as two jobs with two cases', async () => {
    const twin = bench.fake.addJob({ id: 'twin' })
    bench.fake.jobs.set('the other twin', {
      ...twin,
      agent: 'agent-2',
      status: 'failed',
      failure: { code: 'x', origin: 'system' },
      results: [],
    })
    bench.fake.addTransaction({ jobId: 'twin', agent: 'agent-1' })
    bench.fake.addTransaction({ jobId: 'twin', agent: 'agent-2', amount: -7 })
    bench.fake.addTransaction({ kind: 'refund', jobId: 'twin', agent: 'agent-2', amount: 7 })
    await bench.sync()
    expect(await detail('job:agent-1:twin')).toMatchObject({ charged: 10, refunded: 0, refundStatus: 'completed' })
    expect(await detail('job:agent-2:twin')).toMatchObject({ charged: 7, refunded: 7, refundStatus: 'refunded' })
  })

  test('does not link a refund for an unsynced Agent 2.0 job to the Agent 1.0 job of the same id', async () => {
    const twin = bench.fake.addJob({ id: 'twin' })
    bench.fake.addTransaction({ jobId: 'twin', agent: 'agent-1' })
    bench.fake.addTransaction({ kind: 'refund', jobId: 'twin', agent: 'agent-2', amount: 10 })
    await bench.sync()
    expect(await detail(`job:agent-1:${twin.id}`)).toMatchObject({
      charged: 10,
      refunded: 0,
      refundStatus: 'completed',
    })
  })
})

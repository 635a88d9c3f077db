import { describe, expect, test } from 'vitest'
import { createService } from '../../src/core/service/client.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { createSyncEngine } from '../../src/core/sync/engine.ts'
import { quietLog, testPatience } from '../support/core.ts'
import { failure, type LoggedRequest } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { benchTime, errorOf, errorsOf, storedJobs, storedTransactions } from '../support/sync-bench.ts'

const bench = withBench({ maxPage: 2 })

const listing = ({ path }: LoggedRequest) => path === '/v1/jobs' || path === '/v1/credits/transactions'
const secondPage = (request: LoggedRequest) => request.path === '/v1/jobs' && request.query.page !== undefined
const changes = '/v1/jobs/changes'

/** Removes jobs at the service without a change, and expires the cursor. */
function loseJobs(...ids: string[]): void {
  for (const id of ids) bench.fake.jobs.delete(id)
  bench.fake.trimLog()
}
const addJobs = (count: number) => Array.from({ length: count }, () => bench.fake.addJob().id)
const removedJobs = () =>
  storedJobs(bench.database)
    .filter((job) => job.removed_at !== null)
    .map((job) => job.id)
const retractedTransactions = () =>
  storedTransactions(bench.database)
    .filter((row) => row.retracted_at !== null)
    .map((row) => row.id)
const caseOf = async (name: string) => await bench.ask('refunds.get', { case: name })

describe('after the change feed expired', () => {
  test('keeps old records until the new snapshot is complete, then marks those it lacks', async () => {
    const ids = addJobs(6)
    await bench.sync()
    loseJobs(ids[1] as string, ids[2] as string)
    bench.fake.fault(secondPage, failure(500, 'internal'), 100)
    expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': 'service_failed' })
    expect(storedJobs(bench.database)).toHaveLength(6)
    expect(removedJobs()).toEqual([])

    bench.fake.clearFaults()
    bench.clock.time += 60_000
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual(['job-2', 'job-3'])
    expect(storedJobs(bench.database)[1]).toMatchObject({ removed_at: benchTime + 60_000 })
  })

  test('remembers that the balance may hold a refund while the new snapshot is incomplete', async () => {
    const at = (minutes: number) => new Date(benchTime - (600 - minutes) * 60_000).toISOString()
    const chat = (amount: number, minutes: number, balanceAfter: number) =>
      bench.fake.addTransaction({ feature: 'chat', amount, balanceAfter, occurredAt: at(minutes) })
    const syncWith = (balance: number) => {
      Object.assign(bench.fake.account, { balance, balanceAsOf: at(600) })
      return bench.sync()
    }
    const times = { createdAt: at(9), finishedAt: at(10) }
    const job = bench.fake.addJob({ status: 'failed', failure: { code: 'x', origin: 'system' }, results: [], ...times })
    const money = { amount: -33, balanceAfter: 67, occurredAt: at(10) }
    bench.fake.addTransaction({ jobId: job.id, agent: 'agent-1', ...money })
    chat(-5, 60, 95)
    await syncWith(95)
    const doubted = { refundStatus: 'cannot_tell', surplus: 33 }
    expect(await caseOf(`job:agent-1:${job.id}`)).toMatchObject(doubted)

    for (const [amount, minutes, balance] of [
      [-40, 70, 55],
      [-1, 71, 54],
      [-1, 72, 53],
    ] as const) {
      chat(amount, minutes, balance)
    }
    bench.fake.trimLog()
    const second = ({ path, query }: LoggedRequest) => path === '/v1/credits/transactions' && query.page !== undefined
    bench.fake.fault(second, failure(500, 'internal'), 100)
    expect(errorsOf(await syncWith(53))).toEqual({ credits: 'service_failed' })
    expect(storedTransactions(bench.database)).toHaveLength(4)
    expect(await caseOf(`job:agent-1:${job.id}`)).toMatchObject(doubted)
    expect(verifyStore(bench.database, bench.clock.now()).filter(({ broken }) => broken > 0)).toEqual([])
    bench.fake.clearFaults()
    bench.clock.time += 60_000
    expect(errorsOf(await syncWith(53))).toEqual({})
    expect(await caseOf(`job:agent-1:${job.id}`)).toMatchObject(doubted)
  })

  test('retracts a charge that is no longer listed, and restores it when it returns', async () => {
    bench.fake.addTransaction({ kind: 'grant', amount: 100 })
    const job = bench.fake.addJob({ status: 'failed', failure: { code: 'x', origin: 'system' }, results: [] })
    const charge = bench.fake.addTransaction({ jobId: job.id, agent: 'agent-1' })
    bench.fake.addTransaction({ kind: 'grant', amount: 100 })
    await bench.sync()
    const name = `job:agent-1:${job.id}`
    expect(await caseOf(name)).toMatchObject({ charged: 10, refunded: 0, refundStatus: 'refund_missing' })

    bench.fake.retractTransaction(charge.id)
    bench.fake.trimLog()
    await bench.sync()
    expect(retractedTransactions()).toEqual([charge.id])
    expect(await caseOf(name)).toMatchObject({
      charged: 10,
      refunded: 10,
      refundStatus: 'refunded',
      reason: 'charge_withdrawn',
    })

    bench.fake.addTransaction(charge)
    bench.fake.trimLog()
    await bench.sync()
    expect(retractedTransactions()).toEqual([])
    expect(await caseOf(name)).toMatchObject({ charged: 10, refunded: 0, refundStatus: 'refund_missing' })
  })

  test('publishes removed records even if no case changes', async () => {
    const [, second] = addJobs(3)
    bench.fake.addTransaction({ kind: 'grant', amount: 100 })
    bench.fake.addTransaction({ kind: 'grant', amount: 100, id: 'grant' })
    await bench.sync()
    bench.fake.retractTransaction('grant')
    loseJobs(second as string)
    bench.events.length = 0
    await bench.sync()
    expect(bench.events).toContainEqual({ type: 'data', jobs: 1, transactions: 0, cases: 0, account: false })
    expect(bench.events).toContainEqual({ type: 'data', jobs: 0, transactions: 1, cases: 0, account: false })
  })

  test('does not mark a record as removed if the snapshot lists it in an invalid form', async () => {
    const [first] = addJobs(3)
    const charge = bench.fake.addTransaction({ jobId: first, agent: 'agent-1' })
    bench.fake.addTransaction()
    await bench.sync()
    bench.fake.trimLog()
    const broken = (id: string | undefined) => (page: { items: Record<string, unknown>[] }) => ({
      ...page,
      items: page.items.map((item) => (item.id === id ? { ...item, amount: 'ten', kind: 7 } : item)),
    })
    bench.fake.fault('/v1/jobs', { body: broken(first) }, 100)
    bench.fake.fault('/v1/credits/transactions', { body: broken(charge.id) }, 100)
    await bench.sync()
    expect(removedJobs()).toEqual([])
    expect(retractedTransactions()).toEqual([])
    expect(await caseOf(`job:agent-1:${first}`)).toMatchObject({ charged: 10, refunded: 0 })
  })

  test('ends in an error instead of a loop if the change feed keeps expiring', async () => {
    addJobs(3)
    await bench.sync()
    bench.fake.fault(changes, failure(410, 'cursor_expired'), 1_000)
    const before = bench.fake.requests.length
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('no_progress')
    expect(bench.fake.requests.length - before).toBeLessThan(30)
    bench.fake.clearFaults()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual([])
  })
})

describe('a snapshot that no longer reaches back as far', () => {
  /** Ten delivered jobs with a charge each, all read. */
  async function deliverTen(): Promise<string[]> {
    const ids = addJobs(10)
    for (const id of ids) bench.fake.addTransaction({ id: `charge-${id}`, jobId: id, agent: 'agent-1' })
    await bench.sync()
    return ids
  }
  const loseCharges = (...ids: string[]) => {
    for (const id of ids) bench.fake.retractTransaction(`charge-${id}`)
    bench.fake.trimLog()
  }
  const statuses = () => bench.database.prepare('SELECT DISTINCT refundStatus FROM v_cases').pluck().all()
  const streamOf = async (name: string) =>
    (await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === name)

  test('retracts nothing, keeps every verdict and sum, and says from when on Carat lists', async () => {
    const ids = await deliverTen()
    const before = [await bench.ask('credits.reconcile', {}), await bench.ask('refunds.counts', {})]
    loseCharges(...ids.slice(0, 4))
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(retractedTransactions()).toEqual([])
    expect(statuses()).toEqual(['completed'])
    expect([await bench.ask('credits.reconcile', {}), await bench.ask('refunds.counts', {})]).toEqual(before)
    expect(await bench.ask('credits.findings', { days: 366 })).toEqual([])
    const oldest = bench.fake.transactions.get(`charge-${ids[4]}`)
    expect(await streamOf('credits')).toMatchObject({ listedFrom: Date.parse(oldest?.occurredAt as string) })
  })

  test('retracts only the charge that is missing between listed ones', async () => {
    const ids = await deliverTen()
    loseCharges(...ids.slice(0, 3), ids[5] as string)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(retractedTransactions()).toEqual([`charge-${ids[5]}`])
  })

  test('never asks while the window moves on day by day, however little of the history it covers', async () => {
    const ids = await deliverTen()
    for (const id of ids.slice(0, 9)) {
      loseCharges(id)
      loseJobs(id)
      expect(errorsOf(await bench.sync())).toEqual({})
    }
    expect([removedJobs(), retractedTransactions(), statuses()]).toEqual([[], [], ['completed']])
  })

  test('removes no job that is older than every listed one', async () => {
    const ids = addJobs(6)
    await bench.sync()
    loseJobs(...ids.slice(0, 2))
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual([])
    expect((await streamOf('jobs:agent-1'))?.listedFrom).not.toBeNull()
  })
})

describe('a snapshot that comes back much shorter', () => {
  test('marks nothing until the user confirms the shorter snapshot', async () => {
    const ids = addJobs(5)
    const standing = bench.fake.addTransaction()
    await bench.sync()
    loseJobs(...ids.slice(2))
    const report = await bench.sync()
    expect(report.streams.find(({ stream }) => stream === 'jobs:agent-1')?.error).toEqual({
      code: 'listing_shrunk',
      params: { seen: 2, known: 5 },
    })
    expect(errorOf(report, 'credits')).toBeNull()
    expect(removedJobs()).toEqual([])
    expect((await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === 'jobs:agent-1')).toMatchObject({
      error: { code: 'listing_shrunk', params: { seen: 2, known: 5 } },
    })

    bench.events.length = 0
    await bench.ask('sync.acceptListing', { stream: 'jobs:agent-1' })
    expect(removedJobs()).toEqual(ids.slice(2))
    expect(bench.events).toContainEqual({ type: 'data', jobs: 3, transactions: 0, cases: 0, account: false })
    bench.fake.requests.length = 0
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(bench.fake.requests.filter(listing)).toEqual([])
    expect(storedTransactions(bench.database).map((row) => row.id)).toEqual([standing.id])
  })

  test('marks missing records without asking if exactly half is left', async () => {
    const ids = addJobs(6)
    await bench.sync()
    loseJobs(...ids.slice(3))
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual(ids.slice(3))
  })

  test('asks after an empty snapshot, and keeps the question over a restart', async () => {
    const ids = addJobs(3)
    await bench.sync()
    loseJobs(...ids)
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('listing_shrunk')
    await bench.restart()
    expect((await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === 'jobs:agent-1')).toMatchObject({
      error: { code: 'listing_shrunk', params: { seen: 0, known: 3 } },
    })
    expect(removedJobs()).toEqual([])
    await bench.ask('sync.acceptListing', { stream: 'jobs:agent-1' })
    expect(removedJobs()).toEqual([])
    expect(errorsOf(await bench.sync())).toEqual({})
  })

  test('asks again if the next snapshot is as short', async () => {
    const ids = addJobs(5)
    await bench.sync()
    loseJobs(...ids.slice(2))
    for (let time = 0; time < 2; time++) {
      const report = await bench.sync()
      expect(report.streams.find(({ stream }) => stream === 'jobs:agent-1')?.error).toEqual({
        code: 'listing_shrunk',
        params: { seen: 2, known: 5 },
      })
      expect(removedJobs()).toEqual([])
    }
  })

  test('is compared with the last whole snapshot, not with one that broke off', async () => {
    const ids = addJobs(9)
    await bench.sync()
    bench.fake.trimLog()
    const before = async () => loseJobs(...ids.slice(2))
    bench.fake.fault(secondPage, { ...failure(410, 'cursor_expired'), before })
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('listing_shrunk')
    expect(removedJobs()).toEqual([])
  })

  test('drops the question if the next snapshot is complete', async () => {
    const ids = addJobs(5)
    const kept = new Map(bench.fake.jobs)
    await bench.sync()
    loseJobs(...ids.slice(1))
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('listing_shrunk')
    for (const [id, job] of kept) bench.fake.jobs.set(id, job)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual([])
  })

  test('accepts the confirmation while other streams sync', async () => {
    const ids = addJobs(5)
    await bench.sync()
    loseJobs(...ids.slice(1))
    await bench.sync()
    const engine = createSyncEngine({
      database: bench.writer,
      service: createService({
        api: bench.fake.url,
        clock: bench.clock,
        secrets: { accessToken: async () => bench.fake.token, refresh: async () => null, account: async () => null },
      }),
      clock: bench.clock,
      dataDir: '',
      log: quietLog,
      random: () => 0.5,
      isSample: false,
      publish: () => {},
      rebuilder: { run: async () => {}, progress: () => null },
    })
    const running = engine.run({ patience: testPatience, confirmed: false })
    engine.accept('jobs:agent-1')
    expect(removedJobs()).toEqual(ids.slice(1))
    expect(errorsOf(await running)).toEqual({})
    await engine.close()
  })
})

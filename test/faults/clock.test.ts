/** The stored cases at the exact time at which a wait ends, synced from the service. */
import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/core/service/service.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { evaluateCases } from '../../src/core/store/cases/due-cases.ts'
import { markForRebuild, rebuildAll } from '../../src/core/store/projections/projection.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { createSyncEngine } from '../../src/core/sync/engine.ts'
import type { ProofStream, RefundReason, RefundStatus } from '../../src/shared/values.ts'
import { quietLog } from '../support/core.ts'
import { type FakeService, failure, type LoggedRequest } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf } from '../support/sync-bench.ts'

const bench = withBench()

const start = Date.UTC(2026, 0, 28, 9)
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString()
const requestsOf: Record<ProofStream, (request: LoggedRequest) => boolean> = {
  credits: ({ path }) => path.startsWith('/v1/credits'),
  'jobs:agent-1': ({ path, query }) => path.startsWith('/v1/jobs') && query.agent === 'agent-1',
  'jobs:agent-2': ({ path, query }) => path.startsWith('/v1/jobs') && query.agent === 'agent-2',
}

/** Decides the due cases as the timer of the app does, without a sync. */
const timePasses = () => {
  evaluateCases(bench.writer, caseContext(bench.writer, 1, bench.clock.time))
  rebuildAll(bench.writer, bench.clock.time)
}
async function found(name: string) {
  const { refundStatus, reason, unread, dueAt } = await bench.ask('refunds.get', { case: name })
  return { refundStatus, reason, unread: unread.toSorted(), dueAt }
}
async function syncWithout(streams: readonly ProofStream[]): Promise<void> {
  for (const stream of streams) bench.fake.fault(requestsOf[stream], failure(403, 'forbidden'), 100)
  expect(Object.keys(errorsOf(await bench.sync())).sort()).toEqual(streams.toSorted())
  bench.fake.clearFaults()
}

interface Wait {
  name: string
  make(): string
  /** End of the wait, in seconds after the start. */
  deadline: number
  waiting: RefundStatus
  missing: RefundStatus
  reason: RefundReason
  proof: ProofStream[]
}

const job = { agent: 'agent-2' as const, createdAt: at(0), startedAt: at(1), finishedAt: at(60), results: [] }
/** A job of Agent 2.0 with a charge of ten credits. */
function charged(partial: Parameters<FakeService['addJob']>[0]): string {
  const { id } = bench.fake.addJob({ ...job, ...partial })
  bench.fake.addTransaction({ jobId: id, agent: 'agent-2', occurredAt: at(0) })
  return `job:agent-2:${id}`
}

// The account of the scriptable service waits 600 seconds for a refund and 1,800 for a result.
const waits: Wait[] = [
  {
    name: 'a refund after a failure',
    make: () => charged({ status: 'failed', failure: { code: 'x', origin: 'system' } }),
    deadline: 660,
    waiting: 'refund_pending',
    missing: 'refund_missing',
    reason: 'system_failure',
    proof: ['credits'],
  },
  {
    name: 'a job that runs',
    make: () => charged({ status: 'running', finishedAt: null }),
    deadline: 1_800,
    waiting: 'in_progress',
    missing: 'result_missing',
    reason: 'stuck',
    proof: ['credits', 'jobs:agent-2'],
  },
  {
    name: 'a result',
    make: () => charged({ status: 'succeeded' }),
    deadline: 1_860,
    waiting: 'in_progress',
    missing: 'result_missing',
    reason: 'no_result',
    proof: ['credits', 'jobs:agent-2'],
  },
  {
    name: 'the job of a charge',
    make: () => `charge:${bench.fake.addTransaction({ occurredAt: at(0) }).id}`,
    deadline: 1_800,
    waiting: 'in_progress',
    missing: 'result_missing',
    reason: 'no_job',
    proof: ['credits', 'jobs:agent-1', 'jobs:agent-2'],
  },
]

describe.each(waits)('waiting for $name', ({ make, deadline, waiting, missing, reason, proof }) => {
  const due = start + deadline * 1_000
  const waitingReasons: Partial<Record<RefundReason, RefundReason>> = {
    stuck: 'generating',
    no_result: 'awaiting_result',
    no_job: 'awaiting_job',
  }
  const waitingReason = waitingReasons[reason] ?? reason

  test('still waits at the limit, and cannot tell after it until the proof is synced', async () => {
    const name = make()
    bench.clock.time = due
    await bench.sync()
    expect(await found(name)).toEqual({ refundStatus: waiting, reason: waitingReason, unread: [], dueAt: due })
    timePasses()
    expect(await found(name)).toMatchObject({ refundStatus: waiting })

    bench.clock.time = due + 1
    timePasses()
    expect(await found(name)).toEqual({ refundStatus: 'cannot_tell', reason, unread: proof.toSorted(), dueAt: null })
    await bench.sync()
    expect(await found(name)).toEqual({ refundStatus: missing, reason, unread: [], dueAt: null })
  })

  test.each(proof)('cannot tell without %s and names that stream', async (stream) => {
    const name = make()
    bench.clock.time = due
    await bench.sync()
    bench.clock.time = due + 1
    await syncWithout([stream])
    expect(await found(name)).toEqual({ refundStatus: 'cannot_tell', reason, unread: [stream], dueAt: null })
    await bench.sync()
    expect(await found(name)).toMatchObject({ refundStatus: missing, unread: [] })
  })

  test('decides without the streams that prove nothing', async () => {
    const others = (Object.keys(requestsOf) as ProofStream[]).filter((stream) => !proof.includes(stream))
    const name = make()
    bench.clock.time = due
    await bench.sync()
    bench.clock.time = due + 1
    await syncWithout(others)
    expect(await found(name)).toMatchObject({ refundStatus: missing, unread: [] })
  })

  test('is missing at once if first seen late, and refunded if the credits return', async () => {
    const name = make()
    bench.clock.time = due + 86_400_000
    await bench.sync()
    expect(await found(name)).toMatchObject({ refundStatus: missing, reason })
    const charge = [...bench.fake.transactions.values()][0]
    bench.fake.addTransaction({ kind: 'refund', amount: 10, reverses: charge?.id })
    await bench.sync()
    expect(await found(name)).toMatchObject({ refundStatus: 'refunded', reason: 'refund_posted' })
  })

  test('keeps waiting over a restart', async () => {
    const name = make()
    bench.clock.time = due
    await bench.sync()
    await bench.restart()
    expect(await found(name)).toMatchObject({ refundStatus: waiting, dueAt: due })
    bench.clock.time = due + 1
    timePasses()
    expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell' })
  })
})

test('takes a snapshot as no proof until its changes are read', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 660_001
  bench.fake.fault('/v1/credits/transactions/changes', failure(403, 'forbidden'))
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'] })
})

test('takes a change feed as no proof until its last page', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 660_000
  await bench.sync()
  bench.clock.time = start + 660_001
  let page = 0
  bench.fake.fault('/v1/credits/transactions/changes', {
    body: (ordinary) => ({ ...ordinary, items: [{}], hasMore: true, nextCursor: `x${page++}` }),
  })
  bench.fake.fault('/v1/credits/transactions/changes', failure(403, 'forbidden'))
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'] })
})

test('decides all cases again if the policy changes, in both directions', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 700_000
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  bench.fake.account.policy.refundGraceSeconds = 640
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_pending', dueAt: start + 700_000 })
  bench.fake.account.policy.refundGraceSeconds = 639
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
})

test('takes no reading at a time still to come for proof once the clock was set back', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 86_400_000
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  bench.clock.time = start + 700_000
  timePasses()
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'] })
  bench.clock.time = start + 2 * 86_400_000
  timePasses()
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell' })
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
})

test('counts a stream as read no later than now if the clock is set back during its request', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 86_400_000
  const setBack = async () => {
    bench.clock.time = start + 700_000
  }
  bench.fake.fault('/v1/credits/transactions/changes', { before: setBack })
  await bench.sync()
  timePasses()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  const { streams } = await bench.ask('sync.state', {})
  expect(streams.find(({ stream }) => stream === 'credits')?.lastSuccessAt).toBe(start + 700_000)
  bench.clock.time = start + 2 * 86_400_000
  expect(verifyStore(bench.writer, bench.clock.time).filter(({ broken }) => broken > 0)).toEqual([])
})

test('decides all cases again if the clock is set back between two answers of one sync', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 86_400_000
  const ofJobs = ({ path, query }: LoggedRequest) => path === '/v1/jobs/changes' && query.agent === 'agent-1'
  const { asked, release } = bench.fake.hold(ofJobs)
  const synced = bench.sync()
  await asked
  await expect.poll(async () => (await found(name)).refundStatus).toBe('refund_missing')
  bench.clock.time = start + 700_000
  release()
  await synced
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'] })
  bench.clock.time = start + 2 * 86_400_000
  expect(verifyStore(bench.writer, bench.clock.time).filter(({ broken }) => broken > 0)).toEqual([])
})

test('decides all cases again if the clock is set back', async () => {
  const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' } })
  bench.clock.time = start + 660_001
  await bench.sync()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  bench.clock.time = start + 660_000
  timePasses()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_pending', dueAt: start + 660_000 })
})

test('decides all cases again if the clock is set back after a rebuild', async () => {
  const name = charged({ status: 'failed', failure: { code: 'timeout', origin: 'system' } })
  bench.clock.time = start + 120_000
  await bench.sync()
  bench.clock.time += 86_400_000
  markForRebuild(bench.writer, ['cases'])
  rebuildAll(bench.writer, bench.clock.time)
  expect(await found(name)).toMatchObject({ refundStatus: 'cannot_tell' })
  bench.clock.time -= 86_400_000
  timePasses()
  expect(await found(name)).toMatchObject({ refundStatus: 'refund_pending' })
})

describe('a clock that was in 2099 and was set back', () => {
  const year2099 = Date.UTC(2099, 0, 1)
  const lastSuccess = async () => (await bench.ask('sync.state', {})).lastSuccessAt

  test('leaves no time of reading that is still to come, even if the service cannot be reached any more', async () => {
    bench.clock.time = year2099
    await bench.sync()
    expect(await lastSuccess()).toBe(year2099)
    bench.clock.time = start
    expect(await lastSuccess()).toBeNull()
    bench.fake.fault(/./, failure(403, 'forbidden'), 100)
    await bench.sync()
    const { streams, lastSuccessAt } = await bench.ask('sync.state', {})
    expect([lastSuccessAt, ...streams.map((stream) => stream.lastSuccessAt)]).toEqual([null, null, null, null, null])

    bench.fake.clearFaults()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(await lastSuccess()).toBe(start)
  })

  test('starts the wait after a failure without a time now, not in 2099', async () => {
    bench.clock.time = year2099
    const name = charged({ status: 'failed', failure: { code: 'x', origin: 'system' }, finishedAt: null })
    await bench.sync()
    bench.clock.time = start + 3_600_000
    await bench.sync()
    timePasses()
    expect(await found(name)).toMatchObject({ refundStatus: 'refund_pending', dueAt: bench.clock.time + 600_000 })
    bench.clock.time += 600_001
    await bench.sync()
    expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  })

  test('lets a broken record of 2099 prove nothing about charges after it was set back', async () => {
    bench.clock.time = year2099
    bench.fake.addTransaction({ id: 'broken' })
    const broken = (page: { items: Record<string, unknown>[] }) => ({
      ...page,
      items: page.items.map((item) => (item.id === 'broken' ? { id: 'broken', amount: 'ten' } : item)),
    })
    bench.fake.fault('/v1/credits/transactions', { body: broken })
    await bench.sync()
    bench.clock.time = start - 3_600_000
    timePasses()
    const name = charged({
      createdAt: at(60),
      finishedAt: at(60),
      status: 'failed',
      failure: { code: 'x', origin: 'system' },
    })
    bench.fake.transactions.delete('broken')
    bench.clock.time = start + 86_400_000
    await bench.sync()
    expect(await found(name)).toMatchObject({ refundStatus: 'refund_missing' })
  })

  test('shows the next run when it comes', () => {
    bench.clock.time = year2099
    const engine = createSyncEngine({
      database: bench.writer,
      service: {} as Service,
      clock: bench.clock,
      log: quietLog,
      random: Math.random,
      rebuilder: { run: async () => {}, progress: () => null },
      publish: () => {},
      isSample: false,
      dataDir: bench.path,
    })
    engine.setNextAt(year2099 + 180_000)
    expect(engine.state().nextAt).toBe(year2099 + 180_000)
    bench.clock.time = start
    expect(engine.state().nextAt).toBe(start + 180_000)
  })
})

test('a clock that is corrected back by less than a second still counts what was read', async () => {
  await bench.sync()
  const { readAt, now } = caseContext(bench.database, 1, bench.clock.time)
  const read = readAt.credits as number
  expect(read).toBeLessThanOrEqual(now)
  expect(caseContext(bench.database, 1, read - 500).readAt.credits).toBe(read - 500)
  expect(caseContext(bench.database, 1, read - 1_000).readAt.credits).toBeNull()
})

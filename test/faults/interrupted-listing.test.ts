import { beforeEach, describe, expect, test } from 'vitest'
import type { SyncState } from '../../src/shared/views.ts'
import { failure, type LoggedRequest } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorOf, errorsOf, storedJobs, storedTransactions } from '../support/sync-bench.ts'

const bench = withBench({ maxPage: 2 })

const secondPage = (request: LoggedRequest) => request.path === '/v1/jobs' && request.query.page !== undefined
const addJobs = (count: number) => Array.from({ length: count }, () => bench.fake.addJob().id)
const removedJobs = () =>
  storedJobs(bench.database)
    .filter((job) => job.removed_at !== null)
    .map((job) => job.id)

describe('an interrupted snapshot', () => {
  test('resumes at its page after a restart, then reads the changes since its start', async () => {
    addJobs(6)
    bench.fake.fault(
      ({ path, query }) => path === '/v1/jobs' && (query.page ?? '').includes('00:03'),
      failure(500, 'x'),
      Number.POSITIVE_INFINITY,
    )
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('service_failed')
    const halfway = storedJobs(bench.database).map((job) => job.id)
    expect(halfway).toEqual(['job-3', 'job-4', 'job-5', 'job-6'])
    bench.fake.reviseJob('job-6', { prompt: 'revised meanwhile' })
    bench.fake.clearFaults()
    await bench.restart()
    bench.fake.requests.length = 0

    expect(errorsOf(await bench.sync())).toEqual({})
    const asked = bench.fake.requests.filter(({ path, query }) => path === '/v1/jobs' && query.agent === 'agent-1')
    expect(asked).toHaveLength(1)
    expect(asked[0]?.query.page).toContain('job-3')
    expect(storedJobs(bench.database)).toHaveLength(6)
    expect(storedJobs(bench.database).at(-1)).toMatchObject({ id: 'job-6', prompt: 'revised meanwhile', revision: 2 })
  })

  test('resumes its record count after a restart', async () => {
    addJobs(6)
    bench.fake.fault(secondPage, failure(500, 'x'), Number.POSITIVE_INFINITY)
    await bench.sync()
    bench.fake.clearFaults()
    await bench.restart()
    const agent1 = ({ streams }: SyncState) => streams.find(({ stream }) => stream === 'jobs:agent-1')
    expect(agent1(await bench.ask('sync.state', {}))).toMatchObject({ listed: 2, total: 6, lastSuccessAt: null })
    bench.events.length = 0
    await bench.sync()
    const counts = bench.events.flatMap((event) => (event.type === 'sync' ? (agent1(event.state)?.listed ?? []) : []))
    expect([...new Set(counts)]).toEqual([2, 4, 6])
  })

  test.each([
    ['400', failure(400, 'invalid_request')],
    ['410', failure(410, 'cursor_expired')],
  ])('restarts the snapshot without loss if its page is answered with %s after a restart', async (_status, expired) => {
    const ids = addJobs(6)
    bench.fake.fault(secondPage, failure(500, 'x'), Number.POSITIVE_INFINITY)
    await bench.sync()
    bench.fake.clearFaults()
    bench.fake.fault(secondPage, expired)
    await bench.restart()
    bench.events.length = 0
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database).map((job) => job.id)).toEqual(ids)
    expect(removedJobs()).toEqual([])
    const records = bench.events.flatMap((event) =>
      event.type === 'sync' ? event.state.streams.filter(({ stream }) => stream === 'jobs:agent-1') : [],
    )
    expect(Math.min(...records.map((stream) => stream.records))).toBe(2)
  })
})

describe('a service that repeats itself', () => {
  const jobsOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs/changes' && query.agent === 'agent-1'
  beforeEach(async () => {
    addJobs(3)
    await bench.sync()
    bench.fake.requests.length = 0
  })

  test.each([
    ['the same cursor for ever', () => 'same'],
    ['two cursors in turn', (count: number) => (count % 2 === 0 ? 'A' : 'B')],
    ['new cursors without a record for ever', (count: number) => `cursor ${count}`],
  ])('%s', async (_name, cursor) => {
    let count = 0
    bench.fake.fault(
      jobsOfAgent1,
      { status: 200, body: () => ({ items: [], hasMore: true, nextCursor: cursor(count++) }) },
      1e6,
    )
    bench.fake.addTransaction({ id: 'of another stream' })
    expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': 'no_progress' })
    expect(bench.fake.requests.length).toBeLessThan(1_020)
    expect(storedTransactions(bench.database).map((row) => row.id)).toEqual(['of another stream'])

    bench.fake.clearFaults()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual([])
  })

  test.each([
    ['a snapshot', 'nextPage'],
    ['a change feed', 'nextCursor'],
  ])('stops if every page of %s has the same job in a new revision and a new token', async (_, token) => {
    const job = [...bench.fake.jobs.values()].find(({ agent }) => agent === 'agent-1')
    if (token === 'nextPage') bench.fake.trimLog()
    let count = 1
    const body = () => ({
      items: [{ ...job, revision: ++count }],
      [token]: `token ${count}`,
      hasMore: true,
      changesCursor: 'c',
    })
    const isPage = ({ path, query }: LoggedRequest) =>
      path === (token === 'nextPage' ? '/v1/jobs' : '/v1/jobs/changes') && query.agent === 'agent-1'
    bench.fake.fault(isPage, { status: 200, body }, 1e6)
    expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': 'no_progress' })
    expect(bench.fake.requests.length).toBeLessThan(1_020)

    bench.fake.clearFaults()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(removedJobs()).toEqual([])
  })

  test('stops if the service repeats the same page of a snapshot', async () => {
    bench.fake.trimLog()
    bench.fake.fault('/v1/jobs', { body: (page) => ({ ...page, nextPage: 'same' }) }, 1e6)
    expect(errorOf(await bench.sync(), 'jobs:agent-1')).toBe('no_progress')
    expect(bench.fake.requests.length).toBeLessThan(20)
    expect(removedJobs()).toEqual([])
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Patience } from '../../src/core/sync/pull.ts'
import { longestWait } from '../../src/core/sync/rounds.ts'
import { streams } from '../../src/shared/values.ts'
import { type Behaviour, failure, html, type LoggedRequest, redirect } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf, storedJobs, storedTransactions } from '../support/sync-bench.ts'

let token: string | null
const refresh = vi.fn<() => Promise<string | null>>()
const bench = withBench({ secrets: { accessToken: async () => token, refresh, account: async () => null } })
beforeEach(() => {
  refresh.mockReset()
  refresh.mockImplementation(async () => {
    token = bench.fake.token
    return token
  })
  token = bench.fake.token
})

const oneTry: Patience = { tries: 1, triesUnreachable: 1, maxWaitMs: 0 }
const state = async () => await bench.ask('sync.state', {})
const positionOfAgent1 = () =>
  bench.database
    .prepare(`SELECT phase, page_token, cursor, listing_epoch FROM sync_streams WHERE stream = 'jobs:agent-1'`)
    .get()
/** The waits of the sync in ms, without those for the pages of other streams. */
const backOffs = () => bench.clock.slept.filter((ms) => ms !== longestWait)
const changesOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs/changes' && query.agent === 'agent-1'

/** Syncs a job and its charge: later faults must not lose them. */
async function syncSome(): Promise<void> {
  const job = bench.fake.addJob({ id: 'kept' })
  bench.fake.addTransaction({ id: 'charge', jobId: job.id, agent: 'agent-1' })
  expect(errorsOf(await bench.sync())).toEqual({})
  bench.fake.requests.length = 0
  bench.clock.slept.length = 0
}
const keepsEverything = () => {
  expect(storedJobs(bench.database)).toMatchObject([{ id: 'kept', removed_at: null }])
  expect(storedTransactions(bench.database)).toMatchObject([{ id: 'charge', retracted_at: null }])
}

describe('401', () => {
  test('refreshes the token once and retries once', async () => {
    await syncSome()
    token = 'expired'
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(bench.fake.requests.filter(({ path }) => path === '/v1/me')).toHaveLength(2)
  })

  test('signs out without a new token, keeps all data and sends nothing more', async () => {
    await syncSome()
    token = 'revoked'
    refresh.mockImplementation(async () => null)
    expect(errorsOf(await bench.sync())).toEqual({ account: 'unauthorized' })
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(bench.fake.requests.map(({ path }) => path)).toEqual(['/v1/me'])
    expect((await state()).status).toBe('signed_out')
    keepsEverything()

    bench.fake.addJob({ id: 'kept-2' })
    token = bench.fake.token
    expect(errorsOf(await bench.sync())).toEqual({})
    expect((await state()).status).toBe('idle')
    expect(storedJobs(bench.database)).toHaveLength(2)
  })

  test('gives up after two calls if the new token is refused too', async () => {
    await syncSome()
    bench.fake.fault('/v1/me', failure(401, 'unauthorized'), 100)
    expect(errorsOf(await bench.sync())).toEqual({ account: 'unauthorized' })
    expect(bench.fake.requests).toHaveLength(2)
    keepsEverything()
  })

  test('refreshes the token once if every stream is refused at the same time', async () => {
    await syncSome()
    token = 'expired'
    bench.fake.fault('/v1/me', { status: 200, body: () => bench.fake.account })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(bench.fake.requests.filter(({ headers }) => headers.authorization === 'Bearer expired')).toHaveLength(
      streams.length,
    )
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

test('stops a stream answered with 403 at once and keeps its data', async () => {
  await syncSome()
  bench.fake.fault(changesOfAgent1, failure(403, 'forbidden'), 100)
  expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': 'forbidden' })
  expect(bench.fake.requests.filter(changesOfAgent1)).toHaveLength(1)
  expect(backOffs()).toEqual([])
  keepsEverything()
})

describe('429 and 503', () => {
  const date = 'Wed, 28 Jan 2026 12:00:00 GMT'
  test.each([
    ['429 with seconds', 429, { 'retry-after': '7' }, [7_000]],
    ['503 with seconds', 503, { 'retry-after': '7' }, [7_000]],
    [
      '429 with a date, by the clock of the service',
      429,
      { date, 'retry-after': 'Wed, 28 Jan 2026 12:00:30 GMT' },
      [30_000],
    ],
    ['a date in the past', 503, { date, 'retry-after': 'Wed, 28 Jan 2026 11:00:00 GMT' }, [0]],
    ['nothing: half a second of at most one', 503, {}, [500]],
    ['nonsense: the same', 429, { 'retry-after': 'soon' }, [500]],
    ['a negative number: the same', 429, { 'retry-after': '-9' }, [500]],
  ])('%s', async (_name, status, headers, slept) => {
    await syncSome()
    bench.fake.fault(changesOfAgent1, failure(status, 'unavailable', headers))
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(backOffs()).toEqual(slept)
  })

  test('backs off further with each failure and reports the next try', async () => {
    await syncSome()
    bench.fake.fault(changesOfAgent1, failure(500, 'internal'), 2)
    bench.events.length = 0
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(backOffs()).toEqual([500, 1_000])
    const retries = bench.events.flatMap((event) =>
      event.type === 'sync'
        ? event.state.streams.filter(({ stream, retryAt }) => stream === 'jobs:agent-1' && retryAt)
        : [],
    )
    expect(retries.map(({ retryAt, error }) => [(retryAt as number) - bench.clock.time, error?.code])).toEqual(
      expect.arrayContaining([
        [500, 'service_failed'],
        [1_000, 'service_failed'],
      ]),
    )
  })

  test('ends the run and reports the wait if the service asks for a longer wait than a run may take', async () => {
    await syncSome()
    bench.fake.fault(changesOfAgent1, failure(429, 'rate_limited', { 'retry-after': '3000' }), 9)
    const report = await bench.sync()
    expect(report.streams.find(({ stream }) => stream === 'jobs:agent-1')).toMatchObject({
      error: { code: 'rate_limited' },
      retryAfterMs: 3_000_000,
    })
    expect(backOffs()).toEqual([])
    expect(bench.fake.requests.filter(changesOfAgent1)).toHaveLength(1)
  })
})

describe('invalid responses', () => {
  const elsewhere = { hits: 0 }
  const other = createServer((_request, response) => {
    elsewhere.hits++
    response.end('{}')
  })
  beforeEach(async () => {
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    await new Promise((resolve) => other.close(resolve))
  })

  test.each<[string, () => Behaviour, string]>([
    ['HTML', () => html, 'not_the_service'],
    [
      'a redirect to another host',
      () => redirect(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`),
      'redirect_refused',
    ],
    ['half of a document', () => ({ body: '{"items":[{"id":"a"' }), 'invalid_answer'],
    ['nothing', () => ({ body: '' }), 'invalid_answer'],
    [
      'a document of another shape',
      () => ({ body: '{"items":{},"nextCursor":"x","hasMore":false}' }),
      'invalid_answer',
    ],
    ['no cursor', () => ({ body: '{"items":[],"hasMore":false}' }), 'invalid_answer'],
    ['an error body with status 200', () => ({ body: '{"error":{"code":"internal","message":""}}' }), 'invalid_answer'],
    ['an endless failure', () => failure(502, 'unavailable'), 'service_failed'],
  ])('stores nothing of %s and lets the other streams go on', async (_name, behaviour, code) => {
    await syncSome()
    const before = positionOfAgent1()
    bench.fake.addJob({ id: 'unseen' })
    bench.fake.fault(changesOfAgent1, behaviour(), 100)
    bench.fake.addTransaction({ id: 'charge-2' })
    expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': code })
    expect(storedJobs(bench.database).map((job) => job.id)).toEqual(['kept'])
    expect(storedTransactions(bench.database).map((row) => row.id)).toEqual(['charge', 'charge-2'])
    expect(positionOfAgent1()).toEqual(before)
    expect((await state()).status).toBe('failed')
    expect(elsewhere.hits).toBe(0)

    bench.fake.clearFaults()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database).map((job) => job.id)).toEqual(['kept', 'unseen'])
  })
})

test('keeps the cursor if a body is cut off, and the next sync resumes there', {
  timeout: 60_000,
}, async () => {
  await syncSome()
  for (let count = 0; count < 5; count++) bench.fake.addJob({ prompt: '고양이와 강아지'.repeat(10) })
  const whole = Buffer.byteLength(
    await (
      await fetch(`${bench.fake.url}/v1/jobs/changes?agent=agent-1&cursor=1.2`, {
        headers: { authorization: `Bearer ${bench.fake.token}` },
      })
    ).text(),
  )
  expect(whole).toBeGreaterThan(2_000)
  const before = positionOfAgent1()
  for (let cutAfter = 0; cutAfter < whole; cutAfter += 97) {
    // A new start asks for pages of the first size again; a smaller one would come through.
    await bench.restart()
    bench.fake.fault(changesOfAgent1, { cutAfter })
    expect(errorsOf(await bench.sync(oneTry))).toEqual({ 'jobs:agent-1': 'unreachable' })
    expect(positionOfAgent1()).toEqual(before)
    expect(storedJobs(bench.database)).toHaveLength(1)
  }
  expect(errorsOf(await bench.sync(oneTry))).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(6)
})

test('reports an error for every stream if the service is unreachable, and keeps all data', async () => {
  await syncSome()
  await bench.restart()
  bench.fake.fault(/./, { cutAfter: 0 }, 1_000)
  expect(errorsOf(await bench.sync())).toEqual({ account: 'unreachable' })
  keepsEverything()
  expect((await state()).status).toBe('failed')
})

describe('another account behind the same token', () => {
  test('stops the sync and stores nothing of the other account', async () => {
    await syncSome()
    bench.fake.account.id = 'account-2'
    bench.fake.addJob({ id: 'of the other' })
    expect(errorsOf(await bench.sync())).toEqual({ account: 'account_changed' })
    expect(bench.fake.requests.map(({ path }) => path)).toEqual(['/v1/me'])
    keepsEverything()
  })

  test('treats another sign-in method as another account', async () => {
    await syncSome()
    bench.fake.account.signInMethod = 'kakao'
    expect(errorsOf(await bench.sync())).toEqual({ account: 'account_changed' })
    keepsEverything()
  })

  test('stores the other account beside the first after a restart', async () => {
    await syncSome()
    bench.fake.account.id = 'account-2'
    await bench.restart()
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(
      bench.database
        .prepare('SELECT a.id, count(*) AS jobs FROM jobs JOIN accounts a USING (account_id) GROUP BY 1')
        .all(),
    ).toEqual([
      { id: 'account-1', jobs: 1 },
      { id: 'account-2', jobs: 1 },
    ])
    expect((await bench.ask('account.get', {}))?.id).toBe('account-2')
    expect((await bench.ask('jobs.list', {})).items).toHaveLength(1)
  })
})

test('drops a body that cannot be unpacked, and the next sync resumes there', async () => {
  await syncSome()
  bench.fake.addJob({})
  const before = positionOfAgent1()
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  bench.fake.fault(changesOfAgent1, { status: 200, headers, body: 'no gzip' })
  expect(errorsOf(await bench.sync(oneTry))).toEqual({ 'jobs:agent-1': 'unreachable' })
  expect(positionOfAgent1()).toEqual(before)
  expect(errorsOf(await bench.sync(oneTry))).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(2)
})

test('runs one sync if it is asked for again and again', async () => {
  await syncSome()
  const before = bench.fake.requests.length
  await Promise.all(Array.from({ length: 50 }, () => bench.sync(oneTry)))
  expect(bench.fake.requests.slice(before).filter(({ path }) => path === '/v1/me')).toHaveLength(1)
})

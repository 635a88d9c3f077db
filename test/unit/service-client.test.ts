import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fixedClock, systemClock } from '../../src/core/host/clock.ts'
import type { Secrets } from '../../src/core/ports.ts'
import { createService } from '../../src/core/service/client.ts'
import { idleLimit } from '../../src/core/service/deadline.ts'
import { CursorExpired, ServiceError } from '../../src/core/service/errors.ts'
import { bodyLimit } from '../../src/core/service/transport.ts'
import {
  type Behaviour,
  createFakeService,
  type FakeService,
  failure,
  html,
  redirect,
} from '../support/fake-service.ts'

const now = Date.UTC(2026, 0, 29)
let fake: FakeService
const signal = new AbortController().signal

beforeEach(async () => {
  fake = await createFakeService()
})
afterEach(async () => {
  vi.useRealTimers()
  await fake.close()
})

const secretsOf = (
  token: string | null,
  renewed: string | null = null,
  until: () => Promise<unknown> = async () => {},
) => {
  let current = token
  return {
    accessToken: async () => current,
    refresh: vi.fn(async () => {
      await until()
      current = renewed
      return renewed
    }),
    account: async () => null,
  } satisfies Secrets
}

function connect(secrets: Secrets = secretsOf(fake.token), fetch?: typeof globalThis.fetch) {
  return createService({ api: fake.url, secrets, clock: fixedClock(now), fetch })
}

async function errorOf(promise: Promise<unknown>): Promise<ServiceError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ServiceError)
  return error as ServiceError
}

describe('the client', () => {
  test('reads and parses the account', async () => {
    const { account, requestedAt } = await connect().account(signal)
    expect(account).toMatchObject({ id: 'account-1', balanceAsOf: Date.UTC(2026, 0, 28), email: 'haneul@example.com' })
    expect(requestedAt).toBe(now)
  })

  test('reads a listing in pages, newest first, with a small first page', async () => {
    for (let count = 0; count < 101; count += 1) fake.addJob()
    const service = connect()
    const first = await service.jobListing('agent-1', null, signal)
    expect(first.items.map((job) => job.id).slice(0, 2)).toEqual(['job-101', 'job-100'])
    expect(first).toMatchObject({ total: 101, quarantined: [], requestedAt: now, changesCursor: expect.any(String) })
    const second = await service.jobListing('agent-1', first.nextPage, signal)
    expect(second.items.map((job) => job.id)).toEqual(['job-1'])
    expect(second).toMatchObject({ nextPage: null, changesCursor: null })
    expect(fake.requests.map((request) => request.query.limit)).toEqual(['100', '1000'])
  })

  test('reads revised and deleted jobs of an agent', async () => {
    const job = fake.addJob()
    fake.addJob({ id: 'kept' })
    const service = connect()
    const { changesCursor } = await service.jobListing('agent-1', null, signal)
    fake.reviseJob('kept', { prompt: '새 프롬프트' })
    fake.deleteJob(job.id)
    const changes = await service.jobChanges('agent-1', changesCursor as string, signal)
    expect(changes.items).toMatchObject([
      { id: 'kept', revision: 2, prompt: '새 프롬프트' },
      { id: job.id, revision: 2, deleted: true },
    ])
    expect(changes.hasMore).toBe(false)
    expect((await service.jobChanges('agent-1', changes.nextCursor, signal)).items).toEqual([])
  })

  test('reads the ledger and its changes', async () => {
    fake.addTransaction({ id: 'first', jobId: '' })
    const service = connect()
    const listing = await service.creditListing(null, signal)
    expect(listing.items).toMatchObject([{ id: 'first', amount: -10, jobId: null, source: null }])
    fake.addTransaction({ id: 'second' })
    const changes = await service.creditChanges(listing.changesCursor as string, signal)
    expect(changes.items.map((row) => row.id)).toEqual(['second'])
  })

  test('composes text that the service sends decomposed', async () => {
    fake.addJob({ prompt: '고양이'.normalize('NFD') })
    const { items } = await connect().jobListing('agent-1', null, signal)
    expect(items[0]?.prompt).toBe('고양이')
  })
})

describe('the quarantine', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a fraction of a credit', { amount: -1.5 }, 'amount'],
    ['an amount as text', { amount: '12' }, 'amount'],
    ['an amount beyond safe integers', { amount: -(2 ** 53) }, 'amount'],
    ['a charge that adds credits', { amount: 5 }, ''],
    ['a time in seconds instead of milliseconds', { occurredAt: '1970-01-21T00:00:00Z' }, 'occurredAt'],
    ['a day that does not exist', { occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt'],
    ['no id', { id: '' }, 'id'],
  ])('takes only the record with %s', async (_, patch, path) => {
    fake.addTransaction({ id: 'good' })
    fake.addTransaction({ id: 'bad' })
    fake.fault('/v1/credits/transactions', {
      body: (page) => ({ ...page, items: page.items.map((row) => (row.id === 'bad' ? { ...row, ...patch } : row)) }),
    })
    const { items, quarantined } = await connect().creditListing(null, signal)
    expect(items.map((row) => row.id)).toEqual(['good'])
    expect(quarantined).toMatchObject([{ id: patch.id ?? 'bad', problem: expect.stringMatching(`^${path}:`) }])
    expect(JSON.parse(quarantined[0]?.raw ?? '')).toMatchObject(patch)
  })

  test('takes a job of the other agent', async () => {
    fake.addJob({ id: 'stray' })
    fake.fault('/v1/jobs', {
      body: (page) => ({ ...page, items: page.items.map((job) => ({ ...job, agent: 'agent-2' })) }),
    })
    const { items, quarantined } = await connect().jobListing('agent-1', null, signal)
    expect(items).toEqual([])
    expect(quarantined).toMatchObject([{ id: 'stray', problem: 'agent: expected agent-1' }])
  })

  test('takes null, text and JSON that is nested too deep', async () => {
    fake.fault('/v1/jobs', { body: '{"items":[null,"job"],"nextPage":"deep","changesCursor":"c"}' })
    const { quarantined } = await connect().jobListing('agent-1', null, signal)
    expect(quarantined.map(({ id, raw }) => [id, raw])).toEqual([
      [null, 'null'],
      [null, '"job"'],
    ])
    const deep = `{"items":[{"id":"deep","x":${'['.repeat(65)}${']'.repeat(65)}}],"nextPage":null}`
    fake.fault('/v1/jobs', { body: deep }, Number.POSITIVE_INFINITY)
    const page = await connect().jobListing('agent-1', 'deep', signal)
    expect(page.quarantined).toMatchObject([{ id: 'deep', problem: 'larger than a record can be' }])
    expect(page.nextPage).toBeNull()
  })

  test('keeps at most 4 kB of a record', async () => {
    fake.fault('/v1/jobs', { body: (page) => ({ ...page, items: [{ id: 'huge', prompt: 'x'.repeat(10_000) }] }) })
    const { quarantined } = await connect().jobListing('agent-1', null, signal)
    expect(quarantined[0]?.raw).toHaveLength(4_096)
  })

  test('does not take a record with an unknown status, kind or property', async () => {
    fake.addJob({ id: 'new', status: 'paused', kind: 'hologram' })
    fake.fault('/v1/jobs', { body: (page) => ({ ...page, items: page.items.map((job) => ({ ...job, mood: 1 })) }) })
    const { items, quarantined } = await connect().jobListing('agent-1', null, signal)
    expect(items).toMatchObject([{ id: 'new', status: 'paused', kind: 'hologram' }])
    expect(quarantined).toEqual([])
  })
})

describe('an error of the service', () => {
  test.each<[string, Behaviour, Partial<ServiceError>]>([
    ['HTML instead of JSON', html, { code: 'not_the_service', retryable: false }],
    ['JSON under a wrong type', { headers: { 'content-type': 'text/plain' } }, { code: 'not_the_service' }],
    ['an empty body', { body: '' }, { code: 'invalid_answer', retryable: true }],
    ['broken JSON', { body: '{"id":' }, { code: 'invalid_answer', retryable: true }],
    ['an error body under 200', failure(200, 'internal'), { code: 'invalid_answer', retryable: false }],
    ['a redirect', redirect('http://127.0.0.1:9/steal'), { code: 'redirect_refused', retryable: false }],
    ['403', failure(403, 'forbidden'), { code: 'forbidden', retryable: false }],
    ['404', failure(404, 'not_found'), { code: 'service_failed', retryable: false }],
    ['400 without a position', failure(400, 'invalid_request'), { code: 'service_failed', retryable: false }],
    ['429', failure(429, 'rate_limited'), { code: 'rate_limited', retryable: true, retryAfterMs: null }],
    ['429 with seconds', failure(429, 'rate_limited', { 'retry-after': '7' }), { retryAfterMs: 7_000 }],
    ['500', failure(500, 'internal'), { code: 'service_failed', retryable: true, retryAfterMs: null }],
    ['502 from a proxy', { ...html, status: 502 }, { code: 'service_failed', retryable: true }],
    [
      '503 with a retry date by the clock of the service',
      failure(503, 'unavailable', {
        date: 'Wed, 28 Jan 2026 12:00:00 GMT',
        'retry-after': 'Wed, 28 Jan 2026 12:02:00 GMT',
      }),
      { code: 'service_failed', retryable: true, retryAfterMs: 120_000 },
    ],
    ['a body cut off', { cutAfter: 20 }, { code: 'unreachable', retryable: true }],
    ['a broken compression', { headers: { 'content-encoding': 'gzip' } }, { code: 'unreachable', retryable: true }],
  ])('is reported by its code for %s', async (_, behaviour, expected) => {
    fake.fault('/v1/me', behaviour)
    expect(await errorOf(connect().account(signal))).toMatchObject(expected)
    expect(fake.requests).toHaveLength(1)
  })

  test('is reported as unreachable for a closed port', async () => {
    const service = connect()
    await fake.close()
    const error = await errorOf(service.account(signal))
    expect(error).toMatchObject({ code: 'unreachable', retryable: true, params: { host: new URL(fake.url).host } })
    fake = await createFakeService()
  })

  test('is reported as invalid for a first page without a changes cursor', async () => {
    fake.fault('/v1/jobs', { body: ({ items }) => ({ items, nextPage: null, changesCursor: null }) })
    expect(await errorOf(connect().jobListing('agent-1', null, signal))).toMatchObject({ code: 'invalid_answer' })
  })

  test.each([
    ['410', failure(410, 'cursor_expired')],
    ['410 without a body', { status: 410, body: '' }],
    ['400', failure(400, 'invalid_request')],
    ['the error code with another status', failure(409, 'cursor_expired')],
  ])('expires the cursor if it is %s', async (_, behaviour) => {
    fake.fault('/v1/credits/transactions/changes', behaviour)
    await expect(connect().creditChanges('old', signal)).rejects.toBeInstanceOf(CursorExpired)
  })

  test('expires a cursor from before the start of the change log', async () => {
    const service = connect()
    const { changesCursor } = await service.creditListing(null, signal)
    fake.trimLog()
    await expect(service.creditChanges(changesCursor as string, signal)).rejects.toBeInstanceOf(CursorExpired)
  })

  test('is reported as too large for a body that unpacks above the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(bodyLimit + 1, ' '))
    fake.fault('/v1/me', { headers: { 'content-encoding': 'gzip' }, body: bomb })
    expect(bomb.length).toBeLessThan(100_000)
    expect(await errorOf(connect().account(signal))).toMatchObject({ code: 'answer_too_large', retryable: false })
  })

  test.each<[string, Behaviour]>([
    ['no answer', { neverAnswer: true }],
    ['silence in the middle of a body', { cutAfter: 20, neverAnswer: true }],
  ])('is reported as a time-out for %s', async (_, behaviour) => {
    fake.fault('/v1/me', behaviour)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const started = Promise.withResolvers<void>()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = globalThis.fetch(input, init)
      if (behaviour.cutAfter === undefined) await vi.waitUntil(() => fake.requests.length === 1)
      else await answer
      started.resolve()
      return answer
    }
    const error = errorOf(connect(undefined, fetch).account(signal))
    await started.promise
    await vi.advanceTimersByTimeAsync(idleLimit)
    expect(await error).toMatchObject({ code: 'timed_out', retryable: true })
  })

  test('is not reported for a slow body that keeps arriving', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const pieces = JSON.stringify(fake.account).match(/.{1,60}/gu) ?? []
    const stream = (signal: AbortSignal) => ({
      start: (controller: ReadableStreamDefaultController) =>
        signal.addEventListener('abort', () => controller.error(signal.reason)),
      async pull(controller: ReadableStreamDefaultController) {
        await vi.advanceTimersByTimeAsync(idleLimit - 1_000)
        const piece = pieces.shift()
        if (piece) controller.enqueue(new TextEncoder().encode(piece))
        else controller.close()
      },
    })
    const fetch: typeof globalThis.fetch = async (_, init) =>
      new Response(new ReadableStream(stream(init?.signal as AbortSignal)), {
        headers: { 'content-type': 'application/json' },
      })
    expect((await connect(undefined, fetch).account(signal)).account.id).toBe('account-1')
  })

  test('is reported for a body of which a byte arrives every 20 seconds, after a quarter of an hour', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    let sent = 0
    let isCanceled = false
    const body = new ReadableStream({
      async pull(controller) {
        await vi.advanceTimersByTimeAsync(20_000)
        sent++
        controller.enqueue(new TextEncoder().encode(' '))
      },
      cancel() {
        isCanceled = true
      },
    })
    const fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } })
    await expect(connect(undefined, fetch).account(signal)).rejects.toMatchObject({
      code: 'timed_out',
      retryable: true,
    })
    expect(sent).toBeLessThan(50)
    expect(isCanceled).toBe(true)
  })

  test('is the reason of the signal after an abort', async () => {
    fake.fault('/v1/me', { neverAnswer: true })
    const controller = new AbortController()
    const call = connect().account(controller.signal)
    await vi.waitUntil(() => fake.requests.length === 1)
    controller.abort(new Error('closing'))
    await expect(call).rejects.toThrow('closing')
  })
})

describe('the token', () => {
  test('goes to the service in a header and nowhere else', async () => {
    fake.fault('/v1/me', redirect(`${fake.url}/elsewhere`))
    const error = await errorOf(connect().account(signal))
    expect(fake.requests.map(({ path }) => path)).toEqual(['/v1/me'])
    expect(fake.requests[0]?.headers.authorization).toBe(`Bearer ${fake.token}`)
    expect(JSON.stringify([error, error.message, error.stack, error.toView()])).not.toContain(fake.token)
  })

  test('is renewed once after a 401, and the request is sent again', async () => {
    const secrets = secretsOf('old', fake.token)
    const { account } = await connect(secrets).account(signal)
    expect(account.id).toBe('account-1')
    expect(secrets.refresh).toHaveBeenCalledTimes(1)
    expect(fake.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', `Bearer ${fake.token}`])
  })

  test('is renewed once for all requests that were refused together', async () => {
    let refused = 0
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await globalThis.fetch(input, init)
      if (answer.status === 401) refused += 1
      return answer
    }
    const secrets = secretsOf('old', fake.token, () => vi.waitUntil(() => refused === 3))
    const service = connect(secrets, fetch)
    await Promise.all([
      service.account(signal),
      service.creditListing(null, signal),
      service.jobListing('agent-1', null, signal),
    ])
    expect(secrets.refresh).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['that is refused after its renewal', 'old', 'also-refused', 'unauthorized', 2],
    ['that cannot be renewed', 'old', null, 'unauthorized', 1],
    ['that is missing', null, null, 'signed_out', 1],
    ['that no header can carry', 'se\ncret', null, 'signed_out', 1],
  ] as const)('%s is reported as one error', async (_, token, renewed, code, requests) => {
    const error = await errorOf(connect(secretsOf(token, renewed)).account(signal))
    expect(error).toMatchObject({ code, retryable: false })
    expect(fake.requests).toHaveLength(requests)
  })
})

test('dates a request by the clock that its own answer corrects', async () => {
  const serverDate = Date.now() - 86_400_000
  fake.fault('/v1/me', { headers: { date: new Date(serverDate).toUTCString() } })
  const service = createService({ api: fake.url, secrets: secretsOf(fake.token), clock: systemClock() })
  const { requestedAt } = await service.account(signal)
  expect(Math.abs(requestedAt - serverDate)).toBeLessThan(5_000)
})

describe('the event stream', () => {
  test('passes on every hint that the client knows', async () => {
    const hints: unknown[] = []
    const controller = new AbortController()
    const watching = connect().watch((hint) => hints.push(hint), controller.signal)
    await vi.waitUntil(() => fake.watching() === 1)
    fake.sendEvent('event: change\ndata: {"stream":"from the future"}\n\n')
    fake.sendEvent('event: change\ndata: {"stream":\n\n')
    fake.addJob({ agent: 'agent-2' })
    fake.addTransaction()
    await vi.waitUntil(() => hints.length === 2)
    expect(hints).toEqual([{ stream: 'jobs', agent: 'agent-2' }, { stream: 'credits' }])
    controller.abort(new Error('closing'))
    await expect(watching).rejects.toThrow('closing')
  })

  test('ends at once if the service has no events', async () => {
    fake.fault('/v1/events', { status: 404, body: '' })
    await expect(connect().watch(() => {}, signal)).resolves.toBeUndefined()
  })

  test('reports an error when it is interrupted', async () => {
    const error = errorOf(connect().watch(() => {}, signal))
    await vi.waitUntil(() => fake.watching() === 1)
    fake.dropWatchers()
    expect(await error).toMatchObject({ code: 'unreachable', retryable: true })
  })
})

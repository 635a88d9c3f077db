import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import {
  AccountSchema,
  JobChangesSchema,
  JobListingSchema,
  ServiceErrorSchema,
  TransactionChangesSchema,
  TransactionListingSchema,
  type WireJob,
} from '../../src/core/service/schemas.ts'
import { createAccount } from '../../src/sandbox/account.ts'
import { createApi } from '../../src/sandbox/api.ts'
import { createAuthorizationServer } from '../../src/sandbox/authorization.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { minute, type State } from '../../src/sandbox/state.ts'
import { createWorld } from '../../src/sandbox/world.ts'

const fixedNow = Date.parse('2026-03-18T05:18:00Z')
let dir: string
let running: Sandbox[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((sandbox) => sandbox.close()))
  await rm(dir, { recursive: true })
})

async function start(options: Partial<Parameters<typeof startSandbox>[0]> = {}) {
  const sandbox = await startSandbox({ dir, fixedNow, ...options })
  running.push(sandbox)
  const get = (path: string) => fetch(sandbox.url + path, { headers: { authorization: `Bearer ${sandbox.token}` } })
  return { ...sandbox, get, read: async (path: string) => (await get(path)).json() }
}

function apiOf(world: ReturnType<typeof createWorld>) {
  const now = () => fixedNow
  const issuer = () => 'http://127.0.0.1:9'
  const authorization = createAuthorizationServer({ issuer, accountName: () => '', now, faults: {} })
  return createApi({ world, token: 'secret', authorization, now })
}

/** The API without a server, on a world that the test can change. */
function direct() {
  const world = createWorld(createAccount(fixedNow))
  world.moveTo('http://127.0.0.1:9')
  const api = apiOf(world)
  const get = async (path: string) => api.request(path, { headers: { authorization: 'Bearer secret' } })
  return { world, api, get, read: async (path: string) => (await get(path)).json() }
}

/** An account that no test changes. */
const still = direct()

async function readAll(read: (path: string) => Promise<unknown>, path: string) {
  const jobs: WireJob[] = []
  let page: string | null = ''
  let pages = 0
  while (page !== null) {
    const listing: z.input<typeof JobListingSchema> = (await read(`${path}${page && `&page=${page}`}`)) as never
    expect(JobListingSchema.safeParse(listing).error).toBeUndefined()
    jobs.push(...listing.items)
    page = listing.nextPage
    pages += 1
  }
  return { jobs, pages }
}

describe('the sandbox', () => {
  test('answers as the contract says', async () => {
    const { read } = still
    const account = AccountSchema.parse(await read('/v1/me'))
    expect(account.balances.reduce((sum, { amount }) => sum + amount, 0)).toBe(account.balance)
    const listing = TransactionListingSchema.parse(await read('/v1/credits/transactions?limit=1000'))
    expect(listing.items[0]?.balanceAfter).toBe(account.balance)
    const jobs = JobListingSchema.parse(await read('/v1/jobs?agent=agent-1'))
    expect(jobs.items).toHaveLength(200)
    JobChangesSchema.parse(await read(`/v1/jobs/changes?agent=agent-1&cursor=${jobs.changesCursor}`))
    TransactionChangesSchema.parse(await read(`/v1/credits/transactions/changes?cursor=${listing.changesCursor}`))
  })

  test('lists every job once in pages, newest first', async () => {
    const { read } = still
    const { jobs, pages } = await readAll(read, '/v1/jobs?agent=agent-2&limit=50')
    const first = JobListingSchema.parse(await read('/v1/jobs?agent=agent-2&limit=1'))
    expect(jobs).toHaveLength(first.total as number)
    expect(pages).toBe(Math.ceil(jobs.length / 50))
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length)
    const times = jobs.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().reverse())
    expect(new Set(jobs.map(({ agent }) => agent))).toEqual(new Set(['agent-2']))
  })

  test.each([
    ['/v1/jobs', 'invalid_request', 400],
    ['/v1/jobs?agent=agent-3', 'invalid_request', 400],
    ['/v1/jobs?agent=agent-1&limit=0', 'invalid_request', 400],
    ['/v1/jobs?agent=agent-1&limit=1001', 'invalid_request', 400],
    ['/v1/jobs?agent=agent-1&limit=many', 'invalid_request', 400],
    ['/v1/jobs?agent=agent-1&page=made-up', 'invalid_request', 400],
    ['/v1/credits/transactions?page=made-up', 'invalid_request', 400],
    ['/v1/jobs/changes?agent=agent-1', 'invalid_request', 400],
    ['/v1/jobs/changes?agent=agent-1&cursor=made-up', 'cursor_expired', 410],
    ['/v1/credits/transactions/changes?cursor=', 'cursor_expired', 410],
    ['/v1/nothing', 'not_found', 404],
    ['/media/nothing_1', 'not_found', 404],
  ])('refuses %s as %s', async (path, code, status) => {
    const answer = await still.get(path)
    expect(answer.status).toBe(status)
    expect(ServiceErrorSchema.parse(await answer.json()).error.code).toBe(code)
  })

  test.each(['/v1/me', '/v1/jobs?agent=agent-1', '/v1/events', '/v1/nothing'])(
    'refuses %s without the token',
    async (path) => {
      for (const authorization of ['', 'Bearer wrong', 'secret']) {
        const answer = await still.api.request(path, { headers: { authorization } })
        expect(answer.status).toBe(401)
        expect(ServiceErrorSchema.parse(await answer.json()).error.code).toBe('unauthorized')
      }
    },
  )

  test('serves a result whole or in ranges of the same file', async () => {
    const { world, api } = still
    const result = world.state.jobs.flatMap(({ results }) => results).find(({ mimeType }) => mimeType === 'audio/wav')
    const get = (headers: Record<string, string> = {}) => api.request(`/media/${result?.id}`, { headers })
    const whole = await get()
    const etag = whole.headers.get('etag') ?? ''
    const bytes = Buffer.from(await whole.arrayBuffer())
    expect([whole.status, bytes.length]).toEqual([200, result?.bytes])
    const rest = await get({ range: 'bytes=1000-', 'if-range': etag })
    expect([rest.status, rest.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-${bytes.length - 1}/${bytes.length}`,
    ])
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1_000))).toBe(true)
    expect((await get({ range: 'bytes=1000-', 'if-range': '"another"' })).status).toBe(200)
    expect((await get({ range: `bytes=${bytes.length}-` })).status).toBe(416)
  })
})

describe('the change feed', () => {
  test('lists revised and deleted jobs of the requested agent', async () => {
    const { world, read } = direct()
    const { changesCursor } = JobListingSchema.parse(await read('/v1/jobs?agent=agent-1'))
    const [revised, deleted] = world.state.jobs.filter(({ agent }) => agent === 'agent-1')
    const other = world.state.jobs.find(({ agent }) => agent === 'agent-2')
    const known = revised?.revision as number
    world.apply({ at: 0, type: 'job', id: revised?.id as string, patch: { prompt: '다시' } })
    world.apply({ at: 0, type: 'job', id: other?.id as string, patch: { prompt: '다른 것' } })
    world.apply({ at: 0, type: 'delete', id: deleted?.id as string })
    const first = JobChangesSchema.parse(await read(`/v1/jobs/changes?agent=agent-1&cursor=${changesCursor}&limit=1`))
    expect(first).toMatchObject({ hasMore: true, items: [{ id: revised?.id, prompt: '다시', revision: known + 1 }] })
    const second = JobChangesSchema.parse(await read(`/v1/jobs/changes?agent=agent-1&cursor=${first.nextCursor}`))
    expect(second).toMatchObject({ hasMore: false, items: [{ id: deleted?.id, deleted: true }] })
    const third = JobChangesSchema.parse(await read(`/v1/jobs/changes?agent=agent-1&cursor=${second.nextCursor}`))
    expect(third.items).toEqual([])
  })

  test('lists new ledger rows', async () => {
    const { world, read } = direct()
    const { changesCursor } = TransactionListingSchema.parse(await read('/v1/credits/transactions'))
    const charge = { amount: 8, feature: 'image' as const, agent: 'agent-1' as const, model: 'Z Image', jobId: null }
    world.apply({ at: fixedNow, type: 'charge', charge })
    const changes = TransactionChangesSchema.parse(
      await read(`/v1/credits/transactions/changes?cursor=${changesCursor}`),
    )
    expect(changes.items).toMatchObject([{ kind: 'charge', amount: -8, model: 'Z Image' }])
  })

  test('expires a cursor that is too old', async () => {
    const { world, get, read } = direct()
    const { changesCursor } = JobListingSchema.parse(await read('/v1/jobs?agent=agent-1'))
    const id = world.state.jobs[0]?.id as string
    for (let count = 0; count < 2_001; count += 1) world.apply({ at: 0, type: 'job', id, patch: {} })
    const answer = await get(`/v1/jobs/changes?agent=agent-1&cursor=${changesCursor}`)
    expect(answer.status).toBe(410)
  })

  test('refuses a cursor of another account', async () => {
    const other = createWorld(createAccount(fixedNow - 1))
    const api = apiOf(other)
    const { changesCursor } = JobListingSchema.parse(await still.read('/v1/jobs?agent=agent-1'))
    const answer = await api.request(`/v1/jobs/changes?agent=agent-1&cursor=${changesCursor}`, {
      headers: { authorization: 'Bearer secret' },
    })
    expect(answer.status).toBe(410)
  })

  test('sends a hint to the event stream', async () => {
    const { world, get } = direct()
    const answer = await get('/v1/events')
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const next = async () => new TextDecoder().decode((await reader.read()).value)
    expect(await next()).toMatch(/^:/)
    const job = world.state.jobs[0]
    world.apply({ at: 0, type: 'job', id: job?.id as string, patch: {} })
    expect(await next()).toBe(`event: change\ndata: {"stream":"jobs","agent":"${job?.agent}"}\n\n`)
    await reader.cancel()
  })
})

describe('the results', () => {
  test('match the properties in their job', async () => {
    const { read } = await start()
    const { jobs: first } = await readAll(read, '/v1/jobs?agent=agent-1')
    const { jobs: second } = await readAll(read, '/v1/jobs?agent=agent-2')
    const results = [...first, ...second].flatMap((job) => job.results)
    const sizes = new Map(results.map((result) => [`${result.mimeType} ${result.width}x${result.height}`, result]))
    expect([...sizes.keys()].sort()).toEqual([
      'audio/wav undefinedxundefined',
      'image/png 576x768',
      'image/png 768x432',
      'image/png 768x576',
      'image/png 768x768',
      'text/vtt undefinedxundefined',
      'video/mp4 512x288',
    ])
    for (const result of sizes.values()) {
      const answer = await fetch(result.url)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(answer.headers.get('content-type')).toBe(result.mimeType)
      expect(Number(answer.headers.get('content-length'))).toBe(bytes.length)
      if (result.mimeType === 'image/png') expect(pngSize(bytes)).toEqual([result.width, result.height])
      if (result.mimeType === 'video/mp4') expect(bytes.toString('latin1', 4, 12)).toBe('ftypisom')
      if (result.sha256) expect(createHash('sha256').update(bytes).digest('hex')).toBe(result.sha256)
      if (result.bytes) expect(bytes.length).toBe(result.bytes)
      const thumbnail = await fetch(`${result.url}/thumbnail`)
      if (result.thumbnailUrl === null) expect(thumbnail.status).toBe(404)
      else expect(Math.max(...pngSize(Buffer.from(await thumbnail.arrayBuffer())))).toBe(480)
    }
    expect(results.some(({ sha256 }) => sha256)).toBe(true)
  })
})

/** Width and height of a PNG, after checking that its pixel data has that size. */
function pngSize(bytes: Buffer): [number, number] {
  expect(bytes.toString('latin1', 1, 4)).toBe('PNG')
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  const length = bytes.readUInt32BE(33)
  expect(inflateSync(bytes.subarray(41, 41 + length)).length).toBe(height * (width * 3 + 1))
  return [width, height]
}

describe('a restart', () => {
  test('keeps ids, cursors and addresses', async () => {
    const before = await start({ fixedNow: null })
    const listing = JobListingSchema.parse(await before.read('/v1/jobs?agent=agent-1'))
    await before.close()
    const after = await start({ fixedNow: null })
    expect(after.url).toBe(before.url)
    expect(after.token).not.toBe(before.token)
    const again = JobListingSchema.parse(await after.read('/v1/jobs?agent=agent-1'))
    expect(again.items.at(-1)).toEqual(listing.items.at(-1))
    const changes = await after.get(`/v1/jobs/changes?agent=agent-1&cursor=${listing.changesCursor}`)
    expect(changes.status).toBe(200)
  })

  test('continues the planned changes, and keeps those that happened before the end', async () => {
    const file = join(dir, 'sandbox.json')
    await writeFile(file, JSON.stringify(createAccount(Date.now() - 10 * minute)))
    const sandbox = await start({ fixedNow: null })
    const { changesCursor } = JobListingSchema.parse(await sandbox.read('/v1/jobs?agent=agent-1'))
    const changes = async () =>
      JobChangesSchema.parse(await sandbox.read(`/v1/jobs/changes?agent=agent-1&cursor=${changesCursor}`)).items
    await vi.waitUntil(async () => (await changes()).length > 0, { timeout: 5_000 })
    const ids = (await changes()).map(({ id }) => id)
    await sandbox.close()
    const stored = JSON.parse(await readFile(file, 'utf8')) as State
    expect(stored.log.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })

  test('on another port sends the new addresses of results', async () => {
    const before = await start()
    const { changesCursor } = JobListingSchema.parse(await before.read('/v1/jobs?agent=agent-1'))
    await before.close()
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(Number(new URL(before.url).port), '127.0.0.1', resolve))
    const after = await start()
    expect(after.url).not.toBe(before.url)
    const changes = JobChangesSchema.parse(
      await after.read(`/v1/jobs/changes?agent=agent-1&limit=1000&cursor=${changesCursor}`),
    )
    const [change] = changes.items
    expect(change && 'results' in change && change.results[0]?.url.startsWith(after.url)).toBe(true)
    await new Promise((resolve) => taken.close(resolve))
  })

  test('with a broken file begins a new account', async () => {
    await writeFile(join(dir, `sandbox-${fixedNow}.json`), '{"version":1,')
    const { get } = await start()
    expect((await get('/v1/me')).status).toBe(200)
  })

  test('with a fixed time leaves the living account unchanged', async () => {
    const living = await start({ fixedNow: null })
    await living.close()
    const file = await readFile(join(dir, 'sandbox.json'), 'utf8')
    const fixed = await start()
    await fixed.close()
    expect(await readFile(join(dir, 'sandbox.json'), 'utf8')).toBe(file)
    expect((await readdir(dir)).sort()).toEqual([`sandbox-${fixedNow}.json`, 'sandbox.json'])
  })
})

describe('the sandbox as a worker thread', () => {
  const launch = (folder: string) =>
    new Worker(new URL('../../src/sandbox/worker.ts', import.meta.url), { workerData: { dir: folder, fixedNow } })
  const messageOf = (worker: Worker) =>
    new Promise<Record<string, string>>((resolve) => worker.once('message', resolve))

  test('serves until it is told to close', async () => {
    const worker = launch(dir)
    const { type, url, token } = await messageOf(worker)
    expect(type).toBe('ready')
    const answer = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(200)
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage('close')
    expect(await exited).toBe(0)
    await expect(fetch(`${url}/v1/me`)).rejects.toThrow()
  })

  test('reports why it cannot start', async () => {
    const file = join(dir, 'a-file')
    await writeFile(file, '')
    const worker = launch(file)
    expect(await messageOf(worker)).toMatchObject({ type: 'failed', error: expect.stringContaining('a-file') })
    await worker.terminate()
  })
})

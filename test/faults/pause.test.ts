/** A sync that the user pauses, in the threads of the hosts, and events during the pause. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SyncState } from '../../src/shared/views.ts'
import { openTestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService, failure, type LoggedRequest } from '../support/fake-service.ts'
import { benchTime, errorsOf } from '../support/sync-bench.ts'
import { startWorkerCore, synced, type WorkerCore } from '../support/workers.ts'

let fake: FakeService
let folder: ReturnType<typeof temporaryFolder>
let app: WorkerCore
beforeEach(async () => {
  fake = await createFakeService({ maxPage: 2 })
  folder = temporaryFolder()
  for (let count = 0; count < 6; count++) fake.addJob()
})
afterEach(async () => {
  await fake.close()
  folder.remove()
})

/** Starting and ending threads takes long on a busy machine. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 })
const start = async () => {
  app = await startWorkerCore(folder.path, fake)
}
const restart = async () => {
  await app.core.close()
  await start()
}
async function ask<Data = null>(route: string): Promise<Data> {
  const answer = await app.core.request(route, {})
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as Data
}
const state = () => ask<SyncState>('sync.state')
const agent1 = async () => (await state()).streams.find(({ stream }) => stream === 'jobs:agent-1')
const isPaused = () =>
  eventually(async () => {
    const { status, streams } = await state()
    expect([status, ...new Set(streams.map(({ phase }) => phase))]).toEqual(['paused', 'idle'])
    expect(fake.watching()).toBe(0)
  })
const storedJobs = async () => {
  const answer = await app.core.request('jobs.counts', {})
  return answer.ok ? (answer.data as { total: number }).total : null
}

const listingOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs' && query.agent === 'agent-1'
const secondPage = (request: LoggedRequest) => listingOfAgent1(request) && request.query.page !== undefined
const count = (match: (request: LoggedRequest) => boolean) => fake.requests.filter(match).length
const runs = () => count(({ path }) => path === '/v1/me')

/** Pauses while the second page is on its way. */
async function pauseInTheMiddle(): Promise<{ release(): void }> {
  const held = fake.hold(secondPage)
  await start()
  await held.asked
  await ask('sync.pause')
  await isPaused()
  return held
}

/** Closes the app and syncs as `carat sync` does. */
async function syncInTheTerminal(): Promise<void> {
  await app.core.close()
  const { core, close } = openTestCore(folder.path, fake, testClock(benchTime))
  expect(errorsOf(await core.syncOnce(testPatience))).toEqual({})
  await close()
}

describe('a paused sync', () => {
  afterEach(() => app.core.close())

  test('stops at once, sends nothing even after a restart, and resumes where it stopped', async () => {
    const { release } = await pauseInTheMiddle()
    release()
    expect(await state()).toMatchObject({ status: 'paused', nextAt: null })
    expect(await agent1()).toMatchObject({ records: 2, listed: 2, total: 6, error: null })

    fake.addJob({ agent: 'agent-2' })
    app.core.wake()
    await restart()
    app.core.wake()
    await isPaused()
    expect(await agent1()).toMatchObject({ records: 2, listed: 2, total: 6, error: null })

    await ask('sync.resume')
    await synced(app)
    expect(await storedJobs()).toBe(7)
    expect((await state()).status).toBe('idle')
    // A request during the pause would have started another run.
    expect(runs()).toBe(2)
    expect(count((request) => listingOfAgent1(request) && !secondPage(request))).toBe(1)
    await eventually(() => expect(fake.watching()).toBe(1))
  })

  test('resumes if the user asks for a sync', async () => {
    await pauseInTheMiddle()
    await ask('sync.now')
    await synced(app)
    expect((await state()).status).toBe('idle')
    await restart()
    await eventually(async () => expect((await state()).status).toBe('idle'))
  })

  test('stays paused if the writer thread dies', async () => {
    await pauseInTheMiddle()
    await app.writers[0]?.terminate()
    await isPaused()
    expect(app.writers).toHaveLength(2)
    await ask('sync.resume')
    await synced(app)
    expect(runs()).toBe(2)
  })

  test('pauses at once during a wait that the service asked for', async () => {
    fake.fault(secondPage, failure(503, 'unavailable', { 'retry-after': '9' }))
    await start()
    await eventually(async () => expect(await agent1()).toMatchObject({ error: { code: 'service_failed' } }))
    await ask('sync.pause')
    await isPaused()
    expect(await agent1()).toMatchObject({ error: null, retryAt: null })
    await ask('sync.resume')
    await synced(app)
  })

  test('is still synced by the command line and stays paused', async () => {
    await pauseInTheMiddle()
    await syncInTheTerminal()
    await start()
    await isPaused()
    expect(await storedJobs()).toBe(6)
  })

  test('pauses only its own sign-in', async () => {
    await pauseInTheMiddle()
    fake.account.id = 'account-2'
    await syncInTheTerminal()
    await start()
    await eventually(async () => expect((await state()).status).toBe('idle'))
    await app.core.close()

    fake.account.id = 'account-1'
    fake.requests.length = 0
    await start()
    await isPaused()
    expect(fake.requests.map(({ path }) => path).filter((path) => path !== '/v1/events')).toEqual(['/v1/me'])
    await ask('sync.resume')
    await synced(app)
    expect(await storedJobs()).toBe(6)
  })

  test('refuses to pause before an account is known', async () => {
    const held = fake.hold('/v1/me')
    await start()
    await held.asked
    await expect(ask('sync.pause')).rejects.toThrow('not_found')
    held.release()
    await synced(app)
  })
})

test('syncs everything if a run begins while the paused run still ends', async () => {
  const held = fake.hold(secondPage)
  const { core, close } = openTestCore(folder.path, fake, testClock(benchTime))
  core.start()
  await held.asked
  for (const route of ['sync.pause', 'sync.resume', 'sync.pause', 'sync.resume', 'sync.resume']) {
    void core.dispatch(route, {})
  }
  const idle = expect.objectContaining({ status: 'idle' })
  await eventually(async () => expect(await core.dispatch('sync.state', {})).toEqual({ ok: true, data: idle }))
  await close()
})

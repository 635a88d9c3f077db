import { QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { sendFirstRequests } from '../../src/renderer/data/first-requests.ts'
import { followEvents } from '../../src/renderer/data/live-queries.ts'
import { createQueryClient } from '../../src/renderer/data/query-client.ts'
import type { Bridge, Envelope } from '../../src/shared/bridge.ts'
import type { CoreEvent } from '../../src/shared/events.ts'

/** A core that answers when the test says so. */
function fakeCore() {
  const asked: string[] = []
  const answers = new Map<string, (envelope: Envelope<unknown>) => void>()
  const listeners = new Set<(event: CoreEvent) => void>()
  const bridge: Bridge = {
    host: 'browser',
    request(route) {
      asked.push(route)
      return new Promise((resolve) => answers.set(route, resolve as (envelope: Envelope<unknown>) => void))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mediaUrl: () => '',
  }
  return {
    bridge,
    asked,
    async answer(route: string, envelope: Envelope<unknown>) {
      answers.get(route)?.(envelope)
      await Promise.resolve()
    },
    publish(event: CoreEvent) {
      for (const listener of listeners) listener(event)
    },
  }
}

const jobsChanged: CoreEvent = { sequence: 1, type: 'data', jobs: 1, transactions: 0, cases: 0, account: false }

test('asks for the overview at its path only', () => {
  const overview = fakeCore()
  sendFirstRequests(overview.bridge, '/', 'ko')
  expect(overview.asked).toContain('overview.get')
  const library = fakeCore()
  sendFirstRequests(library.bridge, '/library', 'ko')
  expect(library.asked).not.toContain('overview.get')
  expect(library.asked).toContain('jobs.counts')
})

test('has the data of an answer at once, also of one that comes later', async () => {
  const core = fakeCore()
  const { all } = sendFirstRequests(core.bridge, '/library', 'ko')
  await core.answer('account.get', { ok: true, data: 'first' })
  const client = createQueryClient(all)
  expect(client.getQueryData(['account.get', {}])).toBe('first')
  const counts = new QueryObserver(client, { queryKey: ['jobs.counts', { agent: undefined }], queryFn: () => 'second' })
  const shown = new Promise((resolve) => counts.subscribe(({ data }) => data && resolve(data)))
  await core.answer('jobs.counts', { ok: true, data: 'first' })
  expect(await shown).toBe('first')
})

test('asks again for what was refused', async () => {
  const core = fakeCore()
  const { all } = sendFirstRequests(core.bridge, '/library', 'ko')
  await core.answer('account.get', { ok: false, error: { code: 'internal', params: {} } })
  const client = createQueryClient(all)
  expect(await client.fetchQuery({ queryKey: ['account.get', {}], queryFn: () => 'second' })).toBe('second')
})

test('reads again what changed after its answer and before the page listened', async () => {
  const core = fakeCore()
  const first = sendFirstRequests(core.bridge, '/library', 'ko')
  await core.answer('jobs.counts', { ok: true, data: 'first' })
  core.publish(jobsChanged)
  const client = createQueryClient(first.all)
  const stop = followEvents(core.bridge, client, first.takeEvents())
  const counts = new QueryObserver(client, { queryKey: ['jobs.counts', {}], queryFn: () => 'second' })
  await new Promise<void>((resolve) => counts.subscribe(({ data }) => data === 'second' && resolve()))
  core.publish({ ...jobsChanged, sequence: 2 })
  expect(first.takeEvents()).toEqual([])
  stop()
})

test('asks again if something changed before an answer that nothing shows yet', async () => {
  const core = fakeCore()
  const first = sendFirstRequests(core.bridge, '/library', 'ko')
  const client = createQueryClient(first.all)
  await client.invalidateQueries({ queryKey: ['jobs.counts'] })
  await core.answer('jobs.counts', { ok: true, data: 'first' })
  await vi.waitUntil(() => core.asked.filter((route) => route === 'jobs.counts').length === 2)
  await core.answer('jobs.counts', { ok: true, data: 'second' })
  await vi.waitUntil(() => client.getQueryData(['jobs.counts', {}]) === 'second')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listAccounts } from '../../src/core/store/accounts/accounts.ts'
import type { Notification } from '../../src/shared/notifications.ts'
import type { SyncState } from '../../src/shared/views.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock } from '../support/core.ts'
import { createFakeService, type FakeService, failure } from '../support/fake-service.ts'
import { applyChangesPage, changesPage, credits } from '../support/pages.ts'
import { makeTransaction, midnight, minute } from '../support/records.ts'

const noon = midnight + 12 * 60 * minute
const day = 24 * 60 * minute
const iso = (time: number) => new Date(time).toISOString()
let folder: ReturnType<typeof temporaryFolder>
let service: FakeService
let app: TestCore
let told: Notification[]

beforeEach(async () => {
  folder = temporaryFolder()
  service = await createFakeService()
})
afterEach(async () => {
  await app.close()
  await service.close()
  folder.remove()
})

/** Starts the app at a time and waits for its first sync. */
async function start(time: number) {
  app = openTestCore(folder.path, service, testClock(time))
  told = []
  app.core.subscribe((event) => event.type === 'notification' && told.push(event.notification))
  app.core.start()
  await synced()
}
/** Waits until the account was read after this call. */
async function synced() {
  const asked = service.requests.length
  await app.core.dispatch('sync.now', {})
  await vi.waitFor(async () => {
    const state = (await app.core.dispatch('sync.state', {})) as { data: SyncState }
    expect(service.requests.length).toBeGreaterThan(asked)
    expect(state.data.status).not.toBe('running')
  }, 10_000)
}
const failedJob = (id: string, at: number) => {
  service.addJob({
    id,
    status: 'failed',
    failure: { code: 'x', origin: 'system' },
    results: [],
    createdAt: iso(at),
    finishedAt: iso(at),
    prompt: `prompt of ${id}`,
  })
  service.addTransaction({ id: `charge-${id}`, jobId: id, amount: -30, occurredAt: iso(at) })
}
const refund = (id: string, at: number) =>
  service.addTransaction({ id: `refund-${id}`, kind: 'refund', jobId: id, amount: 30, occurredAt: iso(at) })

test('tells nothing of a first sync, and then one refund, one result and one overdue refund', async () => {
  failedJob('old', noon - 60 * minute)
  refund('old', noon - 59 * minute)
  failedJob('paid', noon - minute)
  failedJob('unpaid', noon - minute)
  service.addJob({ id: 'runs', status: 'running', results: [], createdAt: iso(noon), finishedAt: null })
  service.addTransaction({ jobId: 'runs', amount: -10, occurredAt: iso(noon) })
  await start(noon)
  expect(told).toEqual([])

  refund('paid', noon + minute)
  service.reviseJob('runs', {
    status: 'succeeded',
    finishedAt: iso(noon + minute),
    results: [{ id: 'r', mimeType: 'image/png', url: 'https://media.example.com/1.png' }],
  })
  app.clock.time = noon + 20 * minute
  await synced()
  await vi.waitFor(() => expect(told).toHaveLength(3))
  const byKind = Object.fromEntries(told.map(({ kind, ...rest }) => [kind, rest]))
  expect(byKind).toEqual({
    refunded: { account: null, cases: ['job:agent-1:paid'], credits: 30, text: 'prompt of paid', at: null },
    ready: { account: null, cases: ['job:agent-1:runs'], credits: 0, text: expect.any(String), at: null },
    overdue: { account: null, cases: ['job:agent-1:unpaid'], credits: 30, text: 'prompt of unpaid', at: null },
  })
  await synced()
  expect(told, 'once only').toHaveLength(3)
})

test('tells what changed while the app was closed, as one notification of each kind', async () => {
  failedJob('a', noon)
  failedJob('b', noon)
  await start(noon + minute)
  await app.close()
  refund('a', noon + 2 * minute)
  refund('b', noon + 2 * minute)
  await start(noon + 3 * minute)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  expect(told).toEqual([
    { kind: 'refunded', account: null, cases: ['job:agent-1:a', 'job:agent-1:b'], credits: 60, text: null, at: null },
  ])
})

test('asks to sign in once', async () => {
  await start(noon)
  service.fault(/^\/v1\/me/, failure(401, 'unauthorized'), 10)
  await synced()
  await synced()
  expect(told.map(({ kind }) => kind)).toEqual(['sign_in'])
})

test('tells of credits three days before they expire, also if that time passed while the app was closed', async () => {
  const expiresAt = noon + 5 * day
  service.account.balances = [
    { source: 'top_up', amount: 70, expiresAt: iso(expiresAt) },
    { source: 'daily_free', amount: 10, expiresAt: iso(noon + 3 * day) },
  ]
  await start(noon)
  expect(told).toEqual([])
  await app.close()
  await start(noon + 3 * day)
  expect(told).toEqual([{ kind: 'expiring', account: null, cases: [], credits: 70, text: null, at: expiresAt }])
  await app.close()
  await start(noon + 4 * day)
  expect(told).toEqual([])
})

test('tells of the accounts that are not shown too, each by itself and with its name', async () => {
  const expiresAt = noon + 5 * day
  service.account.balances = [{ source: 'top_up', amount: 70, expiresAt: iso(expiresAt) }]
  failedJob('paid', noon)
  await start(noon)
  const [first] = listAccounts(app.store.reader)
  await app.close()
  Object.assign(service.account, { id: 'account-2', displayName: 'Second' })
  await start(noon)
  expect(told).toEqual([])

  const back = makeTransaction({ id: 'back', kind: 'refund', jobId: 'paid', amount: 30, occurredAt: noon + minute })
  applyChangesPage(app.store.writer, first?.accountId ?? 0, credits, changesPage([back]), noon + minute)
  app.clock.time = noon + 3 * day
  await synced()
  await vi.waitFor(() => expect(told).toHaveLength(4))
  expect(told.map(({ kind, account, credits }) => [kind, account?.id, credits]).sort()).toEqual([
    ['expiring', 'account-1', 70],
    ['expiring', 'account-2', 70],
    ['overdue', 'account-2', 30],
    ['refunded', 'account-1', 30],
  ])
  expect(told.find(({ account }) => account?.id === 'account-2')?.account).toMatchObject({ displayName: 'Second' })
})

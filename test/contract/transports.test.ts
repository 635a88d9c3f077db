/**
 * The contract over its three transports: in process, by structured clone between threads, and over a real WebSocket.
 */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDownloads } from '../../src/browser-host/downloads.ts'
import { startServer } from '../../src/browser-host/server.ts'
import { type BrowserSession, connect } from '../../src/renderer/bridge/browser.ts'
import type { Envelope } from '../../src/shared/bridge.ts'
import { type ErrorCode, errorCodes } from '../../src/shared/errors.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import type { Reading } from '../../src/shared/imports.ts'
import { type RouteInput, type RouteName, routes } from '../../src/shared/routes.ts'
import { openTestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import fc from '../support/fast-check.ts'
import { startWorkerCore, synced } from '../support/workers.ts'

interface Transport {
  request(route: string, input: unknown): Promise<Envelope<unknown>>
  subscribe(listener: (event: CoreEventBody) => void): () => void
  close(): Promise<void>
}

const now = Date.UTC(2026, 1, 1)
const openTransport: Record<string, (dataDir: string, service: FakeService) => Promise<Transport>> = {
  async 'in process'(dataDir, service) {
    const { core, close } = openTestCore(dataDir, service, testClock(now))
    await core.syncOnce(testPatience)
    core.start()
    return { request: core.dispatch, subscribe: core.subscribe, close }
  },
  async 'between threads'(dataDir, service) {
    const worker = await startWorkerCore(dataDir, service, now)
    await synced(worker)
    return worker.core
  },
  async 'over a WebSocket'(dataDir, service) {
    const worker = await startWorkerCore(dataDir, service, now)
    await synced(worker)
    const server = await startServer(
      worker.core,
      new Map(),
      createDownloads(() => dataDir),
      0,
    )
    const response = await fetch(`${server.origin}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: new URL(server.invite()).hash.slice(1) }),
    })
    const bridge = connect(server.origin, (await response.json()) as BrowserSession)
    return {
      request: bridge.request as Transport['request'],
      subscribe: bridge.subscribe,
      async close() {
        await server.close()
        await worker.core.close()
      },
    }
  },
}

/** A value with so many levels, made without recursion. */
function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 0
  for (let level = 0; level < levels; level++) value = wrap(value)
  return value
}

const jobCase = 'job:agent-1:job-1'
const importReading = {
  layout: 'table',
  headingRow: 0,
  columns: ['time', 'amount'],
  dateOrder: 'year_first',
  zone: 'Asia/Seoul',
  signRule: 'as_written',
  kindWords: [],
  featureWords: [],
} satisfies Reading
const importChoice = {
  upload: 'one',
  source: 'table.csv',
  encoding: null,
  table: 0,
  reading: null,
  account: null,
}
/** A valid input of each route; the type requires an entry for a new route. */
const samples: { [R in RouteName]: RouteInput<R> } = {
  'app.info': {},
  'account.get': {},
  'overview.get': { days: 30, timeZone: 'Asia/Seoul' },
  'jobs.list': { agent: 'agent-1', text: '고양이', limit: 10 },
  'jobs.counts': {},
  'jobs.days': {},
  'jobs.pageKeys': { day: Date.UTC(2026, 0, 27, 15), size: 50 },
  'jobs.get': { agent: 'agent-1', jobId: 'job-1' },
  'credits.list': { timeZone: 'Asia/Seoul' },
  'credits.counts': {},
  'credits.summary': { days: 30, timeZone: 'Asia/Seoul' },
  'credits.findings': { days: 30 },
  'credits.reconcile': {},
  'refunds.list': { tab: 'all' },
  'refunds.counts': {},
  'refunds.get': { case: jobCase },
  'help.lookAround': { case: jobCase, hours: 24 },
  'help.whereabouts': {},
  'support.list': {},
  'support.draft': { cases: [jobCase], language: 'both', timeZone: 'Asia/Seoul', prompts: false, results: false },
  'support.save': { cases: [jobCase], subject: '환불', text: '확인해 주세요.' },
  'support.mail': { id: 1 },
  'support.update': { id: 1, state: 'sent' },
  'support.delete': { id: 1 },
  'support.restore': {
    id: 1,
    state: 'sent',
    cases: [jobCase],
    subject: '환불',
    text: '확인해 주세요.',
    remindAt: null,
    closedBy: null,
    createdAt: 0,
    changedAt: 0,
  },
  'accounts.list': {},
  'accounts.show': { id: 'account-1' },
  'accounts.joinPlan': { id: 'account-1', into: 'account-1' },
  'accounts.separationPlan': { id: 'account-1' },
  'accounts.join': { id: 'account-1', into: 'account-1' },
  'accounts.separate': { id: 'account-1' },
  'accounts.deletionPlan': { id: 'account-1' },
  'accounts.delete': { id: 'unknown', keepsBackups: true },
  'imports.list': {},
  'imports.receive': { upload: 'one', data: btoa('Date,Credits\nnever,none\n') },
  'imports.preview': importChoice,
  'archives.receive': { upload: 'two', data: btoa('x') },
  'archives.preview': { upload: 'two' },
  'archives.import': { upload: 'two' },
  'archives.cancel': {},
  'imports.apply': importChoice,
  'imports.previewReading': { batch: 1, reading: null },
  'imports.reread': { batch: 1, reading: importReading },
  'imports.undo': { batch: 1 },
  'imports.redo': { batch: 1 },
  'matches.get': { case: 'charge:transaction-1' },
  'matches.decide': { case: 'charge:transaction-1', jobs: ['job-1'], answer: 'yes' },
  'marks.set': { case: jobCase, favorite: true },
  'backup.list': {},
  'backup.make': {},
  'backup.restore': { name: 'carat-20260128T120000Z.db' },
  'export.write': { format: 'json' },
  'export.cancel': {},
  'links.get': { language: 'ko' },
  'links.open': { key: 'upgrade', language: 'en' },
  // No media is fetched in this test.
  'originals.pause': { paused: true },
  'originals.keep': { agent: 'agent-1', jobId: 'job-1' },
  'originals.job': { agent: 'agent-1', jobId: 'job-1' },
  'originals.state': {},
  'folders.list': {},
  'folders.state': {},
  'folders.skipped': { batch: 1 },
  'folders.choose': {},
  'folders.add': { path: '/nowhere', agent: 'agent-1', copied: false, account: null },
  'folders.scan': { batch: 1, acceptMissing: false },
  'folders.pause': { batch: 1 },
  'originals.drop': { all: 'waiting' },
  'originals.keepNew': { keep: true },
  'originals.estimate': {},
  'cache.usage': {},
  'cache.clear': {},
  'media.renew': { jobs: [{ agent: 'agent-1', jobId: 'job-1' }] },
  'media.cancel': { agent: 'agent-1', jobId: 'job-1', resultId: 'none', size: 'original' },
  'media.keepTile': { agent: 'agent-1', jobId: 'job-1', resultId: 'none', size: 'tile180', data: btoa('x') },
  'media.subtitles': { agent: 'agent-1', jobId: 'job-1', resultId: 'none' },
  'media.credentials': { agent: 'agent-1', jobId: 'job-1', resultId: 'none' },
  'files.show': { folder: 'data' },
  'files.save': { agent: 'agent-1', jobId: 'job-1', resultId: 'none' },
  'files.drag': { agent: 'agent-1', jobId: 'job-1', resultId: 'none' },
  'files.saveDiagnostics': {},
  'app.diagnostics': {},
  'app.menu': {},
  'app.retryFolder': {},
  'updates.state': {},
  'updates.check': {},
  'updates.install': {},
  'settings.get': {},
  'settings.set': { density: 'compact' },
  'service.get': {},
  'recovery.state': {},
  'recovery.backups': {},
  'recovery.start': {},
  'service.check': { address: 'https://a.example' },
  'service.signIn': { address: 'https://a.example' },
  'service.showSignIn': {},
  'service.cancelSignIn': {},
  'service.connect': { address: 'https://a.example', token: 'token' },
  'service.disconnect': {},
  'sync.state': {},
  'sync.now': {},
  'sync.pause': {},
  'sync.resume': {},
  'sync.acceptListing': { stream: 'credits' },
}

describe.each(Object.entries(openTransport))('%s', (_, open) => {
  let folder: ReturnType<typeof temporaryFolder>
  let service: FakeService
  let transport: Transport
  beforeAll(async () => {
    folder = temporaryFolder()
    service = await createFakeService()
    service.addJob({ id: 'job-1', prompt: '창가의 고양이' })
    service.addTransaction({ jobId: 'job-1', agent: 'agent-1' })
    transport = await open(folder.path, service)
  })
  afterAll(async () => {
    await transport?.close()
    await service.close()
    folder.remove()
  })
  const errorOf = (envelope: Envelope<unknown>) => (envelope.ok ? null : envelope.error)

  it.each(Object.entries(samples))('answers %s with an envelope of plain JSON', async (route, input) => {
    const envelope = await transport.request(route, input)
    expect(Object.keys(envelope).sort()).toEqual(envelope.ok ? ['data', 'ok'] : ['error', 'ok'])
    expect(JSON.parse(JSON.stringify(envelope))).toEqual(envelope)
    expect(['internal', 'invalid_input', 'unknown_route', 'core_stopped']).not.toContain(errorOf(envelope)?.code)
  })

  it('returns the synced rows', async () => {
    const page = await transport.request('jobs.list', { text: '고양이' })
    expect(page).toMatchObject({ ok: true, data: { items: [{ jobId: 'job-1', prompt: '창가의 고양이' }] } })
    expect(await transport.request('jobs.get', { agent: 'agent-1', jobId: 'job-1' })).toMatchObject({ ok: true })
  })

  it('keeps a requested original until it is removed', async () => {
    const job = { agent: 'agent-1', jobId: 'job-1' }
    await transport.request('originals.pause', { paused: true })
    const asked = { status: 'paused', waiting: { originals: 1, bytes: null }, running: [] }
    expect(await transport.request('originals.keep', job)).toMatchObject({ ok: true, data: asked })
    const waiting = { resultId: 'job-1-result', state: 'waiting', bytes: null, error: null }
    expect(await transport.request('originals.job', job)).toEqual({ ok: true, data: [waiting] })
    expect(await transport.request('originals.estimate', {})).toMatchObject({ ok: true, data: { originals: 0 } })
    await transport.request('originals.drop', job)
    expect(await transport.request('originals.job', job)).toEqual({ ok: true, data: [] })
    const estimate = { originals: 1, bytes: 0, ofUnknownSize: 1 }
    expect(await transport.request('originals.estimate', {})).toMatchObject({ ok: true, data: estimate })
  })

  it.each(Object.keys(routes))('refuses an unknown id in %s', async (route) => {
    for (const input of [{ unexpected: 1 }, null, [], 'text', 7]) {
      expect(errorOf(await transport.request(route, input))).toMatchObject({ code: 'invalid_input' })
    }
  })

  it.each(['', 'nothing', 'jobs', 'constructor', '__proto__', 'toString'])('refuses %j as a route', async (route) => {
    expect(errorOf(await transport.request(route, {}))).toEqual({ code: 'unknown_route', params: {} })
  })

  it('answers a request whose input has keys without a value, as Electron sends them', async () => {
    const input = { agent: undefined, text: undefined }
    expect(await transport.request('jobs.days', input)).toMatchObject({ ok: true })
  })

  it.each([
    ['lists in each other', nested(20, (inner) => [inner])],
    ['thousands of lists in each other', nested(3_000, (inner) => [inner])],
    ['thousands of records in each other', nested(2_000, (inner) => ({ a: inner }))],
    ['a million values', Array(1_000_000).fill(0)],
    ['a text of more than a mebibyte', 'a'.repeat(1_048_577)],
  ])('refuses %s as an input, and answers the next request', async (_, value) => {
    for (const input of [value, { limit: value }]) {
      const answer = await transport.request('jobs.list', input)
      expect(errorOf(answer)).toEqual({ code: 'invalid_input', params: { field: '' } })
    }
    expect(await transport.request('jobs.counts', {})).toMatchObject({ ok: true })
  })

  it('names the field of an invalid input', async () => {
    const answer = await transport.request('jobs.list', { limit: 1_000 })
    expect(errorOf(answer)).toEqual({ code: 'invalid_input', params: { field: 'limit' } })
    const missing = await transport.request('jobs.get', { agent: 'agent-1', jobId: 'nothing' })
    expect(errorOf(missing)?.code).toBe<ErrorCode>('not_found')
  })

  it('answers any input with data or a known error code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(routes)), fc.jsonValue(), async (route, input) => {
        const error = errorOf(await transport.request(route, input))
        if (error) expect(errorCodes).toContain(error.code)
        expect(error?.code).not.toBe('internal')
      }),
      { numRuns: 200 },
    )
  })

  it('gives each caller its own answer if calls overlap', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => transport.request('jobs.list', { limit: index + 1, text: `${index}` })),
    )
    expect(answers.every(({ ok }) => ok)).toBe(true)
    const mixed = ['app.info', 'nothing', 'settings.get'].map((route) => transport.request(route, {}))
    expect((await Promise.all(mixed)).map(({ ok }) => ok)).toEqual([true, false, true])
  })

  it('publishes the events of a sync in order', async () => {
    const events: CoreEventBody[] = []
    const unsubscribe = transport.subscribe((event) => events.push(event))
    service.addJob({ id: 'job-2' })
    expect(await transport.request('sync.now', {})).toEqual({ ok: true, data: null })
    await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ type: 'data', jobs: 1 })), 10_000)
    unsubscribe()
    const kinds = events.map(({ type }) => type)
    expect(kinds.indexOf('sync')).toBeLessThan(kinds.indexOf('data'))
    const sequences = events.flatMap((event) => ('sequence' in event ? [event.sequence as number] : []))
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] as number) + index))
    const { length } = events
    await transport.request('settings.set', { density: 'default' })
    expect(events).toHaveLength(length)
  })
})

/** Real cores for the preview, one per state: each has synced the sample account through a service that can fail. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fixedClock } from '../../../src/core/host/clock.ts'
import { openCache } from '../../../src/core/media/cache.ts'
import { createMedia, type Media } from '../../../src/core/media/media.ts'
import type { WireCreditTransaction, WireJob } from '../../../src/core/service/schemas.ts'
import { setSyncPaused } from '../../../src/core/store/accounts/accounts.ts'
import { findResult } from '../../../src/core/store/jobs/results.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import type { RouteName, RouteOutput } from '../../../src/shared/routes.ts'
import type { SyncState } from '../../../src/shared/views.ts'
import { openTestCore, quietLog, type TestCore, temporaryFolder } from '../core.ts'
import { createFakeService, type FakeService, failure } from '../fake-service.ts'
import { colourPng, textChunk } from '../picture-bytes.ts'
import { copiedList } from './copied-list.ts'

/** `loading`, `broken` and `lost` concern the way to the core: the server and the page's bridge apply them. */
export const previewStates = [
  'full',
  'never',
  'empty',
  'syncing',
  'paused',
  'rebuilding',
  'offline',
  'failed',
  'signed-out',
  'overdrawn',
  'lagging',
  'unexplained',
  'sample',
  'imported',
  'loading',
  'broken',
  'lost',
] as const
export type PreviewState = (typeof previewStates)[number]

/** Wednesday, 18 March 2026, 14:20 in Seoul, unless `CARAT_NOW` names another time. */
const previewNow = Date.parse(process.env.CARAT_NOW ?? '2026-03-18T14:20:00+09:00')
/** The sample account is rebuilt too fast to be seen, so the progress that its core reports stands still here. */
const rebuild: SyncState['rebuild'] = { projection: 'cases', done: 480, total: 1_160 }
const hour = 60 * 60_000
const patience = { tries: 1, triesUnreachable: 1, maxWaitMs: 0 }

export interface PreviewCore {
  core: Pick<TestCore['core'], 'dispatch' | 'subscribe'>
  media: Media
}

export interface PreviewCores {
  /** The core of a state, opened at the first call. */
  open(state: PreviewState): Promise<PreviewCore>
  close(): Promise<void>
}

export async function createPreviewCores(): Promise<PreviewCores> {
  const folder = temporaryFolder()
  const sandbox = await startSandbox({ dir: `${folder.path}/sandbox`, fixedNow: previewNow })
  const cores = new Map<PreviewState, Promise<PreviewCore>>()
  const closers: (() => unknown)[] = []

  async function start(state: PreviewState): Promise<PreviewCore> {
    const dataDir = `${folder.path}/${state}`
    const service = await createFakeService()
    await copyAccount(sandbox, service, state !== 'empty')
    const cache = openCache(dataDir, () => Number.MAX_SAFE_INTEGER, quietLog)
    const isSandbox = state === 'sample' || state === 'imported'
    const opened = openTestCore(dataDir, service, fixedClock(previewNow), cache, isSandbox)
    const { core, store } = opened
    // Pictures come from the sandbox itself, so no fault reaches them.
    const media = createMedia({
      dataDir,
      api: sandbox.url,
      lookup: (ref) => findResult(store.reader, ref),
      cache,
      clock: fixedClock(previewNow),
      log: quietLog,
    })
    closers.push(async () => {
      await service.close()
      await opened.close()
      cache.close()
    })
    await reach(state, opened, service, folder.path)
    if (state === 'rebuilding') return { core: changeAnswer(core, 'sync.state', { rebuild }), media }
    return { core, media }
  }

  return {
    open(state) {
      const core = cores.get(state) ?? start(state)
      cores.set(state, core)
      return core
    },
    async close() {
      await Promise.allSettled(cores.values())
      for (const close of closers) await close()
      await sandbox.close()
      folder.remove()
    },
  }
}

/** Brings a core that has not synced yet into its state. */
async function reach(
  state: PreviewState,
  { core, store }: TestCore<unknown>,
  service: FakeService,
  folder: string,
): Promise<void> {
  if (state === 'never') return
  if (state === 'overdrawn') overdraw(service)
  if (state === 'lagging') dropRowsSince(service, previewNow - 36 * hour)
  if (state === 'unexplained') service.account.balance -= 500
  if (state === 'syncing') {
    const secondPage = service.hold(({ path, query }) => path === '/v1/jobs' && 'page' in query, 2)
    // The run ends with an error when the preview closes.
    core.syncOnce(patience).catch(() => {})
    return secondPage.asked
  }
  await core.syncOnce(patience)
  if (state === 'imported') {
    await importList(core)
    await importFolder(core, `${folder}/내 그림`)
  }
  if (state === 'paused') {
    setSyncPaused(store.writer, true)
    core.start()
  }
  if (state === 'offline') await service.close()
  if (state === 'failed') service.fault(/./, failure(500, 'internal'), Number.POSITIVE_INFINITY)
  if (state === 'signed-out') service.fault(/./, failure(401, 'unauthorized'), Number.POSITIVE_INFINITY)
  if (state === 'offline' || state === 'failed' || state === 'signed-out') await core.syncOnce(patience)
}

/** The core, with another value in its answers to a route. */
const changeAnswer = <R extends RouteName>(
  { dispatch, subscribe }: PreviewCore['core'],
  changed: R,
  change: Partial<RouteOutput<R>>,
): PreviewCore['core'] => ({
  subscribe,
  async dispatch(route, input) {
    const answer = await dispatch(route, input)
    return route === changed && answer.ok ? { ok: true, data: { ...(answer.data as object), ...change } } : answer
  },
})

/** Imports a copied list, as a user without a service would. */
async function importList(core: TestCore['core']): Promise<void> {
  const upload = 'preview'
  await core.dispatch('imports.receive', { upload, data: Buffer.from(copiedList).toString('base64') })
  const choice = { encoding: null, table: 0, reading: null, account: null }
  const answer = await core.dispatch('imports.apply', { upload, source: '사용 내역.csv', ...choice })
  if (!answer.ok) throw new Error(`the list was not imported: ${answer.error.code}`)
}

/** Imports a folder of results into the account of the list. */
async function importFolder(core: TestCore['core'], path: string): Promise<void> {
  mkdirSync(path)
  for (let index = 0; index < 9; index++) {
    const prompt = textChunk('parameters', `비 오는 골목의 고양이 ${index}\nSteps: 20, Model: bloom`)
    writeFileSync(
      `${path}/carat_20260128_1421${10 + index}.png`,
      colourPng(index * 40, index % 3 === 0 ? [] : [prompt]),
    )
  }
  writeFileSync(`${path}/메모.txt`, '메모')
  const scanned = new Promise<void>((resolve) => {
    core.subscribe((event) => event.type === 'folders' && event.state.running === null && resolve())
  })
  const answer = await core.dispatch('folders.add', { path, agent: 'agent-2', copied: false, account: 'my-history' })
  if (!answer.ok) throw new Error(`the folder was not added: ${answer.error.code}`)
  await scanned
}

/** Leaves the account with a top-up that was taken away after a part of it was used. */
function overdraw(service: FakeService): void {
  service.transactions.clear()
  const rows = [
    ['top_up', 250, -1_633],
    ['top_up', 500, -1_133],
    ['charge', -36, -1_169],
    ['adjustment', -464, -1_633],
  ] as const
  for (const [index, [kind, amount, balanceAfter]] of rows.entries()) {
    const occurredAt = new Date(previewNow - (4 - index) * hour).toISOString()
    const memo = kind === 'adjustment' ? 'top-up voided' : null
    service.addTransaction({ kind, amount, balanceAfter, occurredAt, feature: kind === 'charge' ? 'chat' : null, memo })
  }
  Object.assign(service.account, { balance: -1_633, balances: [] })
}

/** The service no longer lists what was written since a time, although the balance counts it. */
function dropRowsSince(service: FakeService, time: number): void {
  for (const { id, occurredAt } of service.transactions.values()) {
    if (Date.parse(occurredAt) >= time) service.transactions.delete(id)
  }
}

/** Copies the sample account into the service, with its records unless they are left out. */
async function copyAccount({ url, token }: Sandbox, service: FakeService, withRecords: boolean): Promise<void> {
  const get = async (path: string) => {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`the sandbox answered ${path} with ${answer.status}`)
    return answer.json()
  }
  async function* records<Row>(path: string): AsyncGenerator<Row> {
    for (let page: string | null = ''; page !== null; ) {
      const { items, nextPage } = await get(`${path}limit=1000${page && `&page=${encodeURIComponent(page)}`}`)
      yield* items as Row[]
      page = nextPage
    }
  }
  Object.assign(service.account, await get('/v1/me'))
  if (!withRecords) return
  for (const agent of ['agent-1', 'agent-2']) {
    for await (const job of records<WireJob>(`/v1/jobs?agent=${agent}&`)) service.addJob(job)
  }
  for await (const row of records<WireCreditTransaction>('/v1/credits/transactions?')) service.addTransaction(row)
}

import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { markForRebuild } from '../../src/core/store/projections/projection.ts'
import { beginIndexMerge, continueIndexMerge, isIndexInPieces } from '../../src/core/store/projections/search.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { createSyncEngine } from '../../src/core/sync/engine.ts'
import { createRebuilder } from '../../src/core/sync/rebuild.ts'
import { AppError } from '../../src/shared/errors.ts'
import { quietLog, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeJob, midnight, minute } from '../support/records.ts'

const now = midnight + 10_000 * minute
const folder = temporaryFolder()
let store: Store
let accountId: number

beforeEach(() => {
  store = openStore(folder.path)
  accountId = saveAccount(store.writer, makeAccount(), midnight).accountId
  for (let page = 0; page < 12; page++) list(page, page === 11)
  for (const source of [agent2, credits]) applyListingPage(store.writer, accountId, source, lastPage([]), now)
})
afterEach(() => {
  store.close()
  folder.remove()
})

const lastPage = (items: { id: string }[]) => listingPage(items)

/** Stores a page of 300 jobs, each a minute older than the one before. */
function list(page: number, isLast: boolean): void {
  const items = Array.from({ length: 300 }, (_, index) => {
    const number = page * 300 + index
    return makeJob({
      id: `job-${number}`,
      prompt: `고양이 ${number} 바다${number * 7}`,
      createdAt: now - number * minute,
    })
  })
  applyListingPage(
    store.writer,
    accountId,
    agent1,
    { ...lastPage(items), ...(!isLast && { nextPage: `page-${page}` }) },
    now,
  )
}

const pieces = () => store.reader.prepare('SELECT count(DISTINCT segid) FROM job_search_idx').pluck().get()
const found = (text: string) =>
  listJobs(store.reader, [accountId], { text }, Number.MAX_SAFE_INTEGER, 5_000).rows.length
const isClean = () => verifyStore(store.reader, now).every(({ broken }) => broken === 0)
const rebuilder = (isSyncing = () => false) =>
  createRebuilder({
    database: store.writer,
    dataDir: folder.path,
    clock: testClock(now),
    log: quietLog,
    isSyncing,
    publish() {},
    onProgress() {},
  })

test('merges the pieces that a first sync left, step by step, with every search complete in between', () => {
  expect(isIndexInPieces(store.reader)).toBe(true)
  let steps = 1
  for (let isLeft = beginIndexMerge(store.writer); isLeft; isLeft = continueIndexMerge(store.writer)) {
    if (steps++ === 1)
      applyChangesPage(store.writer, accountId, agent1, changesPage([makeJob({ id: 'new', prompt: '고양이' })]), now)
    expect(found('고양이')).toBe(3_601)
    expect(found('고양이 17')).toBeGreaterThan(20)
  }
  expect(steps).toBeGreaterThan(1)
  expect(isIndexInPieces(store.reader)).toBe(false)
  expect(isClean()).toBe(true)
})

test('goes on after a kill between two steps', async () => {
  beginIndexMerge(store.writer)
  store.close()
  store = openStore(folder.path)
  expect(found('고양이')).toBe(3_600)
  expect(isClean()).toBe(true)
  await rebuilder().run()
  expect(isIndexInPieces(store.reader)).toBe(false)
  expect(isClean()).toBe(true)
})

test('changes nothing before the start of the core has ended', async () => {
  const changes = store.writer.prepare('SELECT total_changes()').pluck()
  const before = changes.get()
  const running = rebuilder().run()
  expect(changes.get()).toBe(before)
  await running
  expect(isIndexInPieces(store.reader)).toBe(false)
})

test('waits until no snapshot is being read', async () => {
  const { run } = rebuilder()
  list(12, false)
  store.writer.prepare(`UPDATE sync_streams SET phase = 'listing' WHERE stream = 'jobs:agent-1'`).run()
  const before = pieces()
  await run()
  expect(pieces()).toBe(before)
  list(13, true)
  await run()
  expect(isIndexInPieces(store.reader)).toBe(false)
})

test('gives the thread to a sync between two steps, and goes on after it', async () => {
  let isSyncing = false
  const { run } = rebuilder(() => isSyncing)
  const merged = run()
  await setImmediate()
  isSyncing = true
  await merged
  applyChangesPage(store.writer, accountId, agent1, changesPage([makeJob({ id: 'new', prompt: '고양이' })]), now)
  const written = () => store.writer.prepare('SELECT total_changes()').pluck().get() as number
  const before = written()
  await run()
  expect(written()).toBe(before)
  isSyncing = false
  await run()
  expect(written()).toBeGreaterThan(before)
  expect(isIndexInPieces(store.reader)).toBe(false)
  expect(found('고양이')).toBe(3_601)
  expect(isClean()).toBe(true)
})

test('merges the segments of changes after their sync, not while they are written', async () => {
  const { run } = rebuilder()
  await run()
  const merged = pieces() as number
  for (let number = 0; number < 6; number++) {
    const job = makeJob({ id: `new ${number}`, prompt: '고양이', createdAt: now - number })
    applyChangesPage(store.writer, accountId, agent1, changesPage([job]), now)
  }
  expect(pieces()).toBe(merged + 6)
  await run()
  expect(pieces()).toBeLessThan(merged + 4)
  expect(found('고양이')).toBe(3_606)
  expect(isClean()).toBe(true)
})

test('lets the writes of a snapshot and of a rebuild merge, and those of changes not', async () => {
  const automerge = () => store.reader.prepare(`SELECT v FROM job_search_config WHERE k = 'automerge'`).pluck().get()
  const { run } = rebuilder()
  await run()
  expect(automerge()).toBe(0)
  store.writer.prepare(`UPDATE sync_streams SET phase = 'listing' WHERE stream = 'jobs:agent-1'`).run()
  await run()
  expect(automerge()).toBe(8)
  store.writer.prepare(`UPDATE sync_streams SET phase = 'changes' WHERE stream = 'jobs:agent-1'`).run()
  markForRebuild(store.writer, ['search'])
  const rebuilt = run()
  await setImmediate()
  expect(automerge()).toBe(8)
  await rebuilt
  expect(automerge()).toBe(0)
})

test('goes on at the end of a sync, also of one that fails', async () => {
  const whileSyncing: boolean[] = []
  const engine = createSyncEngine({
    database: store.writer,
    service: { account: () => Promise.reject(new AppError('unauthorized')) } as unknown as Service,
    clock: testClock(now),
    log: quietLog,
    random: () => 0.5,
    rebuilder: {
      run: async () => {
        whileSyncing.push(engine.isRunning())
      },
      progress: () => null,
    },
    publish: () => {},
    isSample: false,
    dataDir: folder.path,
  })
  await engine.run({ patience: testPatience, confirmed: true })
  expect(whileSyncing).toEqual([false])
  await engine.close()
})

test('merges through a small cache, and leaves it as large as before', async () => {
  const cacheSize = () => store.writer.pragma('cache_size', { simple: true })
  const before = cacheSize()
  const merged = rebuilder().run()
  // Between the first step and the second.
  await setImmediate()
  expect(cacheSize()).toBe(-4_096)
  await merged
  expect(isIndexInPieces(store.reader)).toBe(false)
  expect(cacheSize()).toBe(before)
})

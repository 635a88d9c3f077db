import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/core/store/handles.ts'
import { markForRebuild, pendingRebuild } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { createRebuilder, type Rebuilder } from '../../src/core/sync/rebuild.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import { fileEnd, fillFolder } from './projection-file.ts'

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let rebuilder: Rebuilder
/** The progress at each report. */
let reported: ReturnType<Rebuilder['progress']>[]
let published: CoreEventBody[]
beforeEach(() => {
  folder = temporaryFolder()
  fillFolder(folder.path, 1_200)
  store = openStore(folder.path)
  markForRebuild(store.writer, ['cases', 'period_totals', 'search'])
  reported = []
  published = []
  rebuilder = createRebuilder({
    database: store.writer,
    dataDir: folder.path,
    clock: testClock(fileEnd),
    log: quietLog,
    isSyncing: () => false,
    publish: (event) => published.push(event),
    onProgress: () => reported.push(rebuilder.progress()),
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rebuilder.close()
  store.close()
  folder.remove()
})

/** Each look at the clock is `ms` later than the one before. */
function passTime(ms: number): void {
  let time = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += ms
    return time
  })
}

test('reports the progress of a rebuild that takes long, and none once it has ended', async () => {
  passTime(300)
  await rebuilder.run()
  const shares = reported.slice(0, -1).map((progress) => (progress?.done ?? 0) / (progress?.total ?? 1))
  expect(shares.length).toBeGreaterThan(3)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares[0]).toBeGreaterThan(0)
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
  expect(reported.at(-1)).toBeNull()
  expect(pendingRebuild(store.writer)).toBeNull()
})

test('reports no progress of a rebuild that is over within a second', async () => {
  passTime(1)
  await rebuilder.run()
  expect(reported).toEqual([])
})

test('reports no progress after a slice failed, and rebuilds the rest at the next start', async () => {
  passTime(300)
  store.writer.exec(`CREATE TEMP TRIGGER fail BEFORE UPDATE OF position ON projections WHEN new.done > 1500
    BEGIN SELECT RAISE (ABORT, 'disk'); END`)
  await rebuilder.run()
  expect(reported.length).toBeGreaterThan(1)
  expect(rebuilder.progress()).toBeNull()
  expect(pendingRebuild(store.writer)?.done).toBeGreaterThan(0)
  store.writer.exec('DROP TRIGGER fail')
  await rebuilder.run()
  expect(pendingRebuild(store.writer)).toBeNull()
})

test('publishes that the database is damaged, and rejects nothing, if the index cannot be read', async () => {
  await rebuilder.run()
  published = []
  store.writer.exec('DROP TABLE job_search')
  markForRebuild(store.writer, ['period_totals'])
  await expect(rebuilder.run()).resolves.toBeUndefined()
  expect(published).toContainEqual({
    type: 'damage',
    error: { code: 'database_corrupt', params: { path: folder.path } },
  })
})

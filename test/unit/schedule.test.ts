import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Service } from '../../src/core/service/service.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { SyncEngine } from '../../src/core/sync/engine.ts'
import { type Schedule, startSchedule } from '../../src/core/sync/schedule.ts'
import type { SyncState } from '../../src/shared/views.ts'
import { temporaryFolder, testClock } from '../support/core.ts'

const longerThanAnyInterval = 10 * 60_000
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let schedule: Schedule
let status: SyncState['status']
const run = vi.fn(async () => ({ streams: [] }))
const watch = vi.fn((_onHint: () => void, _signal: AbortSignal) => new Promise<void>(() => {}))

beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  vi.useFakeTimers()
  run.mockClear()
  watch.mockClear()
})
afterEach(() => {
  schedule.close()
  vi.useRealTimers()
  store.close()
  folder.remove()
})

/** The schedule on an engine that only reports its state. */
function start(initial: SyncState['status']): void {
  status = initial
  const engine: Partial<SyncEngine> = {
    run,
    state: () => ({ status, streams: [], lastSuccessAt: 0, nextAt: null, rebuild: null }),
    pause: () => {
      status = 'paused'
    },
    resume: () => {
      status = 'idle'
    },
    evaluate: () => {},
    setNextAt: () => {},
  }
  schedule = startSchedule({
    engine: engine as SyncEngine,
    service: { watch } as Partial<Service> as Service,
    database: store.reader,
    clock: testClock(0),
    random: () => 0,
  })
}
const timePasses = () => vi.advanceTimersByTimeAsync(longerThanAnyInterval)

test('syncs at the start and then periodically', async () => {
  start('idle')
  expect(run).toHaveBeenCalledTimes(1)
  await timePasses()
  expect(run.mock.calls.length).toBeGreaterThan(2)
})

test('starts no sync while it is paused', async () => {
  start('paused')
  schedule.wake()
  await timePasses()
  schedule.wake()
  expect(run).not.toHaveBeenCalled()
  expect(watch).not.toHaveBeenCalled()

  schedule.resume()
  expect(run).toHaveBeenCalledTimes(1)
  expect(watch).toHaveBeenCalledTimes(1)
})

test('cancels the next sync and the event stream on pause', async () => {
  start('idle')
  await vi.advanceTimersByTimeAsync(0)
  run.mockClear()
  schedule.pause()
  await timePasses()
  schedule.wake()
  expect(run).not.toHaveBeenCalled()
  expect(watch.mock.calls[0]?.[1].aborted).toBe(true)
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Service } from '../../src/core/service/service.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { RunOptions, SyncEngine } from '../../src/core/sync/engine.ts'
import { emptyReport } from '../../src/core/sync/report.ts'
import { type Schedule, startSchedule } from '../../src/core/sync/schedule.ts'
import type { SyncState } from '../../src/shared/views.ts'
import { temporaryFolder, testClock } from '../support/core.ts'

const longerThanAnyInterval = 10 * 60_000
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let schedule: Schedule
let status: SyncState['status']
let lastSuccessAt: number | null
/** What the next runs bring. */
let added = 0
const run = vi.fn(async (_options: RunOptions) => ({ streams: [{ ...emptyReport('credits'), added }] }))
const setNextAt = vi.fn()
const watch = vi.fn((_onHint: () => void, _signal: AbortSignal) => new Promise<void>(() => {}))

beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  vi.useFakeTimers()
  run.mockClear()
  watch.mockClear()
  setNextAt.mockClear()
  added = 0
  lastSuccessAt = null
})
afterEach(() => {
  schedule.close()
  vi.useRealTimers()
  store.close()
  folder.remove()
})

/** The schedule on an engine that only reports its state. */
function start(initial: SyncState['status'], clock = testClock(0)): void {
  status = initial
  const engine: Partial<SyncEngine> = {
    run,
    state: () => ({ status, streams: [], lastSuccessAt, nextAt: null, rebuild: null }),
    pause: () => {
      status = 'paused'
    },
    resume: () => {
      status = 'idle'
    },
    evaluate: () => {},
    setNextAt,
  }
  schedule = startSchedule({
    engine: engine as SyncEngine,
    service: { watch } as Partial<Service> as Service,
    database: store.reader,
    clock,
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

describe('if everything was read before', () => {
  beforeEach(() => {
    lastSuccessAt = 0
    start('idle')
  })

  test('leaves the first second to the first screen, also if the window gets the focus', async () => {
    schedule.wake()
    await vi.advanceTimersByTimeAsync(999)
    expect(run).not.toHaveBeenCalled()
    expect(watch).not.toHaveBeenCalled()
    expect(schedule.isWaiting()).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(run).toHaveBeenCalledTimes(1)
    expect(watch).toHaveBeenCalledTimes(1)
    expect(schedule.isWaiting()).toBe(false)
  })

  test('syncs at once if the user asks, and not again after the first second', async () => {
    schedule.syncNow()
    expect(run.mock.calls).toEqual([[expect.objectContaining({ confirmed: true })]])
    expect(watch).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('starts no sync after a pause or the end', async () => {
    schedule.pause()
    await timePasses()
    schedule.close()
    start('idle')
    schedule.close()
    await timePasses()
    expect(run).not.toHaveBeenCalled()
  })
})

test('syncs once after the machine slept for hours, however often it is told that it woke up', async () => {
  start('idle')
  await vi.advanceTimersByTimeAsync(0)
  run.mockClear()
  // Timers stand still while the machine sleeps, and the time goes on.
  const wokeUp = performance.now() + 8 * 3_600_000
  const clock = vi.spyOn(performance, 'now').mockReturnValue(wokeUp)
  for (let count = 0; count < 5; count++) schedule.wake()
  await vi.advanceTimersByTimeAsync(0)
  expect(run).toHaveBeenCalledTimes(1)
  clock.mockRestore()
})

test('syncs after a sleep of which only the clock knows, also if it has just synced', async () => {
  const hour = 3_600_000
  let time = 0
  start('idle', { ...testClock(0), now: () => time })
  await vi.advanceTimersByTimeAsync(0)
  run.mockClear()
  schedule.wake()
  expect(run).not.toHaveBeenCalled()
  time = 8 * hour
  for (let count = 0; count < 5; count++) schedule.wake()
  expect(run).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(0)
  // The clock was corrected to an earlier time.
  time = 7 * hour
  schedule.wake()
  expect(run).toHaveBeenCalledTimes(2)
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

describe('hints of the service', () => {
  const minute = 60_000
  const hint = () => watch.mock.calls[0]?.[0]()
  /** A hundred hints a second for a minute. */
  async function flood(): Promise<void> {
    for (let time = 0; time < minute; time += 10) {
      hint()
      await vi.advanceTimersByTimeAsync(10)
    }
  }
  beforeEach(async () => {
    start('idle')
    await vi.advanceTimersByTimeAsync(minute)
    run.mockClear()
    setNextAt.mockClear()
  })

  test('cause a sync at once, and another one for those that come meanwhile', async () => {
    added = 1
    hint()
    await vi.advanceTimersByTimeAsync(0)
    expect(run).toHaveBeenCalledTimes(1)
    hint()
    hint()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('cause ever fewer syncs while thousands of them bring nothing new', async () => {
    await flood()
    expect(run.mock.calls.length).toBeLessThan(8)
    expect(setNextAt.mock.calls.length).toBeLessThan(20)
    run.mockClear()
    await flood()
    expect(run.mock.calls.length).toBeLessThan(3)
  })

  test('cause at most one sync a second if each brings something new', async () => {
    added = 1
    await flood()
    expect(run.mock.calls.length).toBeGreaterThan(30)
    expect(run.mock.calls.length).toBeLessThan(62)
  })

  test('cause a sync at once again after a flood has ended', async () => {
    await flood()
    await timePasses()
    run.mockClear()
    hint()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(run).toHaveBeenCalledTimes(1)
  })
})

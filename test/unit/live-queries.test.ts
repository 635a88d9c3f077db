import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { followEvents } from '../../src/renderer/data/live-queries.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { CoreEvent, CoreEventBody } from '../../src/shared/events.ts'
import { defaultNotifications } from '../../src/shared/settings.ts'
import { makeSyncState } from '../support/records.ts'

const dataEvent = { type: 'data', jobs: 1, transactions: 1, cases: 1, account: false } as const

const paused = makeSyncState({ status: 'paused' })

/** The event stream of a bridge. The test publishes; sequence numbers count up unless they are given. */
function createEvents() {
  let sequence = 0
  const listeners = new Set<(event: CoreEvent) => void>()
  const bridge: Pick<Bridge, 'subscribe'> = {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const publish = (event: CoreEventBody, number = sequence + 1) => {
    sequence = number
    for (const listener of listeners) listener({ ...event, sequence })
  }
  return { bridge: bridge as Bridge, publish }
}

describe('the events of the core', () => {
  const keys = ['jobs.list', 'credits.list', 'refunds.list', 'overview.get', 'account.get', 'app.info']
  let client: QueryClient
  const stale = () => keys.filter((key) => client.getQueryState([key, {}])?.isInvalidated)

  beforeEach(() => {
    vi.useFakeTimers()
    client = new QueryClient()
    for (const key of keys) client.setQueryData([key, {}], {})
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('makes the lists stale at once if records arrive, and the account only if it changed', async () => {
    const { bridge, publish } = createEvents()
    followEvents(bridge, client)
    publish(dataEvent)
    expect(stale()).toEqual(['jobs.list', 'credits.list', 'refunds.list', 'overview.get'])

    publish({ ...dataEvent, account: true })
    await vi.advanceTimersByTimeAsync(100)
    expect(stale()).toContain('account.get')
    expect(stale()).not.toContain('app.info')
  })

  test('refetches at once, then with growing pauses, and never while a refetch still runs', async () => {
    const { bridge, publish } = createEvents()
    followEvents(bridge, client)
    const start = Date.now()
    const refetches: number[] = []
    vi.spyOn(client, 'invalidateQueries').mockImplementation(async () => {
      refetches.push(Date.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    for (let page = 0; page < 100; page++) {
      publish(dataEvent)
      await vi.advanceTimersByTimeAsync(50)
    }
    // Each call takes 200 ms, and the pauses between calls take 100, 200, 400 and then 800 ms.
    expect(refetches).toEqual([0, 300, 700, 1_300, 2_300, 3_300, 4_300])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(refetches).toHaveLength(8)
    publish(dataEvent)
    expect(refetches).toHaveLength(9)
  })

  test('shows the counts of a sync at most twice a second, and a new status at once', async () => {
    const { bridge, publish } = createEvents()
    followEvents(bridge, client)
    const shown = vi.spyOn(client, 'setQueryData')
    for (let page = 0; page < 100; page++) {
      publish({ type: 'sync', state: makeSyncState({ status: 'running', nextAt: page }) })
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(shown.mock.calls.length).toBeLessThanOrEqual(6)
    publish({ type: 'sync', state: paused })
    expect(client.getQueryData(['sync.state', {}])).toEqual(paused)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(client.getQueryData(['sync.state', {}])).toEqual(paused)
  })

  test('takes the sync state and the settings from the event itself', () => {
    const { bridge, publish } = createEvents()
    followEvents(bridge, client)
    const failed = makeSyncState({ status: 'failed' })
    publish({ type: 'sync', state: failed })
    publish({
      type: 'settings',
      settings: {
        language: 'both',
        theme: 'dark',
        density: 'compact',
        libraryView: 'list',
        cacheLimit: 5,
        runsInBackground: false,
        startsAtLogin: false,
        notifications: defaultNotifications,
        showsBadge: true,
        welcomeDismissed: false,
      },
    })
    expect(client.getQueryData(['sync.state', {}])).toEqual(failed)
    expect(client.getQueryData(['settings.get', {}])).toMatchObject({ language: 'both' })
  })

  test('makes everything stale if a sequence number is missing', () => {
    const { bridge, publish } = createEvents()
    followEvents(bridge, client)
    publish({ type: 'sync', state: makeSyncState() }, 7)
    publish({ type: 'sync', state: makeSyncState() }, 8)
    expect(stale()).toEqual([])
    publish({ type: 'sync', state: makeSyncState() }, 10)
    expect(stale()).toEqual(keys)
  })

  test('ignores events after it was stopped', async () => {
    const { bridge, publish } = createEvents()
    const stop = followEvents(bridge, client)
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    publish(dataEvent)
    publish(dataEvent)
    stop()
    publish(dataEvent)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(invalidate).toHaveBeenCalledTimes(1)
  })
})

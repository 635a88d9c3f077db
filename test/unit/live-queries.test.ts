import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { followEvents } from '../../src/renderer/data/live-queries.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import { createFixtureBridge } from '../support/fixture-bridge.ts'
import { syncStates } from '../support/fixture-data.ts'

const dataEvent = { type: 'data', jobs: 1, transactions: 1, cases: 1, account: false } as const

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

  test('new records make the lists stale at once, and the account only where it changed', async () => {
    const bridge = createFixtureBridge()
    followEvents(bridge, client)
    bridge.publish(dataEvent)
    expect(stale()).toEqual(['jobs.list', 'credits.list', 'refunds.list', 'overview.get'])

    bridge.publish({ ...dataEvent, account: true })
    await vi.advanceTimersByTimeAsync(100)
    expect(stale()).toContain('account.get')
    expect(stale()).not.toContain('app.info')
  })

  test('page after page of a sync is read again at once, then ever more rarely, and never while that still runs', async () => {
    const bridge = createFixtureBridge()
    followEvents(bridge, client)
    const start = Date.now()
    const refetches: number[] = []
    vi.spyOn(client, 'invalidateQueries').mockImplementation(async () => {
      refetches.push(Date.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    for (let page = 0; page < 100; page++) {
      bridge.publish(dataEvent)
      await vi.advanceTimersByTimeAsync(50)
    }
    // Each call takes 200, and the pauses between two of them 100, 200, 400, and then 800.
    expect(refetches).toEqual([0, 300, 700, 1_300, 2_300, 3_300, 4_300])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(refetches).toHaveLength(8)
    bridge.publish(dataEvent)
    expect(refetches).toHaveLength(9)
  })

  test('what a sync counts shows twice a second, and a new status at once', async () => {
    const bridge = createFixtureBridge()
    followEvents(bridge, client)
    const shown = vi.spyOn(client, 'setQueryData')
    for (let page = 0; page < 100; page++) {
      bridge.publish({ type: 'sync', state: { ...syncStates.reading, nextAt: page } })
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(shown.mock.calls.length).toBeLessThanOrEqual(6)
    bridge.publish({ type: 'sync', state: syncStates.paused })
    expect(client.getQueryData(['sync.state', {}])).toEqual(syncStates.paused)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(client.getQueryData(['sync.state', {}])).toEqual(syncStates.paused)
  })

  test('sync and settings are taken from the event itself', () => {
    const bridge = createFixtureBridge()
    followEvents(bridge, client)
    bridge.publish({ type: 'sync', state: syncStates.failed })
    bridge.publish({
      type: 'settings',
      settings: { language: 'both', theme: 'dark', density: 'compact', libraryView: 'list', cacheLimit: 5 },
    })
    expect(client.getQueryData(['sync.state', {}])).toEqual(syncStates.failed)
    expect(client.getQueryData(['settings.get', {}])).toMatchObject({ language: 'both' })
  })

  test('a gap in the sequence makes everything stale', () => {
    let publish: (event: CoreEvent) => void = () => {}
    const bridge = createFixtureBridge()
    bridge.subscribe = (listener) => {
      publish = listener
      return () => {}
    }
    followEvents(bridge, client)
    publish({ sequence: 7, type: 'sync', state: syncStates.synced })
    publish({ sequence: 8, type: 'sync', state: syncStates.synced })
    expect(stale()).toEqual([])
    publish({ sequence: 10, type: 'sync', state: syncStates.synced })
    expect(stale()).toEqual(keys)
  })

  test('nothing is followed once stopped', async () => {
    const bridge = createFixtureBridge()
    const stop = followEvents(bridge, client)
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    bridge.publish(dataEvent)
    bridge.publish(dataEvent)
    stop()
    bridge.publish(dataEvent)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(invalidate).toHaveBeenCalledTimes(1)
  })
})

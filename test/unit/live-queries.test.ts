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

  test('new records make the lists stale once per 300 ms, and the account only where it changed', () => {
    const bridge = createFixtureBridge()
    followEvents(bridge, client)
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    for (let count = 0; count < 20; count++) bridge.publish(dataEvent)
    expect(stale()).toEqual([])
    vi.advanceTimersByTime(300)
    expect(invalidate).toHaveBeenCalledTimes(1)
    expect(stale()).toEqual(['jobs.list', 'credits.list', 'refunds.list', 'overview.get'])

    bridge.publish({ ...dataEvent, account: true })
    vi.advanceTimersByTime(300)
    expect(stale()).toContain('account.get')
    expect(stale()).not.toContain('app.info')
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

  test('nothing is followed once stopped', () => {
    const bridge = createFixtureBridge()
    const stop = followEvents(bridge, client)
    bridge.publish(dataEvent)
    stop()
    bridge.publish(dataEvent)
    vi.advanceTimersByTime(1000)
    expect(stale()).toEqual([])
  })
})

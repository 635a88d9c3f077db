import type { QueryClient } from '@tanstack/react-query'
import type { Bridge } from '../../shared/bridge.ts'
import type { CoreEvent } from '../../shared/events.ts'
import { refreshOf } from '../../shared/refreshes.ts'
import type { SyncState } from '../../shared/views.ts'
import { createThrottle } from './throttle.ts'

/** During a sync, lists refetch quickly at first, then less than once a second; counts change twice a second. */
const recordPauses = [100, 200, 400, 800] as const
const countPauses = [500] as const
const syncKey = ['sync.state', {}]

/**
 * Updates the queries of `client` on events of the core, until the returned function is called. `missed`: those since the first
 * query was sent, in order.
 */
export function followEvents(bridge: Bridge, client: QueryClient, missed: CoreEvent[] = []): () => void {
  let lastSequence: number | null = null
  let accountChanged = false
  let sync: SyncState | undefined

  const showSync = () => client.setQueryData(syncKey, sync)
  const counts = createThrottle(showSync, countPauses)
  const records = createThrottle(() => {
    const account = accountChanged
    accountChanged = false
    return client.invalidateQueries({
      predicate: ({ queryKey: [route] }) => {
        const refresh = refreshOf(route)
        return refresh === 'data' || (account && refresh === 'account')
      },
    })
  }, recordPauses)

  const receive = (event: CoreEvent) => {
    const skipped = lastSequence !== null && event.sequence !== lastSequence + 1
    lastSequence = event.sequence
    if (skipped) client.invalidateQueries()

    if (event.type === 'sync') {
      sync = event.state
      if (sync.status === client.getQueryData<SyncState>(syncKey)?.status) counts.changed()
      else showSync()
    } else if (event.type === 'settings') {
      client.setQueryData(['settings.get', {}], event.settings)
    } else if (event.type === 'service') {
      client.invalidateQueries({ queryKey: ['service.get'] })
    } else if (event.type === 'damage') {
      client.setQueryData(['recovery.state', {}], { damage: event.error })
    } else if (event.type === 'originals') {
      client.setQueryData(['originals.state', {}], event.state)
      client.invalidateQueries({ predicate: ({ queryKey: [route] }) => refreshOf(route) === 'originals' })
    } else if (event.type === 'folders') {
      client.setQueryData(['folders.state', {}], event.state)
    } else if (event.type === 'data') {
      accountChanged ||= event.account
      records.changed()
    }
  }
  for (const event of missed) receive(event)
  const unsubscribe = bridge.subscribe(receive)
  return () => {
    unsubscribe()
    counts.stop()
    records.stop()
  }
}

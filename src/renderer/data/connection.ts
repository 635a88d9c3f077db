import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Stream } from '../../shared/values.ts'
import type { SyncState } from '../../shared/views.ts'
import { useIsImported } from './account.ts'
import { useRoute } from './hooks.ts'
import { isConnectionLoss } from './request.ts'

const pulseMs = 15_000
const retryMs = 2_000

export interface Connection {
  /** The last known state of the sync. */
  sync: SyncState | undefined
  lost: boolean
  retry: () => void
}

/** The state of the sync. Polled, because the answer also shows that the core can be reached. */
export function useConnection(): Connection {
  const query = useRoute(
    'sync.state',
    {},
    {
      refetchInterval: ({ state }) => (isConnectionLoss(state.error) ? retryMs : pulseMs),
    },
  )
  return { sync: query.data, lost: isConnectionLoss(query.error), retry: () => query.refetch() }
}

/** Whether no sync has finished yet, so that records may be missing. An account of imports is never synced. */
export function useUnread(): boolean {
  const isImported = useIsImported()
  const { sync } = useConnection()
  return sync?.lastSuccessAt === null && !isImported
}

/** Whether a stream was ever read to its end; undefined until the sync state is loaded. */
export function useReadWhole(stream: Stream): boolean | undefined {
  const state = useConnection().sync?.streams.find((state) => state.stream === stream)
  return state && state.lastSuccessAt !== null
}

/** Refetches everything once a lost connection is back. */
export function useRefetchAfterLoss(lost: boolean): void {
  const client = useQueryClient()
  const wasLost = useRef(false)
  useEffect(() => {
    if (wasLost.current && !lost) client.invalidateQueries()
    wasLost.current = lost
  }, [lost, client])
}

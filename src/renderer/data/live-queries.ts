import type { QueryClient } from '@tanstack/react-query'
import type { Bridge } from '../../shared/bridge.ts'

const throttleMs = 300
const recordRoutes = /^(overview|jobs|credits|refunds|support|help)\./

/** Keeps the queries of `client` true to the events of the core until the returned function is called. */
export function followEvents(bridge: Bridge, client: QueryClient): () => void {
  let lastSequence: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let accountChanged = false

  const refetchRecords = () => {
    const account = accountChanged
    accountChanged = false
    client.invalidateQueries({
      predicate: ({ queryKey }) => recordRoutes.test(String(queryKey[0])) || (account && queryKey[0] === 'account.get'),
    })
  }
  const scheduleRefetch = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      refetchRecords()
    }, throttleMs)
  }

  const unsubscribe = bridge.subscribe((event) => {
    const missed = lastSequence !== null && event.sequence !== lastSequence + 1
    lastSequence = event.sequence
    if (missed) client.invalidateQueries()

    if (event.type === 'sync') {
      client.setQueryData(['sync.state', {}], event.state)
    } else if (event.type === 'settings') {
      client.setQueryData(['settings.get', {}], event.settings)
    } else if (event.type === 'originals') {
      client.setQueryData(['originals.state', {}], event.state)
      client.invalidateQueries({ queryKey: ['originals.job'] })
    } else if (event.type === 'data') {
      accountChanged ||= event.account
      scheduleRefetch()
    }
  })
  return () => {
    unsubscribe()
    clearTimeout(timer)
  }
}

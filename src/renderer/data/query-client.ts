import { QueryCache, QueryClient } from '@tanstack/react-query'
import type { AppError } from '../../shared/errors.ts'
import { isConnectionLoss } from './request.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: AppError
  }
}

/** Events of the core invalidate queries, so there is no refetching by age, focus or network state. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        // useConnection polls the sync state to detect lost connections; it must not trigger itself.
        if (isConnectionLoss(error) && query.queryKey[0] !== 'sync.state') {
          client.invalidateQueries({ queryKey: ['sync.state'] })
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

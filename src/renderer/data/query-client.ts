import { QueryCache, QueryClient } from '@tanstack/react-query'
import type { AppError } from '../../shared/errors.ts'
import type { FirstRequest } from './first-requests.ts'
import { dataOf, isConnectionLoss } from './request.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: AppError
  }
}

/**
 * Events of the core invalidate queries, so there is no refetching by age, focus or network state. Queries whose request was
 * already sent take its answer.
 */
export function createQueryClient(first: FirstRequest[] = []): QueryClient {
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
  for (const request of first) takeAnswer(client, request)
  return client
}

/** A refused request leaves no trace: the component that needs it asks again, and shows the error. */
function takeAnswer(client: QueryClient, { key, answer, askAgain, settled }: FirstRequest): void {
  if (settled?.envelope.ok) client.setQueryData(key, settled.envelope.data, { updatedAt: settled.at })
  if (settled) return
  client.prefetchQuery({
    queryKey: key,
    async queryFn() {
      const envelope = await answer
      // An event may have told of a change that the answer does not have.
      return dataOf(client.getQueryState(key)?.isInvalidated ? await askAgain() : envelope)
    },
  })
}

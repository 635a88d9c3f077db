import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { createContext, use, useEffect, useEffectEvent } from 'react'
import type { Bridge } from '../../shared/bridge.ts'
import type { AppError } from '../../shared/errors.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../shared/routes.ts'
import type { Page } from '../../shared/views.ts'
import { request } from './request.ts'

export const BridgeContext = createContext<Bridge | null>(null)

export function useBridge(): Bridge {
  const bridge = use(BridgeContext)
  if (!bridge) throw new Error('useBridge outside of BridgeContext')
  return bridge
}

type QueryOptions<R extends RouteName> = Omit<
  UseQueryOptions<RouteOutput<R>, AppError, RouteOutput<R>>,
  'queryKey' | 'queryFn'
>

/** Reads a route. After a change of input, the previous answer stays until the new answer has arrived. */
export function useRoute<R extends RouteName>(route: R, input: RouteInput<R>, options?: QueryOptions<R>) {
  const bridge = useBridge()
  return useQuery<RouteOutput<R>, AppError, RouteOutput<R>>({
    placeholderData: keepPreviousData as QueryOptions<R>['placeholderData'],
    ...options,
    queryKey: [route, input],
    queryFn: () => request(bridge, route, input),
  })
}

type PagedRoute = { [R in RouteName]: RouteOutput<R> extends Page<unknown> ? R : never }[RouteName]
type Pages<R extends PagedRoute> = { pages: RouteOutput<R>[] }

/** Reads a paged route, newest row first; `fetchNextPage` appends the next page. */
export function usePages<R extends PagedRoute>(
  route: R,
  input: Omit<RouteInput<R>, 'before'>,
): UseInfiniteQueryResult<Pages<R>, AppError> {
  const bridge = useBridge()
  return useInfiniteQuery({
    placeholderData: keepPreviousData,
    queryKey: [route, input, 'pages'],
    queryFn: ({ pageParam }) => request(bridge, route, { ...input, before: pageParam } as RouteInput<R>),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })
}

/** Sends a command with `mutate(input)` or `mutateAsync(input)`. An event then refreshes the changed data. */
export function useCommand<R extends RouteName>(route: R) {
  const bridge = useBridge()
  return useMutation<RouteOutput<R>, AppError, RouteInput<R>>({ mutationFn: (input) => request(bridge, route, input) })
}

/** Lets the host open a data folder again that it shows from a copy. Every answer on the page is then out of date. */
export function useRetryFolder() {
  const bridge = useBridge()
  const client = useQueryClient()
  return useMutation<null, AppError, void>({
    mutationFn: () => request(bridge, 'app.retryFolder', {}),
    onSuccess: () => client.invalidateQueries(),
  })
}

/** Calls `onFailure` with the error of every command that fails, whatever else answers it. */
export function useFailedCommands(onFailure: (error: AppError) => void): void {
  const client = useQueryClient()
  const fail = useEffectEvent(onFailure)
  useEffect(
    () =>
      client.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') fail(event.action.error as AppError)
      }),
    [client],
  )
}

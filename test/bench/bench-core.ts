/** The core in its two threads, as the hosts run it, on the folder of a bench account. */
import type { CoreEvent } from '../../src/shared/events.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import type { SyncState } from '../../src/shared/views.ts'
import { startWorkerCore } from '../support/workers.ts'
import type { BenchService } from './bench-service.ts'
import { now } from './calendar.ts'

export interface BenchCore {
  /** Requests a route as the host's thread does. Throws if the answer is an error. */
  ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>>
  /** Resolves with the first event that `accept` accepts. */
  next(accept: (event: CoreEvent) => boolean): Promise<CoreEvent>
  subscribe(listener: (event: CoreEvent) => void): () => void
  /** Syncs until nothing is left. Rejects if a stream fails. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Opens the core; it begins to sync by itself. */
export async function openCore(dataDir: string, service: BenchService): Promise<BenchCore> {
  const { core } = await startWorkerCore(dataDir, service, now)

  async function ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
    const answer = await core.request(route, input)
    if (!answer.ok) throw new Error(`${route}: ${answer.error.code}`)
    return answer.data as RouteOutput<R>
  }

  const next = (accept: (event: CoreEvent) => boolean) =>
    new Promise<CoreEvent>((resolve) => {
      const stop = core.subscribe((event) => {
        if (!accept(event)) return
        stop()
        resolve(event)
      })
    })

  return {
    ask,
    next,
    subscribe: core.subscribe,
    async sync() {
      let began = false
      const ended = next((event) => {
        if (event.type !== 'sync') return false
        began ||= event.state.status === 'running'
        return began && event.state.status !== 'running'
      })
      await ask('sync.now', {})
      const { state } = (await ended) as { state: SyncState }
      const failed = state.streams.find(({ error }) => error)
      if (failed) throw new Error(`${failed.stream}: ${failed.error?.code}`)
    },
    close: () => core.close(),
  }
}

/** Opens the core and waits until its first sync ends, with success or failure. */
export async function openIdleCore(dataDir: string, service: BenchService): Promise<BenchCore> {
  const core = await openCore(dataDir, service)
  const ended = core.next((event) => event.type === 'sync' && event.state.status !== 'running')
  if ((await core.ask('sync.state', {})).status === 'running') await ended
  return core
}

/** The core in its two threads, as the hosts run it, on the folder of a bench account. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
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
      const ended = runEnd(next, false)
      await ask('sync.now', {})
      const { state } = (await ended) as { state: SyncState }
      const failed = state.streams.find(({ error }) => error)
      if (failed) throw new Error(`${failed.stream}: ${failed.error?.code}`)
    },
    close: () => core.close(),
  }
}

/** Resolves with the event that ends a sync: the running one, else the next. */
function runEnd(next: BenchCore['next'], isRunning: boolean): Promise<CoreEvent> {
  let began = isRunning
  return next((event) => {
    if (event.type !== 'sync') return false
    began ||= event.state.status === 'running'
    return began && event.state.status !== 'running'
  })
}

/** Longer than the time between two steps of a merge of the search index. */
const quietMs = 500

/** Opens the core and waits until it has synced, with success or failure, and writes no longer. */
export async function openIdleCore(dataDir: string, service: BenchService): Promise<BenchCore> {
  const core = await openCore(dataDir, service)
  const isRunning = (await core.ask('sync.state', {})).status === 'running'
  const ended = runEnd(core.next, isRunning)
  // A core that has synced before leaves its first second to the first screen.
  if (!isRunning) await core.ask('sync.now', {})
  await ended
  await untilQuiet(dataDir)
  return core
}

/** Resolves once nothing was written to the database for a while: after a first sync, its search index is merged. */
async function untilQuiet(dataDir: string): Promise<void> {
  const database = new Database(join(dataDir, 'carat.db'), { readonly: true })
  const version = () => database.pragma('data_version', { simple: true })
  let before: unknown
  do {
    before = version()
    await wait(quietMs)
  } while (version() !== before)
  database.close()
}

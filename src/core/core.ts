import type { Envelope } from '../shared/bridge.ts'
import type { CoreEventBody } from '../shared/events.ts'
import type { LinkTable } from '../shared/links.ts'
import type { AppInfo } from '../shared/views.ts'
import { type Reminders, startReminders } from './host/reminders.ts'
import type { MediaCache } from './media/cache.ts'
import { createOriginalsQueue } from './media/originals-queue.ts'
import type { Clock, Log, SettingsStore } from './ports.ts'
import type { RouteContext } from './routes/context.ts'
import { dispatch } from './routes/dispatch.ts'
import type { Service } from './service/service.ts'
import type { Store } from './store/store.ts'
import { createSyncEngine, type SyncReport } from './sync/engine.ts'
import type { Patience } from './sync/pull.ts'
import { type Schedule, startSchedule } from './sync/schedule.ts'

/** Where the parts of one core come from. A core without a writer and a service only answers queries. */
export interface CorePorts {
  store: Store
  /** Null beside another thread that owns it. */
  cache: MediaCache | null
  clock: Clock
  log: Log
  links: LinkTable
  info: Omit<AppInfo, 'now' | 'clockIsFixed'>
  service: Service | null
  settings: SettingsStore | null
  random: () => number
}

export interface Core {
  /** The only entry: validates, calls, and never throws. */
  dispatch(route: string, input: unknown): Promise<Envelope<unknown>>
  subscribe(listener: (event: CoreEventBody) => void): () => void
  /** Begins to sync on a schedule, to flip cases whose wait has run out, to remind, and to keep the originals that are asked for. */
  start(): void
  /** The window got focus or the machine woke up: sync soon. */
  wake(): void
  /** One sync until caught up, as stubborn as `patience` says. */
  syncOnce(patience: Patience): Promise<SyncReport>
  /** Stops the sync, waits for the page in flight, and closes nothing that was passed in. */
  close(): Promise<void>
}

/** Puts one core together; the only place where its parts meet. */
export function createCore(ports: CorePorts): Core {
  const { store, cache, clock, log, links, info, service, settings, random } = ports
  const listeners = new Set<(event: CoreEventBody) => void>()
  let reminders: Reminders | null = null
  const publish = (event: CoreEventBody) => {
    for (const listener of listeners) listener(event)
    if (event.type !== 'data') return
    reminders?.check()
    keeper?.wake()
  }
  const engine =
    store.writer && service ? createSyncEngine({ database: store.writer, service, clock, log, random, publish }) : null
  const { dataDir, api } = info
  const keeper =
    store.writer && createOriginalsQueue({ database: store.writer, dataDir, api, clock, log, random, publish })
  let schedule: Schedule | null = null
  const sync = engine && {
    state: () => engine.state(),
    accept: engine.accept,
    syncNow: () => schedule?.syncNow(),
    pause: () => schedule?.pause(),
    resume: () => schedule?.resume(),
  }
  const context: RouteContext = {
    database: store.reader,
    writer: store.writer,
    publish,
    clock,
    links,
    info,
    sync,
    keeper,
    cache,
    settings,
  }
  const needEngine = () => {
    if (!engine) throw new Error('this core has no writer')
    return engine
  }

  return {
    dispatch: async (route, input) => dispatch(route, input, context, log),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      schedule ??= startSchedule({
        engine: needEngine(),
        service: service as Service,
        database: store.reader,
        clock,
        random,
      })
      reminders ??= startReminders(store.reader, clock, publish)
      keeper?.start()
    },
    wake: () => schedule?.wake(),
    syncOnce: (patience) => needEngine().run({ patience, confirmed: true }),
    async close() {
      schedule?.close()
      reminders?.close()
      await Promise.all([engine?.close(), keeper?.close()])
      listeners.clear()
    },
  }
}

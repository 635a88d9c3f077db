import type { Envelope } from '../shared/bridge.ts'
import type { CoreEventBody } from '../shared/events.ts'
import type { LinkTable } from '../shared/links.ts'
import type { AppInfo } from '../shared/views.ts'
import type { Clock, Log, SettingsStore } from './ports.ts'
import type { Service } from './service/service.ts'
import type { Store } from './store/store.ts'

/** Where the parts of one core come from. A core without a service only answers queries; one without settings has none. */
export interface CorePorts {
  store: Store
  clock: Clock
  log: Log
  links: LinkTable
  info: AppInfo
  service: Service | null
  settings: SettingsStore | null
}

export interface Core {
  /** The only entry: validates, calls, and never throws. */
  dispatch(route: string, input: unknown): Promise<Envelope<unknown>>
  subscribe(listener: (event: CoreEventBody) => void): () => void
  /** Begins to sync on a schedule, and to flip cases whose wait has run out. */
  start(): void
  /** The window got focus or the machine woke up: sync soon. */
  wake(): void
  /** Stops the sync, waits for the page in flight, and closes nothing that was passed in. */
  close(): Promise<void>
}

export declare function createCore(ports: CorePorts): Core

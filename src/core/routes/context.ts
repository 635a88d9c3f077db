import { AppError } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { LinkTable } from '../../shared/links.ts'
import type { RouteArguments, RouteName, RouteOutput } from '../../shared/routes.ts'
import type { RecordStream } from '../../shared/values.ts'
import type { AppInfo, SyncState } from '../../shared/views.ts'
import type { MediaCache } from '../media/cache.ts'
import type { OriginalsQueue } from '../media/originals-queue.ts'
import type { Clock, SettingsStore } from '../ports.ts'
import { type AccountRow, activeAccount } from '../store/accounts.ts'
import type { Readable, Writable } from '../store/store.ts'

/** What commands on the sync need; the writer's core has it, a core that only reads has none. */
export interface SyncControl {
  state(): SyncState
  syncNow(): void
  pause(): void
  resume(): void
  accept(stream: RecordStream): void
}

/** What a route works with. */
export interface RouteContext {
  database: Readable
  /** Null in a core that only reads. */
  writer: Writable | null
  publish(event: CoreEventBody): void
  clock: Clock
  links: LinkTable
  info: Omit<AppInfo, 'now' | 'clockIsFixed'>
  sync: SyncControl | null
  /** Null in a core that only reads. */
  keeper: OriginalsQueue | null
  /** Null beside another thread that owns it, and where none can be written. */
  cache: MediaCache | null
  settings: SettingsStore | null
}

/** One handler per route of the contract. */
export type Handler<R extends RouteName> = (
  context: RouteContext,
  input: RouteArguments<R>,
) => RouteOutput<R> | Promise<RouteOutput<R>>

/** The active account. Throws `not_found` before the first sync: lists are empty then, and single records do not exist. */
export function requireAccount(context: RouteContext): AccountRow {
  const account = activeAccount(context.database)
  if (!account) throw new AppError('not_found', { id: 'account' })
  return account
}

/** Reads a paging key that a page handed out. Throws `invalid_input` for anything else. */
export function readKey(key: string | undefined): number {
  if (key === undefined) return Number.MAX_SAFE_INTEGER
  const value = Number(key)
  if (!/^\d+$/.test(key) || !Number.isSafeInteger(value)) throw new AppError('invalid_input', { field: 'before' })
  return value
}

export const writeKey = (key: number | null): string | null => (key === null ? null : String(key))

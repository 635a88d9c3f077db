import type { CredentialsView } from '../../shared/credentials.ts'
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { ScannerState, SkippedFile } from '../../shared/folders.ts'
import type { RouteMode } from '../../shared/route.ts'
import type { RouteArguments, RouteName, RouteOf, RouteOutput, Routes } from '../../shared/routes.ts'
import type { LinkTable, RecordStream } from '../../shared/values.ts'
import type {
  AppInfo,
  BackupList,
  CacheUsage,
  JobName,
  OriginalsEstimate,
  OriginalsState,
  Recovered,
  RenewalView,
  SubtitleCue,
  SupportCase,
  SyncState,
} from '../../shared/views.ts'
import type { ArchiveUploads } from '../archive/uploads.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import type { FolderScanner } from '../folders/scanner.ts'
import type { ConnectionControl } from '../host/connection.ts'
import type { DesktopActions } from '../host/desktop-actions.ts'
import type { Exporter } from '../host/exporter.ts'
import type { Uploads } from '../import/uploads.ts'
import type { OriginalsQueue } from '../media/originals-queue.ts'
import type { TileRef } from '../media/tile-pictures.ts'
import type { Clock, SettingsStore } from '../ports.ts'
import type { AccountScope } from '../store/accounts/account-scope.ts'
import { findAccount } from '../store/accounts/accounts.ts'
import { findSupportCase, hasSupportCase } from '../store/cases/support.ts'
import type { Readable, Writable } from '../store/handles.ts'
import type { ResultRef } from '../store/jobs/results.ts'
import type { AccountRow } from '../store/schema/views.ts'

/** The commands that `write` routes give to the running sync. */
export interface SyncControl {
  syncNow(): void
  pause(): void
  resume(): void
  accept(stream: RecordStream): void
}

/** The context of `read` routes. Nothing in it can change a record. */
export interface ReadContext {
  database: Readable
  /** The accounts whose records the lists show; none before the first sync or import. */
  scope(): AccountScope
  clock: Clock
  links: LinkTable
  info: Omit<AppInfo, 'now' | 'clockIsFixed'>
}

/** The context of `write` routes, in the process or thread that owns the writes. */
export interface WriteContext extends ReadContext {
  database: Writable
  sync: SyncControl
  originals: OriginalsQueue
  uploads: Uploads
  archives: ArchiveUploads
  folders: FolderScanner
  publish(event: CoreEventBody): void
}

/** How a host recovers from a damaged database. */
export interface RecoveryControl {
  damage(): ErrorView | null
  backups(): Promise<BackupList>
  /** Takes the name of a backup. Throws `not_found`, and as `recoverStore` does. */
  start(backup?: string | null): Promise<Recovered>
}

/** The context of `host` routes: the settings file, and requests to the thread that owns the answer. */
export interface HostContext {
  settings: SettingsStore
  connection: ConnectionControl
  recovery: RecoveryControl
  /** Starts on the data folder if it was shown from a copy. Throws as `prepareDataFolder` does if it cannot be written to. */
  retryFolder(): Promise<void>
  /** Throws as `deleteAccounts` does, and `account_unknown`. */
  deleteAccount(id: string, keepsBackups: boolean): Promise<void>
  publish(event: CoreEventBody): void
  syncState(): Awaitable<SyncState>
  originalsState(): Awaitable<OriginalsState>
  folders: FolderQueries
  estimateOriginals(): Promise<OriginalsEstimate>
  cacheUsage(): Awaitable<CacheUsage>
  clearCache(): Promise<void>
  missingFiles(jobs: readonly JobName[]): Awaitable<RenewalView[]>
  subtitles(ref: ResultRef): Awaitable<SubtitleCue[] | null>
  credentials(ref: ResultRef): Awaitable<CredentialsView | null>
  keepTile(ref: TileRef, bytes: Uint8Array): Promise<boolean>
  renewAddresses(jobs: readonly JobName[]): Promise<RenewalView[]>
  exporter: Exporter
  /** Null in a host that has only a browser. */
  desktop: DesktopActions | null
}

/** The questions of a host to the scanner of folders. */
export interface FolderQueries {
  state(): Awaitable<ScannerState>
  skipped(batch: number): Awaitable<SkippedFile[]>
}

type Awaitable<T> = T | Promise<T>

/**
 * The function that answers a route; its context follows from the route's mode. A `read` handler is synchronous,
 * because its read transaction ends when it returns.
 */
export type Handler<R extends RouteName> = {
  read: (context: ReadContext, input: RouteArguments<R>) => RouteOutput<R>
  write: (context: WriteContext, input: RouteArguments<R>) => Awaitable<RouteOutput<R>>
  host: (context: HostContext, input: RouteArguments<R>) => Awaitable<RouteOutput<R>>
}[Routes[R]['mode']]

/** One handler per route of a mode: a table with a missing route does not compile. */
export type Handlers<Mode extends RouteMode> = { readonly [R in RouteOf<Mode>]: Handler<R> }

/** The account of requests about a single account: the last shown one of the scope. Null before the first account. */
export const currentAccount = (context: ReadContext): AccountRow | null => context.scope().accounts[0] ?? null

/**
 * The account of a record: by its name in a view of all accounts, else the current one. Throws `account_unknown`, and `not_found`
 * before the first account, when there are no records.
 */
export function requireAccount(context: ReadContext, name?: string): AccountRow {
  const account = name === undefined ? currentAccount(context) : findAccount(context.database, name)
  if (!account) throw new AppError('not_found', { id: 'account' })
  return account
}

/** A message of the diary on screen, with its account. Throws `not_found`. */
export function entryInView({ database, scope }: ReadContext, id: number): { entry: SupportCase; accountId: number } {
  const accountId = scope().ids.find((candidate) => hasSupportCase(database, candidate, id)) ?? 0
  return { entry: findSupportCase(database, accountId, id), accountId }
}

/** Reads the paging key of a page. Throws `invalid_input` for any other text. */
export function readKey(key: string | undefined): number {
  if (key === undefined) return aboveAllIds
  const value = Number(key)
  if (!/^\d+$/.test(key) || !Number.isSafeInteger(value)) throw new AppError('invalid_input', { field: 'before' })
  return value
}

/** The paging key of the next page; null after the last page. */
export const writeKey = (key: number | null): string | null => (key === null ? null : String(key))

import type { Envelope, MediaRef } from '../../shared/bridge.ts'
import type { CredentialsView } from '../../shared/credentials.ts'
import type { ErrorView } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { ScannerState, SkippedFile } from '../../shared/folders.ts'
import type { LinkTable } from '../../shared/values.ts'
import type {
  BackupList,
  CacheUsage,
  JobName,
  OriginalsEstimate,
  OriginalsState,
  Recovered,
  RenewalView,
  SubtitleCue,
  SyncState,
} from '../../shared/views.ts'
import type { ExportJob } from '../host/exporter.ts'
import type { MediaFile } from '../media/media.ts'
import type { TileRef } from '../media/tile-pictures.ts'
import type { Log, Secrets } from '../ports.ts'
import type { Account } from '../service/schemas.ts'
import type { ResultRef } from '../store/jobs/results.ts'

/** How a host starts the core. Crosses a thread boundary, so plain values only. */
export interface CoreOptions {
  dataDir: string
  /** Why nothing can be written to the data folder; null if it can be. */
  readOnly: ErrorView | null
  /** The folder of the database and of what can be fetched again: the data folder, or a copy if nothing can be written there. */
  workDir: string
  /** Base address of the service, without a trailing slash. */
  api: string
  sandbox: boolean
  /** The account that the service stated when the user connected it; null at any other start. */
  account: Account | null
  version: string
  platform: string
  links: LinkTable
  /** A wall clock fixed from outside (`CARAT_NOW`), epoch milliseconds; null for the real one. */
  fixedNow: number | null
  /** The proxy of the system for `api`, as `http://host:port`; null for that of the environment, or none. */
  proxy: string | null
}

/**
 * The options of a thread. Shared numbers: the clock's correction, which only the writer learns from the service, and
 * the cache limit in bytes.
 */
export interface ThreadOptions extends CoreOptions {
  clockOffset: SharedArrayBuffer
  cacheLimit: SharedArrayBuffer
}

/** The calls that both worker threads answer. Values cross by structured clone. */
export interface CoreWorker {
  /** Called first: loads the code, which needs no data folder. Throws `runtime_too_old`. */
  load(): Promise<void>
  /** Called once, before any other call. Throws an `AppError` if the data folder cannot be used. */
  open(options: ThreadOptions): Promise<void>
  dispatch(route: string, input: unknown): Promise<Envelope<unknown>>
  /** Sends later requests through another proxy. */
  setProxy(proxy: string | null): Promise<void>
  close(): Promise<void>
}

/** Syncs, owns every write, and answers the `write` routes. */
export interface WriterWorker extends CoreWorker {
  syncState(): Promise<SyncState>
  originalsState(): Promise<OriginalsState>
  scannerState(): Promise<ScannerState>
  skippedFiles(batch: number): Promise<SkippedFile[]>
  renewAddresses(jobs: readonly JobName[]): Promise<RenewalView[]>
  wake(): Promise<void>
  /** Makes a backup of a database whose file was deleted or replaced, if the data folder is still there. Throws as `writeBackup` does. */
  rescue(): Promise<void>
  /** Called instead of `open`, on a thread of its own. Throws as `recoverStore` does. */
  recover(dataDir: string, now: number, backup?: string | null): Promise<Recovered>
  /** Called instead of `open`, as `recover` is. */
  listBackups(dataDir: string): Promise<BackupList>
  /** Called instead of `open`, on a thread of its own. Throws as `deleteAccounts` does, and `account_unknown`. */
  deleteAccount(dataDir: string, id: string, keepsBackups: boolean, now: number): Promise<void>
  /** Asks a service for the account of the token, through a proxy. Throws `ServiceError`. */
  readAccount(service: { api: string; token: string; proxy: string | null }): Promise<Account>
}

/** Answers the `read` routes, and owns the media cache. */
export interface ReaderWorker extends CoreWorker {
  estimateOriginals(): Promise<OriginalsEstimate>
  exportRecords(job: ExportJob, signal: AbortSignal): Promise<number | null>
  cacheUsage(): Promise<CacheUsage>
  clearCache(): Promise<void>
  media(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  original(ref: ResultRef, signal: AbortSignal): Promise<MediaFile | null>
  /** Why files of some jobs cannot be shown. */
  missingFiles(jobs: readonly JobName[]): Promise<RenewalView[]>
  subtitles(ref: ResultRef): Promise<SubtitleCue[] | null>
  credentials(ref: ResultRef): Promise<CredentialsView | null>
  keepTile(ref: TileRef, bytes: Uint8Array): Promise<boolean>
  /** Call after the cache limit changed. */
  trimCache(): Promise<void>
}

/** The calls that the host's thread answers. Only that thread holds the access token. */
export interface Host extends Secrets, Log {
  publish(event: CoreEventBody): void
}

import type { Envelope, MediaRef } from '../../shared/bridge.ts'
import { AppError, type ErrorView, isDamageCode } from '../../shared/errors.ts'
import type { CoreEvent, CoreEventBody } from '../../shared/events.ts'
import type { BackupList, Recovered } from '../../shared/views.ts'
import type { ConnectionControl } from '../host/connection.ts'
import type { DesktopActions } from '../host/desktop-actions.ts'
import { createExporter, type ExportDelivery } from '../host/exporter.ts'
import type { MediaFile } from '../media/media.ts'
import type { Log, Secrets, SettingsStore } from '../ports.ts'
import type { HostContext } from '../routes/context.ts'
import { createDispatch, dispatchByMode } from '../routes/dispatch.ts'
import { hostHandlers } from '../routes/host.ts'
import type { ResultRef } from '../store/jobs/results.ts'
import type { CoreOptions, Host, ReaderWorker, WriterWorker } from './protocol.ts'
import { type Supervised, supervise } from './supervisor.ts'
import { readerThread, type WorkerFactory, writerThread } from './threads.ts'

const gigabyte = 1_000_000_000

export interface CoreParts {
  createWriter: WorkerFactory
  createReader: WorkerFactory
  options: CoreOptions
  settings: SettingsStore
  secrets: Secrets
  log: Log
  /** Receives every event. The writer publishes due reminders before it has finished opening. */
  onEvent?: (event: CoreEvent) => void
  delivery: ExportDelivery
  desktop?: DesktopActions
  connection: ConnectionControl
  /**
   * Closes this core, recovers the database from the backup of that name, and starts another core. Throws `not_found`, and as
   * `recoverStore` does.
   */
  recover(backup?: string | null): Promise<Recovered>
  listBackups(): Promise<BackupList>
  /** Starts the host's core on its data folder if that was shown from a copy. Throws as `prepareDataFolder` does. */
  retryFolder(): Promise<void>
  /** Closes this core, deletes an account, and starts another core. Throws as `deleteAccounts` does. */
  deleteAccount(id: string, keepsBackups: boolean): Promise<void>
}

/** The core as a host sees it. Two worker threads do everything except the settings file. */
export interface CoreClient {
  /** Never rejects. */
  request(route: string, input: unknown): Promise<Envelope<unknown>>
  subscribe(listener: (event: CoreEvent) => void): () => void
  /** Call when the window gets focus or the machine wakes up: syncs soon. */
  wake(): void
  /** Call when the system's proxy may have changed: later requests go through this one. */
  setProxy(proxy: string | null): void
  /** Asks a service for the account of a token. Throws `ServiceError`. */
  readAccount: WriterWorker['readAccount']
  /** A stored or fetched result; null if it is not available or cannot be shown, or the signal aborted. Never rejects. */
  media(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  /** Like `media`, for an original of any type, for a copy outside the app. */
  original(ref: ResultRef, signal: AbortSignal): Promise<MediaFile | null>
  close(): Promise<void>
}

/**
 * Starts the writer, which creates and migrates the database, then the reader. Rejects with the `AppError` of a failed
 * open.
 */
export async function startCore(parts: CoreParts): Promise<CoreClient> {
  const { settings, secrets, log } = parts
  const options = {
    ...parts.options,
    clockOffset: new SharedArrayBuffer(8),
    cacheLimit: new SharedArrayBuffer(8),
  }
  const cacheLimit = new Float64Array(options.cacheLimit)
  cacheLimit[0] = settings.get().cacheLimit * gigabyte
  const listeners = new Set(parts.onEvent && [parts.onEvent])
  let sequence = 0
  let damage: ErrorView | null = null
  const publish = (body: CoreEventBody) => {
    const event = { ...body, sequence: ++sequence }
    for (const listener of listeners) listener(event)
    if (body.type === 'damage') damage ??= body.error
    if (body.type === 'sync') for (const { error } of body.state.streams) if (error) reportDamage(error)
  }
  /** Publishes the first error that shows a damaged database, from any request or thread. */
  function reportDamage(error: ErrorView): void {
    if (damage === null && isDamageCode(error.code)) publish({ type: 'damage', error })
  }
  let rescued: Promise<void> | null = null
  /** Makes a backup of what is still open of a database that is gone from its folder. */
  function rescue(): Promise<void> {
    if (damage === null || damage.code === 'database_corrupt') return Promise.resolve()
    rescued ??= writer
      .current()
      .then((worker) => worker.rescue())
      .catch((error) => log.warn('rescue_failed', { error: String(error) }))
    return rescued
  }
  const host: Host = {
    publish,
    accessToken: () => secrets.accessToken(),
    refresh: () => secrets.refresh(),
    account: () => secrets.account(),
    info: (event, fields) => log.info(event, fields),
    warn: (event, fields) => log.warn(event, fields),
  }
  /** With a damaged database, the core starts as well: the page offers to recover it, and all other requests fail with the error. */
  const unlessDamaged = <Remote>(error: unknown): Supervised<Remote> => {
    if (!(error instanceof AppError && isDamageCode(error.code))) throw error
    reportDamage(error.toView())
    return { current: () => Promise.reject(error), close: async () => {} }
  }
  const opening = supervise<WriterWorker>(() => parts.createWriter(writerThread), options, host).catch(
    unlessDamaged<WriterWorker>,
  )
  // Loads its code meanwhile.
  const opened = supervise<ReaderWorker>(() => parts.createReader(readerThread), options, host, opening).catch(
    unlessDamaged<ReaderWorker>,
  )
  opened.catch(() => {})
  const writer = await opening
  const reader = await opened.catch(async (error) => {
    await writer.close()
    throw error
  })

  function limitCache(): void {
    cacheLimit[0] = settings.get().cacheLimit * gigabyte
    const answer = reader.current().then((worker) => worker.trimCache())
    answer.catch(() => {})
  }

  const context: HostContext = {
    settings: {
      get: () => settings.get(),
      set(patch) {
        const changed = settings.set(patch)
        limitCache()
        return changed
      },
    },
    connection: parts.connection,
    recovery: {
      damage: () => damage,
      async backups() {
        await rescue()
        return parts.listBackups()
      },
      async start(backup) {
        await rescue()
        if (damage === null) throw new AppError('nothing_to_recover', { path: options.dataDir })
        return parts.recover(backup)
      },
    },
    retryFolder: parts.retryFolder,
    deleteAccount: parts.deleteAccount,
    publish,
    syncState: async () => (await writer.current()).syncState(),
    originalsState: async () => (await writer.current()).originalsState(),
    folders: {
      state: async () => (await writer.current()).scannerState(),
      skipped: async (batch) => (await writer.current()).skippedFiles(batch),
    },
    estimateOriginals: async () => (await reader.current()).estimateOriginals(),
    exporter: createExporter({
      delivery: parts.delivery,
      write: async (job, signal) => (await reader.current()).exportRecords(job, signal),
      language: () => settings.get().language,
      now: () => options.fixedNow ?? Date.now(),
    }),
    desktop: parts.desktop ?? null,
    cacheUsage: async () => (await reader.current()).cacheUsage(),
    clearCache: async () => (await reader.current()).clearCache(),
    missingFiles: async (jobs) => (await reader.current()).missingFiles(jobs),
    subtitles: async (ref) => (await reader.current()).subtitles(ref),
    credentials: async (ref) => (await reader.current()).credentials(ref),
    keepTile: async (ref, bytes) => (await reader.current()).keepTile(ref, bytes),
    renewAddresses: async (jobs) => (await writer.current()).renewAddresses(jobs),
  }
  const dispatch = dispatchByMode({
    read: async (route, input) => (await reader.current()).dispatch(route, input),
    write: async (route, input) => (await writer.current()).dispatch(route, input),
    host: createDispatch({ handlers: hostHandlers, context, dataDir: options.dataDir, log }),
  })

  return {
    async request(route, input) {
      const envelope = await dispatch(route, input).catch((error): Envelope<unknown> => {
        if (error instanceof AppError) return { ok: false, error: error.toView() }
        log.warn('request_failed', { error: String(error) })
        return { ok: false, error: { code: 'internal', params: {} } }
      })
      if (!envelope.ok) reportDamage(envelope.error)
      return envelope
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake() {
      const answer = writer.current().then((worker) => worker.wake())
      answer.catch(() => {})
    },
    setProxy(proxy) {
      options.proxy = proxy
      for (const thread of [reader, writer]) {
        const answer = thread.current().then((worker) => worker.setProxy(proxy))
        answer.catch(() => {})
      }
    },
    readAccount: async (service) => (await writer.current()).readAccount(service),
    media: (ref, signal) =>
      reader
        .current()
        .then((worker) => worker.media(ref, signal))
        .catch(() => null),
    original: (ref, signal) =>
      reader
        .current()
        .then((worker) => worker.original(ref, signal))
        .catch(() => null),
    async close() {
      await Promise.all([reader.close(), writer.close()])
    },
  }
}

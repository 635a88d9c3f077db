import { AppError, type ErrorView } from '../shared/errors.ts'
import type { CoreEventBody } from '../shared/events.ts'
import type { ScannerState, SkippedFile } from '../shared/folders.ts'
import type { RouteOf } from '../shared/routes.ts'
import type { LinkTable } from '../shared/values.ts'
import type { AppInfo, JobName, OriginalsEstimate, OriginalsState, RenewalView, SyncState } from '../shared/views.ts'
import { createArchiveUploads } from './archive/uploads.ts'
import { exportArchive } from './archive/write-archive.ts'
import { deleteAccounts } from './deletion/deletion.ts'
import { exportTo } from './export/export.ts'
import { createFolderScanner } from './folders/scanner.ts'
import { fixedConnection } from './host/connection.ts'
import { createExporter, type ExportDelivery, type ExportJob } from './host/exporter.ts'
import { label } from './host/messages.ts'
import { createUploads } from './import/uploads.ts'
import type { MediaCache } from './media/cache.ts'
import { estimateOriginals } from './media/originals-estimate.ts'
import { createOriginalsQueue } from './media/originals-queue.ts'
import { createRenewals } from './media/renewals.ts'
import { type Notifications, startNotifications } from './notifications.ts'
import type { Clock, Log, SettingsStore } from './ports.ts'
import { type Reminders, startReminders } from './reminders.ts'
import type { HostContext, ReadContext, WriteContext } from './routes/context.ts'
import { createDispatch, type Dispatch, dispatchByMode } from './routes/dispatch.ts'
import { hostHandlers } from './routes/host.ts'
import { readHandlers } from './routes/reads.ts'
import { writeHandlers } from './routes/writes.ts'
import type { Service } from './service/service.ts'
import { type AccountScope, scopeInView } from './store/accounts/account-scope.ts'
import { findAccount } from './store/accounts/accounts.ts'
import { listBackups } from './store/file/backup-list.ts'
import { refuseMovedFiles } from './store/file/moved-files.ts'
import type { Readable, Store, Writable } from './store/handles.ts'
import { readAtOnce, readSnapshot } from './store/store.ts'
import { createSyncEngine } from './sync/engine.ts'
import type { Patience } from './sync/pull.ts'
import { createRebuilder } from './sync/rebuild.ts'
import type { SyncReport } from './sync/report.ts'
import { type Schedule, startSchedule } from './sync/schedule.ts'

/** The ports of both halves of a core. */
interface SharedPorts {
  clock: Clock
  log: Log
  links: LinkTable
  info: Omit<AppInfo, 'now' | 'clockIsFixed'>
}

export interface ReadPorts extends SharedPorts {
  database: Readable
  /** The folder of the open database; the data folder by default. */
  workDir?: string
  /** The accounts that the routes answer about; what the screens show by default. */
  scope?: () => AccountScope
}

/** The half of the core that only reads. It runs beside the process or thread that owns the writes. */
export interface ReadCore {
  /** Answers the `read` routes. */
  dispatch: Dispatch
  estimateOriginals(): Promise<OriginalsEstimate>
  /** Returns the number of records. `onProgress` receives it on the way. Throws as `exportTo` does. */
  exportRecords(job: ExportJob, onProgress: (records: number) => void, signal: AbortSignal): Promise<number>
}

export function createReadCore(ports: ReadPorts): ReadCore {
  const { database, clock, log, links, info, scope = () => scopeInView(database) } = ports
  const { dataDir } = info
  const { workDir = dataDir } = ports
  const context: ReadContext = { database, scope, clock, links, info }
  return {
    dispatch: createDispatch({
      handlers: readHandlers,
      context,
      dataDir,
      log,
      within(read) {
        refuseMovedFiles(database)
        return readAtOnce(database, read)
      },
    }),
    estimateOriginals: () => readSnapshot(workDir, (snapshot) => estimateOriginals(snapshot, dataDir)),
    async exportRecords({ format, path, language }, onProgress, signal) {
      refuseMovedFiles(database)
      if (format === 'zip') return exportArchive({ dataDir, workDir, path, onProgress, signal })
      return exportTo(workDir, { format, path, text: (name) => label(`export.${name}`, language), onProgress, signal })
    },
  }
}

/** A page lists at most this many files; a folder of other files has thousands. */
const shownSkipped = 500

export interface WritePorts extends SharedPorts {
  database: Writable
  service: Service
  random: () => number
}

/** The half of the core that syncs and owns every write. */
export interface WriteCore {
  /** Answers the `write` routes. */
  dispatch: Dispatch
  syncState(): SyncState
  originalsState(): OriginalsState
  scannerState(): ScannerState
  /** The first files that the last scan of a folder left out. */
  skippedFiles(batch: number): SkippedFile[]
  /** Stores the current addresses of jobs as the service states them. */
  renewAddresses(jobs: readonly JobName[]): Promise<RenewalView[]>
  publish(event: CoreEventBody): void
  subscribe(listener: (event: CoreEventBody) => void): () => void
  /**
   * Begins to sync on a schedule, to decide cases whose wait has run out, to remind and notify, and to download the originals in
   * the queue.
   */
  start(): void
  /** Syncs soon, because the window got focus or the machine woke up. */
  wake(): void
  /** Syncs once until caught up, with the retries of `patience`, and finishes the rebuilds that this caused. */
  syncOnce(patience: Patience): Promise<SyncReport>
  /** Stops the sync and waits for the page in flight. Leaves the database open. */
  close(): Promise<void>
}

export function createWriteCore(ports: WritePorts): WriteCore {
  const { database, clock, log, links, info, service, random } = ports
  const { dataDir, api } = info
  const listeners = new Set<(event: CoreEventBody) => void>()
  let reminders: Reminders | null = null
  let notifications: Notifications | null = null
  let schedule: Schedule | null = null
  const publish = (event: CoreEventBody) => {
    for (const listener of listeners) listener(event)
    if (event.type === 'sync' || event.type === 'data') notifications?.check()
    if (event.type !== 'data') return
    reminders?.check()
    originals.wake()
  }
  const rebuilder = createRebuilder({
    database,
    dataDir,
    clock,
    log,
    isSyncing: () => engine.isRunning() || (schedule?.isWaiting() ?? false),
    publish,
    onProgress: () => publish({ type: 'sync', state: engine.state() }),
  })
  const engine = createSyncEngine({
    database,
    service,
    isReadOnly: info.readOnly !== null,
    isSample: info.sandbox,
    clock,
    log,
    dataDir,
    random,
    rebuilder,
    publish,
  })
  const mayAsk = () => engine.state().status !== 'signed_out'
  const renewals = createRenewals({ database, service, clock, log, mayAsk })
  const originals = createOriginalsQueue({ database, renewals, dataDir, api, clock, log, random, publish })
  const sync = {
    accept: engine.accept,
    syncNow: () => schedule?.syncNow(),
    pause: () => schedule?.pause(),
    resume: () => schedule?.resume(),
  }
  const folders = createFolderScanner({ database, dataDir, clock, log, publish })
  const context: WriteContext = {
    database,
    scope: () => scopeInView(database),
    clock,
    links,
    info,
    sync,
    originals,
    folders,
    uploads: createUploads(),
    archives: createArchiveUploads({
      database,
      dataDir,
      now: () => clock.now(),
      rebuild: () => rebuilder.run(),
      onProgress: (done) => publish({ type: 'archive', done }),
    }),
    publish,
  }

  const within = <T>(call: () => T): T => {
    refuseMovedFiles(database)
    return call()
  }

  return {
    dispatch: unlessReadOnly(info.readOnly, createDispatch({ handlers: writeHandlers, context, dataDir, log, within })),
    syncState: () => engine.state(),
    originalsState: () => originals.state(),
    scannerState: () => folders.state(),
    skippedFiles: (batch) => folders.skipped(batch, shownSkipped),
    renewAddresses: renewals.renewAll,
    publish,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      if (info.readOnly) {
        void rebuilder.run()
        schedule ??= startSchedule({ engine, service, database, clock, random })
        return
      }
      notifications ??= startNotifications(database, clock, engine.state, publish)
      void rebuilder.run()
      schedule ??= startSchedule({ engine, service, database, clock, random })
      reminders ??= startReminders(database, clock, publish)
      originals.start()
      folders.start()
    },
    wake: () => schedule?.wake(),
    async syncOnce(patience) {
      const report = await engine.run({ patience, confirmed: true })
      await rebuilder.run()
      return report
    },
    async close() {
      schedule?.close()
      reminders?.close()
      renewals.close()
      await Promise.all([engine.close(), originals.close(), folders.close(), rebuilder.close()])
      listeners.clear()
    },
  }
}

/** Write routes that change no records of the user: reading a source, and the choice of the shown account. */
const harmlessRoutes: ReadonlySet<string> = new Set<RouteOf<'write'>>([
  'accounts.show',
  'imports.receive',
  'imports.preview',
  'imports.previewReading',
])

/** Answers every other write route with the reason why nothing can be written. */
function unlessReadOnly(reason: ErrorView | null, dispatch: Dispatch): Dispatch {
  if (reason === null) return dispatch
  return async (route, input) => (harmlessRoutes.has(route) ? dispatch(route, input) : { ok: false, error: reason })
}

export interface CorePorts extends SharedPorts {
  store: Store
  service: Service
  random: () => number
  settings: SettingsStore
  cache: Pick<MediaCache, 'usage' | 'clear'>
  delivery: ExportDelivery
}

/** Both halves in one thread. */
export interface Core extends WriteCore {
  /** Answers every route. */
  dispatch: Dispatch
}

/**
 * Puts a whole core together in the calling thread. The hosts start its halves in threads of their own instead
 * (workers/client.ts).
 */
export function createCore({ store, settings, cache, delivery, ...ports }: CorePorts): Core {
  const reading = createReadCore({ ...ports, database: store.reader })
  const writing = createWriteCore({ ...ports, database: store.writer })
  const context: HostContext = {
    settings,
    connection: fixedConnection(ports.info.api),
    // Only a host can restart its threads for a recovery.
    recovery: {
      damage: () => null,
      backups: async () => listBackups(ports.info.dataDir),
      start: async () => {
        throw new AppError('nothing_to_recover', { path: ports.info.dataDir })
      },
    },
    // Only a host shows copies.
    retryFolder: async () => {},
    deleteAccount: async (id, keepsBackups) => {
      const { dataDir } = ports.info
      const choice = { dataDir, keepsBackups, now: ports.clock.now() }
      deleteAccounts(store.writer, [findAccount(store.writer, id)], choice)
    },
    publish: writing.publish,
    syncState: writing.syncState,
    originalsState: writing.originalsState,
    folders: { state: writing.scannerState, skipped: writing.skippedFiles },
    estimateOriginals: reading.estimateOriginals,
    exporter: createExporter({
      delivery,
      write: (job, signal) =>
        reading.exportRecords(job, (records) => writing.publish({ type: 'export', records }), signal),
      language: () => settings.get().language,
      now: () => ports.clock.now(),
    }),
    desktop: null,
    cacheUsage: cache.usage,
    clearCache: cache.clear,
    // Only hosts open files of results.
    missingFiles: (jobs) => jobs.map((job) => ({ ...job, state: 'failed' })),
    subtitles: () => null,
    credentials: () => null,
    keepTile: async () => false,
    renewAddresses: writing.renewAddresses,
  }
  const host = createDispatch({ handlers: hostHandlers, context, dataDir: ports.info.dataDir, log: ports.log })
  return { ...writing, dispatch: dispatchByMode({ read: reading.dispatch, write: writing.dispatch, host }) }
}

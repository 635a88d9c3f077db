/** Scans folders one after another in the background. The next start continues an interrupted scan. */
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { ScannerState, SkippedFile } from '../../shared/folders.ts'
import type { Clock, Log } from '../ports.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Writable } from '../store/handles.ts'
import { findFolder, listFolders, saveFolderState, skippedFiles } from '../store/imports/folders.ts'
import { scanFolder } from './scan.ts'

export interface FolderScannerPorts {
  database: Writable
  dataDir: string
  clock: Clock
  log: Log
  publish(event: CoreEventBody): void
}

export interface FolderScanner {
  /** Continues interrupted scans. */
  start(): void
  /** Enqueues a scan. With `isGoneAccepted`, missing files are gone, even if they are many. */
  scan(batch: number, isGoneAccepted: boolean): void
  /** Stops the scan of a folder until `scan` is called, even across restarts. Stored files stay. */
  pause(batch: number): Promise<void>
  state(): ScannerState
  /** The files that the last scan of a folder left out, at most `limit`. */
  skipped(batch: number, limit: number): SkippedFile[]
  /** Interrupts the current scan; the next start continues it. */
  close(): Promise<void>
}

/** The least time between two events about the progress of a scan, in milliseconds. */
const progressMs = 250
/** The least time between two events after which lists are fetched again, in milliseconds. */
const dataMs = 1_000

export function createFolderScanner({ database, dataDir, clock, log, publish }: FolderScannerPorts): FolderScanner {
  const waiting = new Map<number, boolean>()
  const errors = new Map<number, ErrorView>()
  /** The files that the last scan of each folder left out, including those that no table has: links and undecodable names. */
  const left = new Map<number, SkippedFile[]>()
  const stop = new AbortController()
  let running: {
    batch: number
    progress: ScannerState['running']
    pause: AbortController
    done: Promise<void>
  } | null = null
  let published = 0
  let refreshed = 0

  const state = (): ScannerState => ({
    running: running?.progress ?? null,
    waiting: [...waiting.keys()],
    errors: [...errors].map(([batch, error]) => ({ batch, error })),
  })

  function publishState(isUrgent: boolean): void {
    const now = performance.now()
    if (stop.signal.aborted) return
    if (isUrgent || now - published >= progressMs) {
      published = now
      publish({ type: 'folders', state: state() })
    }
    if (isUrgent || now - refreshed >= dataMs) {
      refreshed = now
      publish({ type: 'data', jobs: 1, transactions: 0, cases: 1, account: true })
    }
  }

  function next(): void {
    const [entry] = waiting
    if (running || stop.signal.aborted || !entry) return
    const [batch, isGoneAccepted] = entry
    waiting.delete(batch)
    errors.delete(batch)
    const pause = new AbortController()
    const progress = { batch, listed: 0, read: 0, total: 0, imported: 0 }
    const signal = AbortSignal.any([pause.signal, stop.signal])
    const done = run(batch, isGoneAccepted, signal, progress).finally(() => {
      running = null
      publishState(true)
      next()
    })
    running = { batch, progress, pause, done }
    publishState(true)
  }

  async function run(
    batchId: number,
    isGoneAccepted: boolean,
    signal: AbortSignal,
    shown: NonNullable<ScannerState['running']>,
  ): Promise<void> {
    try {
      const report = await scanFolder({
        database,
        dataDir,
        batchId,
        isGoneAccepted,
        now: () => clock.now(),
        signal,
        onProgress(progress) {
          Object.assign(shown, progress)
          publishState(false)
        },
      })
      left.set(batchId, report.skipped)
    } catch (error) {
      if (signal.aborted) return
      const explained = explainStoreError(error, dataDir)
      if (!(explained instanceof AppError)) log.warn('scan_failed', { error: String(explained) })
      errors.set(batchId, (explained instanceof AppError ? explained : new AppError('internal')).toView())
      // `scanFolder` marks a folder that is away. After any other failure, the user decides when to scan again.
      if (findFolder(database, batchId).state === 'scanning') saveFolderState(database, batchId, 'paused')
    }
  }

  return {
    state,
    start() {
      for (const { batchId, state, undoneAt } of listFolders(database)) {
        if (state === 'scanning' && undoneAt === null) waiting.set(batchId, false)
      }
      next()
    },
    scan(batch, isGoneAccepted) {
      saveFolderState(database, findFolder(database, batch).batchId, 'scanning')
      if (running?.batch !== batch) waiting.set(batch, isGoneAccepted)
      next()
      publishState(true)
    },
    async pause(batch) {
      waiting.delete(batch)
      if (running?.batch === batch) {
        running.pause.abort()
        await running.done
      }
      if (findFolder(database, batch).state === 'scanning') saveFolderState(database, batch, 'paused')
      publishState(true)
    },
    skipped: (batch, limit) => (left.get(batch) ?? skippedFiles(database, batch, limit)).slice(0, limit),
    async close() {
      stop.abort()
      await running?.done
    },
  }
}

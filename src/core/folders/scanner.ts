/** Scans folders one after another, while the app runs. A scan that a kill or an end of the app interrupted goes on at the next start. */
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
  /** Goes on with scans that were interrupted. */
  start(): void
  /** Scans a folder soon. With `isGoneAccepted`, files that are not there are gone, however many they are. */
  scan(batch: number, isGoneAccepted: boolean): void
  /** Ends the scan of a folder until `scan`, also across restarts. What was read stays. */
  pause(batch: number): Promise<void>
  state(): ScannerState
  /** The files that the last scan of a folder left out, at most `limit`. */
  skipped(batch: number, limit: number): SkippedFile[]
  /** Ends the scan that runs; the next start goes on with it. */
  close(): Promise<void>
}

/** The page follows a scan with this pace, in milliseconds. */
const publishMs = 250
/** Lists are fetched again as often as this while a scan adds to them. */
const dataMs = 1_000

export function createFolderScanner({ database, dataDir, clock, log, publish }: FolderScannerPorts): FolderScanner {
  const waiting = new Map<number, boolean>()
  const errors = new Map<number, ErrorView>()
  /** What the last scan of this process left out, with what no table keeps: names that are no text, links. */
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

  function tell(isUrgent: boolean): void {
    const now = performance.now()
    if (stop.signal.aborted) return
    if (isUrgent || now - published >= publishMs) {
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
      tell(true)
      next()
    })
    running = { batch, progress, pause, done }
    tell(true)
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
          tell(false)
        },
      })
      left.set(batchId, report.skipped)
    } catch (error) {
      if (signal.aborted) return
      const explained = explainStoreError(error, dataDir)
      if (!(explained instanceof AppError)) log.warn('scan_failed', { error: String(explained) })
      errors.set(batchId, (explained instanceof AppError ? explained : new AppError('internal')).toView())
      // A folder that is away is marked as such; any other failure waits for the user.
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
      tell(true)
    },
    async pause(batch) {
      waiting.delete(batch)
      if (running?.batch === batch) {
        running.pause.abort()
        await running.done
      }
      if (findFolder(database, batch).state === 'scanning') saveFolderState(database, batch, 'paused')
      tell(true)
    },
    skipped: (batch, limit) => (left.get(batch) ?? skippedFiles(database, batch, limit)).slice(0, limit),
    async close() {
      stop.abort()
      await running?.done
    },
  }
}

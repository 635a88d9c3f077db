import { setImmediate } from 'node:timers/promises'
import { AppError, isDamageCode } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { SyncState } from '../../shared/views.ts'
import type { Clock, Log } from '../ports.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Writable } from '../store/handles.ts'
import { pendingRebuild, rebuildProgress, rebuildSlice } from '../store/projections/projection.ts'
import { beginIndexMerge, continueIndexMerge, isIndexInPieces, mergeWhileWriting } from '../store/projections/search.ts'
import { isListing } from '../store/streams.ts'

/** 4 MB, as SQLite takes the number: several times what a step of a merge changes. */
const mergeCacheSize = -4_096
/** In milliseconds. Shorter rebuilds report no progress, since nobody could read it. */
const reportAfter = 1_000
/** Time between two progress reports, in milliseconds. */
const reportEvery = 500

export interface Rebuilder {
  /**
   * Rebuilds pending projections slice by slice, then merges the segments of the search index unless a sync runs. Other work of
   * this thread runs between slices. Never rejects.
   */
  run(): Promise<void>
  /** The progress of a long rebuild in rows; null if none is running. */
  progress(): SyncState['rebuild']
  close(): Promise<void>
}

interface RebuilderPorts {
  database: Writable
  /** The data folder, which errors name. */
  dataDir: string
  clock: Clock
  log: Log
  /** The end of a sync must call `run` again. */
  isSyncing(): boolean
  publish(event: CoreEventBody): void
  /** Called when the result of `progress` has changed. */
  onProgress(): void
}

/** Rebuilds projections in the background of the writer. A kill loses at most one slice. */
export function createRebuilder({
  database,
  dataDir,
  clock,
  log,
  isSyncing,
  publish,
  onProgress,
}: RebuilderPorts): Rebuilder {
  let running: Promise<void> | null = null
  let isClosed = false
  /** Whether all segments of the index must be merged: they were not since the last snapshot or rebuild. */
  let isMergeDue = true
  let shown: SyncState['rebuild'] = null

  async function rebuild(): Promise<void> {
    const startedAt = performance.now()
    let reportedAt = startedAt
    let changed = 0
    let isOver = false
    const begun = new Set<string>()
    rebuildProgress(database, begun)
    const report = () => {
      reportedAt = performance.now()
      const isLong = !isOver && reportedAt - startedAt >= reportAfter
      const before = shown
      shown = isLong ? rebuildProgress(database, begun) : null
      if (before || shown) onProgress()
      if (changed > 0) publish({ type: 'data', jobs: 0, transactions: 0, cases: changed, account: false })
      changed = 0
    }
    try {
      for (;;) {
        await setImmediate()
        if (isClosed) return
        const cases = rebuildSlice(database, clock.now())
        if (cases === null) break
        changed += cases
        if (performance.now() - reportedAt >= reportEvery) report()
      }
    } finally {
      isOver = true
      report()
    }
  }

  function mayMerge(): boolean {
    if (isListing(database)) isMergeDue = true
    return !isListing(database) && !isSyncing()
  }

  async function mergeIndex(): Promise<void> {
    const cacheSize = database.pragma('cache_size', { simple: true })
    // Every page of the index passes through once, and would fill the memory of the whole cache.
    database.pragma(`cache_size = ${mergeCacheSize}`)
    try {
      const isWhole = isMergeDue && isIndexInPieces(database)
      isMergeDue = false
      let isLeft = isWhole ? beginIndexMerge(database) : continueIndexMerge(database)
      for (; isLeft; isLeft = continueIndexMerge(database)) {
        await setImmediate()
        // A sync needs this thread: with the steps of a merge between its own, it takes longer.
        if (isClosed || isListing(database) || isSyncing()) return
      }
    } finally {
      database.pragma(`cache_size = ${cacheSize}`)
    }
  }

  async function work(): Promise<void> {
    try {
      // At a start, the core answers first.
      await setImmediate()
      if (isClosed) return
      const isPending = pendingRebuild(database) !== null
      mergeWhileWriting(database, isPending || isListing(database))
      if (isPending) {
        await rebuild()
        isMergeDue = true
        if (!isClosed) mergeWhileWriting(database, isListing(database))
      }
      if (!isClosed && mayMerge()) await mergeIndex()
    } catch (error) {
      // The stored position is before the failed slice, so the next start retries it.
      const known = explainStoreError(error, dataDir)
      if (!(known instanceof AppError)) log.warn('rebuild failed', { detail: String(error) })
      else if (isDamageCode(known.code)) publish({ type: 'damage', error: known.toView() })
    }
  }

  return {
    async run() {
      running ??= work().finally(() => {
        running = null
      })
      return running
    },
    progress: () => shown,
    async close() {
      isClosed = true
      await running
    },
  }
}

import { setImmediate } from 'node:timers/promises'
import type { CoreEventBody } from '../../shared/events.ts'
import type { SyncState } from '../../shared/views.ts'
import type { Clock, Log } from '../ports.ts'
import { pendingRebuild, rebuildSlice } from '../store/projections/projection.ts'
import type { Writable } from '../store/store.ts'

/** A rebuild is shown once it has taken this long, in milliseconds: most are over before a user could read about them. */
const shownAfter = 1_000
/** The pause between two reports of progress, in milliseconds. */
const reportEvery = 500

export interface Rebuilder {
  /** Rebuilds what is pending, slice by slice, while other work of this thread goes on between two slices. */
  run(): Promise<void>
  /** The rebuild in progress, in rows; null if there is none, or none that takes long. */
  progress(): SyncState['rebuild']
  close(): Promise<void>
}

interface RebuilderPorts {
  database: Writable
  clock: Clock
  log: Log
  publish(event: CoreEventBody): void
  /** Called when the answer of `progress` has changed. */
  onProgress(): void
}

/** Rebuilds projections in the background of the writer. A kill at any time loses one slice at most. */
export function createRebuilder({ database, clock, log, publish, onProgress }: RebuilderPorts): Rebuilder {
  let running: Promise<void> | null = null
  let isClosed = false
  let shown: SyncState['rebuild'] = null

  async function rebuild(): Promise<void> {
    const startedAt = performance.now()
    let reportedAt = startedAt
    let changed = 0
    const report = () => {
      reportedAt = performance.now()
      const pending = pendingRebuild(database)
      const isLong = pending !== null && reportedAt - startedAt >= shownAfter
      const before = shown
      shown = isLong ? { projection: pending.projection, done: pending.done, total: pending.total } : null
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
    } catch (error) {
      // The position stands before the slice that failed, so the next start tries it again.
      log.warn('rebuild failed', { detail: String(error) })
    }
    report()
  }

  return {
    async run() {
      if (running) return running
      if (pendingRebuild(database) === null) return
      running = rebuild().finally(() => {
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

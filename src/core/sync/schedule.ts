import { awaitingResultStatuses } from '../../shared/status-sets.ts'
import type { Clock } from '../ports.ts'
import { ServiceError } from '../service/errors.ts'
import { retryDelay } from '../service/retry.ts'
import type { Service } from '../service/service.ts'
import { listAccounts, syncedAccount } from '../store/accounts/accounts.ts'
import { caseFacets } from '../store/cases/case-facets.ts'
import { nextDueAt } from '../store/cases/due-cases.ts'
import type { Readable } from '../store/handles.ts'
import type { SyncEngine } from './engine.ts'
import type { Patience } from './pull.ts'

/** Between runs, in milliseconds: usually, while jobs run, and after a failure. */
const idleInterval = 3 * 60_000
const busyInterval = 15_000
const shortestFailureInterval = 5_000
/** Before the first run, in milliseconds: the first screen shows what is stored, and a sync would take its processor. */
const firstScreenTime = 1_000
const maxTimerMs = 60 * 60_000
/** Between the starts of runs after hints, in milliseconds. Doubles while hints bring nothing new. */
const shortestHintPause = 1_000
const longestHintPause = 60_000
/** Few attempts, because the screen shows a failure at once and the schedule tries again. */
const patience: Patience = { tries: 3, triesUnreachable: 2, maxWaitMs: 10_000 }

export interface Schedule {
  /** Syncs now unless a run is in progress, and ends a pause. Repeats snapshots that wait for a confirmation. */
  syncNow(): void
  /** Stops the current run. No request is sent until `resume`, not even after a restart. */
  pause(): void
  resume(): void
  /** Call when the window gets focus or the machine wakes up. */
  wake(): void
  /** Whether the first run is still to come, so that the first screen has the processor. */
  isWaiting(): boolean
  close(): void
}

export interface ScheduleOptions {
  engine: SyncEngine
  service: Service
  database: Readable
  clock: Clock
  random: () => number
}

/**
 * Decides when to sync: every few minutes, more often while jobs run, on a hint of the service, less often after
 * failures.
 */
export function startSchedule({ engine, service, database, clock, random }: ScheduleOptions): Schedule {
  const abort = new AbortController()
  let listening = new AbortController()
  let pollTimer: NodeJS.Timeout | undefined
  let firstTimer: NodeJS.Timeout | undefined
  let dueTimer: NodeJS.Timeout | undefined
  let failures = 0
  /** As of `performance.now`, and of the clock. */
  let lastRunAt = Number.NEGATIVE_INFINITY
  let lastRunTime = Number.NEGATIVE_INFINITY
  let hinted = false
  let hintPause = shortestHintPause
  /** The wait that the service requested, in milliseconds; it overrides every other interval. */
  let askedToWait = 0

  const isPaused = () => engine.state().status === 'paused'
  const mayRun = () => !['paused', 'read_only'].includes(engine.state().status)

  async function run(confirmed: boolean): Promise<void> {
    if (!mayRun()) return
    clearTimeout(pollTimer)
    lastRunAt = performance.now()
    lastRunTime = clock.now()
    const wasHinted = hinted
    hinted = false
    let hasNews = false
    try {
      const report = await engine.run({ patience, confirmed })
      hasNews = report.streams.some(({ added, updated }) => added + updated > 0)
      askedToWait = Math.max(0, ...report.streams.map((stream) => stream.retryAfterMs ?? 0))
      failures = report.streams.some((stream) => stream.error) ? failures + 1 : 0
    } catch (error) {
      if (abort.signal.aborted) return
      throw error
    }
    if (abort.signal.aborted) return
    armDueTimer()
    if (isPaused()) return stop()
    hintPause = wasHinted && !hasNews ? Math.min(longestHintPause, hintPause * 2) : shortestHintPause
    if (hinted && askedToWait === 0) plan(untilHintedRun())
    else if (engine.state().status === 'signed_out') engine.setNextAt(null)
    else plan(interval())
  }

  const untilHintedRun = () => Math.max(0, lastRunAt + hintPause - performance.now())

  function interval(): number {
    if (failures > 0) {
      const backoff = retryDelay(new ServiceError('unreachable', { retryable: true }), failures, random()) ?? 0
      return Math.max(shortestFailureInterval, backoff, askedToWait)
    }
    return jobsAreRunning() ? busyInterval : idleInterval
  }

  function plan(delay: number): void {
    clearTimeout(pollTimer)
    pollTimer = setTimeout(() => void run(false), delay)
    engine.setNextAt(clock.now() + delay)
  }

  function jobsAreRunning(): boolean {
    const accountId = syncedAccount(database)?.accountId
    if (accountId === undefined) return false
    return caseFacets(database, [accountId], { refundStatuses: awaitingResultStatuses }).length > 0
  }

  function armDueTimer(): void {
    clearTimeout(dueTimer)
    const times = listAccounts(database).flatMap(({ accountId }) => nextDueAt(database, accountId) ?? [])
    if (times.length === 0) return
    const due = Math.min(...times)
    // At least a second, because a fixed clock (`CARAT_NOW`) never reaches the due time.
    const delay = Math.min(maxTimerMs, Math.max(1_000, due - clock.now() + 1))
    dueTimer = setTimeout(() => {
      engine.evaluate()
      armDueTimer()
    }, delay)
  }

  async function listen(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await service.watch(() => {
          attempt = 0
          if (hinted) return
          hinted = true
          if (engine.state().status !== 'running' && askedToWait === 0) plan(untilHintedRun())
        }, signal)
        return
      } catch (error) {
        const delay = retryDelay(error, attempt, random())
        if (delay === null || signal.aborted) return
        await clock.sleep(Math.max(1_000, delay), signal).catch(() => {})
      }
    }
  }

  function begin(confirmed: boolean): void {
    stopWaiting()
    listening = new AbortController()
    void listen(listening.signal)
    void run(confirmed)
  }

  function stopWaiting(): void {
    clearTimeout(firstTimer)
    firstTimer = undefined
  }

  function stop(): void {
    stopWaiting()
    listening.abort(new Error('stopped'))
    clearTimeout(pollTimer)
  }

  function resume(): void {
    if (!isPaused()) return
    engine.resume()
    begin(true)
  }

  engine.evaluate()
  armDueTimer()
  if (mayRun()) {
    // Until all was read once, the newest records are what the first screen waits for.
    if (engine.state().lastSuccessAt === null) begin(false)
    else firstTimer = setTimeout(() => begin(false), firstScreenTime)
  }
  return {
    syncNow() {
      if (isPaused()) resume()
      else if (firstTimer) begin(true)
      else void run(true)
    },
    pause() {
      engine.pause()
      stop()
    },
    resume,
    wake() {
      if (firstTimer) return
      // While the machine sleeps, `performance.now` stands still on Linux. The clock does so if `CARAT_NOW` fixes it.
      const passed = Math.max(performance.now() - lastRunAt, Math.abs(clock.now() - lastRunTime))
      if (passed > shortestFailureInterval) void run(false)
    },
    isWaiting: () => firstTimer !== undefined,
    close() {
      abort.abort(new Error('closed'))
      stop()
      clearTimeout(dueTimer)
    },
  }
}

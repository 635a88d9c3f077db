import { AppError, type ErrorCode, type ErrorView, isDamageCode, isUnwritableCode } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { RecordStream, Stream } from '../../shared/values.ts'
import type { StreamState, SyncState } from '../../shared/views.ts'
import { addSample, type Pace, ratePerSecond, remainingMs } from '../domain/pace.ts'
import type { Clock, Log } from '../ports.ts'
import { CursorExpired } from '../service/errors.ts'
import type { Service } from '../service/service.ts'
import { listAccounts, saveAccount, setSyncPaused, syncedAccount } from '../store/accounts/accounts.ts'
import { caseContext } from '../store/cases/cases.ts'
import { evaluateCases } from '../store/cases/due-cases.ts'
import { explainStoreError } from '../store/file/errors.ts'
import { refuseMovedFiles } from '../store/file/moved-files.ts'
import type { Writable } from '../store/handles.ts'
import { markForRebuild } from '../store/projections/projection.ts'
import { pastOrNull, readPosition, savePosition, streamStates } from '../store/streams.ts'
import type { PageReport } from './pages.ts'
import { type Patience, type PullContext, pullStream, withRetries } from './pull.ts'
import { pullAll } from './pull-all.ts'
import type { Rebuilder } from './rebuild.ts'
import { emptyReport, recordCounts, requestedWaitMs, type StreamReport, type SyncReport } from './report.ts'
import { createRounds } from './rounds.ts'
import { acceptListing } from './snapshots.ts'
import { type Source, sources } from './sources.ts'

export interface SyncPorts {
  database: Writable
  service: Service
  /** Whether the data folder is read-only; the state is then `read_only`. */
  isReadOnly?: boolean
  /** Whether the service is the sandbox. */
  isSample: boolean
  clock: Clock
  log: Log
  /** The path that errors of the disk name. */
  dataDir: string
  random: () => number
  /** Runs when verdicts must be decided again. */
  rebuilder: Pick<Rebuilder, 'run' | 'progress'>
  publish(event: CoreEventBody): void
}

export interface SyncEngine {
  /** Pulls the account, then all record streams in parallel. A second call joins the current run. */
  run(options: RunOptions): Promise<SyncReport>
  isRunning(): boolean
  state(): SyncState
  /** Stops the current run, whose report then has no error, and stores that the account is paused. */
  pause(): void
  /** Clears the pause; the next run continues from the stored positions. */
  resume(): void
  /** Confirms a new snapshot that is much shorter than the last. */
  accept(stream: RecordStream): void
  /** Decides the cases whose wait is over, in every account. */
  evaluate(): void
  setNextAt(time: number | null): void
  close(): Promise<void>
}

export interface RunOptions {
  patience: Patience
  /** Whether the user started the run: it then ignores a pause, and repeats snapshots that wait for a confirmation. */
  confirmed: boolean
}

interface Run extends RunOptions {
  /** Aborts to stop the run. */
  signal: AbortSignal
}

/** Errors of the database file: nothing can be stored in it, not even the error. */
const isOfFile = (code: ErrorCode): boolean =>
  isUnwritableCode(code) || isDamageCode(code) || ['disk_full', 'disk_failed', 'data_folder_on_network'].includes(code)

/** Errors that last until the user signs in. */
const needsSignIn: ReadonlySet<ErrorCode> = new Set([
  'unauthorized',
  'signed_out',
  'sign_in_changed',
  'sign_in_elsewhere',
  'sign_in_ended',
])

/** Syncs the database with the service on request; schedule.ts decides when. */
export function createSyncEngine(ports: SyncPorts): SyncEngine {
  const { database, service, clock, log, dataDir, publish } = ports
  const abort = new AbortController()
  const recordSources = sources(service)
  /** The account that the service returned for the token, in this process. */
  let session: { accountId: number; id: string; signInMethod: string } | null = null
  let live = new Map<Stream, StreamState>(
    streamStates(database, syncedAccount(database)?.accountId ?? null).map((state) => [state.stream, state]),
  )
  const paces = new Map<Stream, Pace>()
  let running: { report: Promise<SyncReport>; halt: AbortController } | null = null
  let next: { at: number; delay: number } | null = null

  /** The time of the next run; never further away than when it was planned, because the clock may have been set back. */
  const nextAt = () => next && Math.min(next.at, clock.now() + next.delay)

  const update = (stream: Stream, patch: Partial<StreamState>) => {
    live.set(stream, { ...(live.get(stream) as StreamState), ...patch })
    publish({ type: 'sync', state: state() })
  }

  const isPaused = () => syncedAccount(database)?.syncPaused === 1

  function state(): SyncState {
    const now = performance.now()
    const all = [...live.values()].map((stream) => {
      const pace = paces.get(stream.stream) ?? []
      const lastSuccessAt = pastOrNull(stream.lastSuccessAt, clock.now())
      return {
        ...stream,
        lastSuccessAt,
        rate: ratePerSecond(pace, now),
        remainingMs: remainingMs(pace, stream.total, now),
      }
    })
    const successes = all.map((stream) => stream.lastSuccessAt)
    const lastSuccessAt = successes.some((time) => time === null) ? null : Math.min(...(successes as number[]))
    const rebuild = ports.rebuilder.progress()
    const status = statusOf(all, lastSuccessAt)
    const isStopped = status === 'read_only' || status === 'paused'
    return { status, streams: all, lastSuccessAt, nextAt: isStopped ? null : nextAt(), rebuild }
  }

  function statusOf(all: readonly StreamState[], lastSuccessAt: number | null): SyncState['status'] {
    if (ports.isReadOnly) return 'read_only'
    if (isPaused()) return 'paused'
    if (running) return 'running'
    if (all.some(({ error }) => error && needsSignIn.has(error.code))) return 'signed_out'
    if (all.some(({ error }) => error)) return 'failed'
    return lastSuccessAt === null ? 'never' : 'idle'
  }

  const retrying = (stream: Stream, { patience, signal }: Run) => ({
    clock,
    random: ports.random,
    patience,
    signal,
    onRetry(error: ErrorView, retryAt: number) {
      paces.delete(stream)
      update(stream, { error, retryAt })
    },
  })

  async function pullAccount(run: Run): Promise<number> {
    refuseMovedFiles(database)
    const { account, requestedAt } = await withRetries(retrying('account', run), () => service.account(run.signal))
    if (session && (session.id !== account.id || session.signInMethod !== account.signInMethod)) {
      throw new AppError('account_changed', { name: account.displayName })
    }
    const save = database.transaction(() => {
      const saved = saveAccount(database, account, clock.now(), ports.isSample)
      const position = { ...readPosition(database, saved.accountId, 'account'), records: 1, lastSuccessAt: requestedAt }
      savePosition(database, saved.accountId, 'account', position)
      // A changed policy may move the deadline of every case.
      if (saved.policyChanged) markForRebuild(database, ['cases'])
      return saved
    })
    const saved = save.immediate()
    if (session?.accountId !== saved.accountId) {
      session = { accountId: saved.accountId, id: account.id, signInMethod: account.signInMethod }
      live = new Map(streamStates(database, saved.accountId).map((found) => [found.stream, found]))
    }
    const cases = evaluateCases(database, caseContext(database, saved.accountId, clock.now()))
    void ports.rebuilder.run()
    update('account', { lastSuccessAt: requestedAt, error: null, retryAt: null })
    publish({ type: 'data', jobs: 0, transactions: 0, cases, account: true })
    return saved.accountId
  }

  async function pullRecords(
    accountId: number,
    source: Source,
    run: Run,
    rounds: PullContext['rounds'],
  ): Promise<StreamReport> {
    const { stream } = source
    const report = emptyReport(stream)
    const onPage = (page: PageReport) => {
      refuseMovedFiles(database)
      void ports.rebuilder.run()
      report.pages++
      report.added += page.added
      report.updated += page.updated
      report.quarantined += page.quarantined
      const { records, listed, total, phase, lastSuccessAt } = page.position
      const before = live.get(stream) as StreamState
      if (phase === 'listing')
        paces.set(stream, addSample(paces.get(stream) ?? [], { at: performance.now(), read: listed }))
      else paces.delete(stream)
      update(stream, {
        phase: phase === 'listing' ? 'listing' : 'changes',
        records,
        listed,
        total,
        lastSuccessAt,
        error: null,
        retryAt: null,
        quarantined: before.quarantined + page.quarantined,
      })
      if (page.added + page.updated + page.cases === 0) return
      const { added, updated, cases } = page
      publish({ type: 'data', ...recordCounts(stream, added + updated), cases, account: false })
    }
    try {
      update(stream, { phase: readPosition(database, accountId, stream).phase === 'changes' ? 'changes' : 'listing' })
      await pullStream({ ...retrying(stream, run), database, rounds, onPage }, accountId, source)
    } catch (error) {
      abort.signal.throwIfAborted()
      if (!run.signal.aborted) {
        report.error = fail(accountId, stream, error)
        report.retryAfterMs = requestedWaitMs(error)
      }
    }
    paces.delete(stream)
    const stored = streamStates(database, accountId).find((found) => found.stream === stream) as StreamState
    update(stream, { ...stored, error: report.error })
    return report
  }

  function fail(accountId: number | null, stream: Stream, error: unknown): ErrorView {
    const known = error instanceof CursorExpired ? new AppError('no_progress') : explainStoreError(error, dataDir)
    const view: ErrorView = known instanceof AppError ? known.toView() : { code: 'internal', params: {} }
    log.warn('sync failed', { stream, code: view.code, detail: known instanceof AppError ? null : String(error) })
    if (accountId !== null && !isOfFile(view.code)) {
      savePosition(database, accountId, stream, readPosition(database, accountId, stream), view)
    }
    return view
  }

  async function runOnce(run: Run): Promise<SyncReport> {
    publish({ type: 'sync', state: state() })
    const account = emptyReport('account')
    try {
      await pullAccount(run)
      account.pages = 1
    } catch (error) {
      abort.signal.throwIfAborted()
      if (run.signal.aborted) return { streams: [account] }
      account.error = fail(session?.accountId ?? null, 'account', error)
      account.retryAfterMs = requestedWaitMs(error)
      update('account', { error: account.error, retryAt: null })
      const { code } = account.error
      const keepsGoing =
        session && !needsSignIn.has(code) && code !== 'forbidden' && code !== 'account_changed' && !isDamageCode(code)
      if (!keepsGoing) return { streams: [account] }
    }
    const { accountId } = session as NonNullable<typeof session>
    // The token may now belong to another account, which may be paused.
    if (isPaused() && !run.confirmed) return { streams: [account] }
    const due = recordSources.filter(
      ({ stream }) => run.confirmed || readPosition(database, accountId, stream).phase !== 'confirm',
    )
    const ofRun = { database, accountId, clock, signal: run.signal }
    const rounds = { snapshots: createRounds(ofRun), changes: createRounds(ofRun) }
    const reports = await pullAll(ports, accountId, due, (source) => pullRecords(accountId, source, run, rounds))
    return { streams: [account, ...reports] }
  }

  /** Starts a run after the previous run, which was stopped, has ended. */
  async function begin(options: RunOptions, halt: AbortController, before: Promise<SyncReport> | undefined) {
    try {
      await before
      return await runOnce({ ...options, signal: AbortSignal.any([abort.signal, halt.signal]) })
    } finally {
      if (running?.halt === halt) running = null
      if (!abort.signal.aborted) {
        void ports.rebuilder.run()
        publish({ type: 'sync', state: state() })
      }
    }
  }

  return {
    run(options) {
      if (!running || running.halt.signal.aborted) {
        const halt = new AbortController()
        running = { halt, report: begin(options, halt, running?.report) }
      }
      return running.report
    },
    isRunning: () => running !== null,
    state,
    pause() {
      setSyncPaused(database, true)
      running?.halt.abort(new Error('paused'))
      publish({ type: 'sync', state: state() })
    },
    resume: () => setSyncPaused(database, false),
    accept(stream) {
      const accountId = syncedAccount(database)?.accountId
      const source = recordSources.find((candidate) => candidate.stream === stream)
      if (accountId === undefined || !source) return
      const accepted = acceptListing(database, accountId, source, clock.now())
      if (!accepted) return
      update(stream, { error: null })
      publish({ type: 'data', ...recordCounts(stream, accepted.updated), cases: accepted.cases, account: false })
    },
    evaluate() {
      const now = clock.now()
      const cases = listAccounts(database)
        .map(({ accountId }) => evaluateCases(database, caseContext(database, accountId, now)))
        .reduce((sum, changed) => sum + changed, 0)
      void ports.rebuilder.run()
      if (cases > 0) publish({ type: 'data', jobs: 0, transactions: 0, cases, account: false })
    },
    setNextAt(time) {
      next = time === null ? null : { at: time, delay: time - clock.now() }
      publish({ type: 'sync', state: state() })
    },
    async close() {
      abort.abort(new Error('closed'))
      await running?.report.catch(() => {})
    },
  }
}

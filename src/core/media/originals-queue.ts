import { rm } from 'node:fs/promises'
import { setImmediate as otherWork } from 'node:timers/promises'
import { AppError, isUnwritableCode } from '../../shared/errors.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { Agent } from '../../shared/values.ts'
import type { OriginalsState, RunningOriginal } from '../../shared/views.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import type { Clock, Log } from '../ports.ts'
import { connectionErrors } from '../service/errors.ts'
import { retryDelay } from '../service/retry.ts'
import { activeAccount } from '../store/accounts/accounts.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Writable } from '../store/handles.ts'
import * as originals from '../store/jobs/originals.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { isRetryable } from './download.ts'
import { ownerOf, partialsFolder } from './folders.ts'
import { hasOriginal, removeOriginalFiles, storeOriginal } from './original-files.ts'
import type { Renewals } from './renewals.ts'

const parallelDownloads = 3
const maxTries = 5
/** Wait after a full disk, in milliseconds. */
const diskPauseMs = 60_000
const publishMs = 500
/** An account id that no row has. */
const noAccount = 0

export interface OriginalsQueuePorts {
  database: Writable
  dataDir: string
  /** Base address of the service. */
  api: string
  clock: Clock
  log: Log
  random: () => number
  renewals: Pick<Renewals, 'renew'>
  publish(event: CoreEventBody): void
  fetch?: typeof globalThis.fetch
}

type OfJob = { agent: Agent; jobId: string }

/** Downloads the originals that the user wants to keep: one queue per account; only the active account's queue runs. */
export interface OriginalsQueue {
  start(): void
  /** Call after a sync stored records, since there may be new originals to download. */
  wake(): void
  state(): OriginalsState
  keep(what: OfJob | { all: 'listed' | 'failed' }): void
  drop(what: OfJob | { all: 'waiting' | 'failed' }): Promise<void>
  /** Resuming also ends a backoff. */
  pause(paused: boolean): void
  keepNew(keep: boolean): void
  close(): Promise<void>
}

interface Running {
  view: RunningOriginal
  abort: AbortController
  done: Promise<void>
}

interface Backoff {
  error: AppError
  until: number
  delay: number
  abort: AbortController
}

export function createOriginalsQueue(ports: OriginalsQueuePorts): OriginalsQueue {
  const { database, dataDir, clock, log, random, publish } = ports
  const running = new Map<number, Running>()
  let started = false
  let adding = false
  /** No download starts while originals are being removed. */
  let removals = 0
  let failures = 0
  let backoff: Backoff | null = null
  let publishing: NodeJS.Timeout | undefined
  const stop = new AbortController()

  const accountId = () => activeAccount(database)?.accountId ?? noAccount
  const needAccount = () => {
    const account = activeAccount(database)
    if (!account) throw new AppError('not_found', { id: 'account' })
    return account
  }

  function state(): OriginalsState {
    const account = accountId()
    const { paused, newSince } = originals.keepSettings(database, account)
    const { waiting, kept, failed } = originals.countOriginals(database, account)
    const busy = running.size > 0 || waiting.originals > 0 || adding
    return {
      status: paused ? 'paused' : statusOf(busy),
      error: backoff?.error.toView() ?? null,
      // The clock may have been set back since.
      retryAt: backoff && Math.min(backoff.until, clock.now() + backoff.delay),
      keepsNew: newSince !== null,
      waiting,
      kept: { originals: kept.originals, bytes: kept.bytes ?? 0 },
      failed: failed.originals,
      running: [...running.values()].map(({ view }) => ({ ...view })),
    }
  }

  function statusOf(busy: boolean): OriginalsState['status'] {
    if (backoff) return 'held'
    return busy ? 'working' : 'idle'
  }

  function publishSoon(): void {
    if (stop.signal.aborted) return
    publishing ??= setTimeout(() => {
      publishing = undefined
      publish({ type: 'originals', state: state() })
    }, publishMs)
  }

  function fill(): void {
    if (!started || stop.signal.aborted || removals > 0 || backoff) return
    const account = accountId()
    const { paused, allBelow } = originals.keepSettings(database, account)
    if (allBelow !== null) void addListed(account)
    if (paused) return
    for (const task of originals.waitingOriginals(database, account, 2 * parallelDownloads)) {
      if (running.size === parallelDownloads) return
      if (!running.has(task.id)) begin(task)
    }
  }

  /** Adds all requested originals in slices, so that other work runs in between. */
  async function addListed(account: number): Promise<void> {
    if (adding) return
    adding = true
    try {
      while (!stop.signal.aborted && originals.enqueueNextSlice(database, account)) {
        publishSoon()
        await otherWork()
      }
    } catch (error) {
      backOff(error)
    }
    adding = false
    changed()
  }

  function changed(): void {
    publishSoon()
    fill()
  }

  function begin(task: originals.WaitingOriginal): void {
    const { id, agent, jobId, resultId, bytes } = task
    const abort = new AbortController()
    const view: RunningOriginal = { agent, jobId, resultId, received: 0, total: bytes }
    const done = work(task, view, abort.signal)
      .catch((error) => backOff(error))
      .then(() => {
        running.delete(id)
        changed()
      })
    running.set(id, { view, abort, done })
  }

  async function work(task: originals.WaitingOriginal, view: RunningOriginal, signal: AbortSignal): Promise<void> {
    try {
      const size = await storeOriginal(ports, task, signal, {
        etag: task.etag,
        onStart: (etag) => originals.saveEtag(database, task.id, etag),
        onProgress(received, total) {
          Object.assign(view, { received, total })
          publishSoon()
        },
      })
      originals.saveKept(database, task.id, size)
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      const explained = explainStoreError(error, dataDir)
      if (isRetryable(explained)) {
        originals.countTry(database, task.id)
        // Without a connection, the file itself is not at fault.
        if (!connectionErrors.has(explained.code) && task.tries + 1 >= maxTries) {
          originals.saveFailure(database, task.id, explained.toView())
        }
        backOff(explained)
      } else if (explained instanceof AppError && !isDiskError(explained)) {
        originals.saveFailure(database, task.id, explained.toView())
      } else {
        backOff(explained)
      }
    }
  }

  /** Backs off: the same failure would hit the next original as well. */
  function backOff(error: unknown): void {
    const explained = explainStoreError(error, dataDir)
    if (!(explained instanceof AppError)) log.warn('keeping_failed', { error: String(explained) })
    if (backoff || stop.signal.aborted) return
    const delay = retryDelay(explained, failures++, random()) ?? diskPauseMs
    const abort = new AbortController()
    backoff = {
      error: explained instanceof AppError ? explained : new AppError('internal'),
      until: clock.now() + delay,
      delay,
      abort,
    }
    clock.sleep(delay, AbortSignal.any([abort.signal, stop.signal])).then(endBackoff, () => {})
  }

  function endBackoff(): void {
    backoff?.abort.abort()
    backoff = null
    changed()
  }

  /** Aborts the downloads that `concerns` selects. Their partial files stay. */
  async function interrupt(concerns: (view: RunningOriginal) => boolean): Promise<void> {
    const ended = [...running.values()].filter(({ view }) => concerns(view))
    for (const { abort } of ended) abort.abort()
    await Promise.all(ended.map(({ done }) => done))
  }

  async function dropOriginals(account: AccountRow, { agent, jobId }: OfJob): Promise<void> {
    for (const { resultId } of originals.originalsOfJob(database, account.accountId, agent, jobId)) {
      // The files first: a kill in between leaves a row that names the missing file.
      await removeOriginalFiles(dataDir, ownerOf(account), { agent, jobId, resultId })
      originals.removeOriginal(database, account.accountId, agent, jobId, resultId)
    }
  }

  /** Removes the rows of kept originals whose files are missing, so that they can be enqueued again. */
  function removeMissing(account: AccountRow, { agent, jobId }: OfJob): void {
    for (const { resultId, state } of originals.originalsOfJob(database, account.accountId, agent, jobId)) {
      if (state !== 'kept' || hasOriginal(dataDir, ownerOf(account), { agent, jobId, resultId })) continue
      originals.removeOriginal(database, account.accountId, agent, jobId, resultId)
    }
  }

  return {
    state,
    start() {
      started = true
      fill()
    },
    wake() {
      if (originals.keepSettings(database, accountId()).newSince !== null) publishSoon()
      fill()
    },
    keep(what) {
      const account = needAccount()
      if (!('all' in what)) {
        removeMissing(account, what)
        originals.enqueueOriginals(database, account.accountId, what.agent, what.jobId, clock.now())
      } else if (what.all === 'failed') {
        originals.enqueueFailed(database, account.accountId)
      } else {
        originals.saveKeepSettings(database, account.accountId, { allBelow: aboveAllIds })
      }
      changed()
    },
    async drop(what) {
      const account = needAccount()
      removals++
      try {
        if ('all' in what && what.all === 'failed') {
          originals.removeFailed(database, account.accountId)
        } else if ('all' in what) {
          await interrupt(() => true)
          await rm(partialsFolder(dataDir), { recursive: true, force: true })
          originals.removeWaiting(database, account.accountId)
        } else {
          await interrupt(({ agent, jobId }) => agent === what.agent && jobId === what.jobId)
          await dropOriginals(account, what)
        }
      } finally {
        removals--
        changed()
      }
    },
    pause(paused) {
      originals.saveKeepSettings(database, needAccount().accountId, { paused })
      if (paused) void interrupt(() => true)
      endBackoff()
    },
    keepNew(keep) {
      originals.saveKeepSettings(database, needAccount().accountId, { newSince: keep ? clock.now() : null })
      changed()
    },
    async close() {
      stop.abort()
      clearTimeout(publishing)
      await interrupt(() => true)
    },
  }
}

const isDiskError = ({ code }: AppError) => code === 'disk_full' || isUnwritableCode(code)

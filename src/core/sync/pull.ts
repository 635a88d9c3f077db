import { setImmediate } from 'node:timers/promises'
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import { CursorExpired, connectionErrors, ServiceError } from '../service/errors.ts'
import { retryDelay } from '../service/retry.ts'
import type { Writable } from '../store/handles.ts'
import { readPosition } from '../store/streams.ts'
import { isOfChanges, type PageReport } from './pages.ts'
import { createProgressGuard } from './progress-guard.ts'
import type { Rounds } from './rounds.ts'
import { restartListing } from './snapshots.ts'
import type { Source } from './sources.ts'

/** How long one pull keeps trying before it reports the failure. */
export interface Patience {
  /** Attempts per request if the service answers with an error, and (`triesUnreachable`) if it cannot be reached. */
  tries: number
  triesUnreachable: number
  /** The pull fails instead of waiting longer than this, in milliseconds. */
  maxWaitMs: number
}

export interface PullContext {
  database: Writable
  clock: Clock
  random: () => number
  patience: Patience
  signal: AbortSignal
  /** Where the pages of snapshots and of change feeds are stored. */
  rounds: Record<'snapshots' | 'changes', Rounds>
  /** Called when a failed request will be retried at `retryAt`. */
  onRetry(error: ErrorView, retryAt: number): void
  /** Called after a page was stored. */
  onPage(report: PageReport): void
}

const maxRestarts = 2
/** The backoff stays here while pages are halved, up to ten times: each try asks for less. */
const longestSmallerBackOff = 1

type Guard = ReturnType<typeof createProgressGuard>

/**
 * Pulls a stream until it is caught up: first an incomplete snapshot, then the change feed. Requests one page ahead, so the
 * service prepares it while the last is stored. Throws the error that ended the retries; stored pages stay.
 */
export async function pullStream(context: PullContext, accountId: number, source: Source): Promise<void> {
  const { database } = context
  let position = readPosition(database, accountId, source.stream)
  if (position.phase === 'confirm') position = restartListing(database, accountId, source)
  const guard = createProgressGuard()
  for (let restarts = 0; ; restarts++) {
    try {
      if (position.phase === 'listing') await pullSnapshot(context, source, position.pageToken, guard)
      guard.reset()
      return await pullChanges(context, accountId, source, guard)
    } catch (error) {
      if (!(error instanceof CursorExpired)) throw error
      if (restarts === maxRestarts) throw new ServiceError('no_progress', { cause: error })
      guard.reset()
      position = restartListing(database, accountId, source)
    }
  }
}

/** Pulls a snapshot from the page `token` to its end. */
async function pullSnapshot(context: PullContext, source: Source, token: string | null, guard: Guard): Promise<void> {
  const { signal } = context
  const listing = lookAhead((page: string | null) => withRetries(context, () => source.listing(page, signal)))
  const turn = context.rounds.snapshots.join(source, (page, report) => {
    context.onPage(report)
    if (report.error) throw new AppError(report.error.code, report.error.params)
    guard.see(page.items, report)
  })
  try {
    for (let at = token; ; ) {
      signal.throwIfAborted()
      const page = await listing.take(at)
      guard.follow(page.nextPage)
      if (page.nextPage !== null) await listing.send(page.nextPage)
      // The newest records are shown at once.
      await turn.add(page, at === null || page.nextPage === null)
      if (page.nextPage === null) return
      at = page.nextPage
    }
  } finally {
    turn.leave()
  }
}

/** Pulls the change feed from the stored cursor to its end. */
async function pullChanges(context: PullContext, accountId: number, source: Source, guard: Guard): Promise<void> {
  const { database, signal } = context
  const changes = lookAhead((cursor: string) => withRetries(context, () => source.changes(cursor, signal)))
  const turn = context.rounds.changes.join(source, (page, report) => {
    context.onPage(report)
    if (isOfChanges(page) && page.hasMore) guard.see(page.items, report)
  })
  try {
    for (let { cursor } = readPosition(database, accountId, source.stream); ; ) {
      signal.throwIfAborted()
      const page = await changes.take(cursor as string)
      guard.follow(page.hasMore ? page.nextCursor : null)
      if (page.hasMore) await changes.send(page.nextCursor)
      await turn.add(page, false)
      if (!page.hasMore) return
      cursor = page.nextCursor
    }
  } finally {
    turn.leave()
  }
}

/** Sends at most one request ahead of its use. */
function lookAhead<Key, Page>(request: (key: Key) => Promise<Page>) {
  let sent: { key: Key; page: Promise<Page> } | null = null
  return {
    /** Sends a request. Storing a page blocks this thread, so the request must be sent before. */
    async send(key: Key): Promise<void> {
      sent = { key, page: request(key) }
      // `take` reports the failure; this only prevents an unhandled rejection.
      sent.page.catch(() => {})
      await setImmediate()
    },
    /** The answer for `key`: of the request sent ahead, or of a new request if that was for another key. */
    take(key: Key): Promise<Page> {
      const page = sent?.key === key ? sent.page : request(key)
      sent = null
      return page
    },
  }
}

/** Repeats a request until it succeeds or `patience` is exhausted. Smaller pages are asked for until one record is too much. */
export async function withRetries<T>(
  context: Pick<PullContext, 'clock' | 'random' | 'patience' | 'signal' | 'onRetry'>,
  request: () => Promise<T>,
): Promise<T> {
  const { clock, patience, signal } = context
  let attempts = 0
  for (let failures = 0; ; failures++) {
    try {
      return await request()
    } catch (error) {
      signal.throwIfAborted()
      const isBeforeSmaller = error instanceof ServiceError && error.isBeforeSmaller
      const backOff = isBeforeSmaller ? Math.min(failures, longestSmallerBackOff) : attempts
      const delay = retryDelay(error, backOff, context.random())
      const unreachable = error instanceof ServiceError && connectionErrors.has(error.code) && !error.begun
      const tries = unreachable ? patience.triesUnreachable : patience.tries
      if (delay === null || delay > patience.maxWaitMs) throw error
      if (!isBeforeSmaller && ++attempts >= tries) throw error
      context.onRetry((error as ServiceError).toView(), clock.now() + delay)
      await clock.sleep(delay, signal)
    }
  }
}

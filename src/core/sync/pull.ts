import { setImmediate } from 'node:timers/promises'
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import { CursorExpired, connectionErrors, ServiceError } from '../service/errors.ts'
import { retryDelay } from '../service/retry.ts'
import type { Writable } from '../store/handles.ts'
import { readPosition } from '../store/streams.ts'
import { applyChangesPage, applyListingPage, type PageReport, restartListing } from './pages.ts'
import { createProgressGuard } from './progress-guard.ts'
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
  /** Called when a failed request will be retried at `retryAt`. */
  onRetry(error: ErrorView, retryAt: number): void
  /** Called after a page was stored. */
  onPage(report: PageReport): void
}

const maxRestarts = 2

/**
 * Pulls a stream until it is caught up: first an incomplete snapshot, then the change feed. Requests one page ahead, so the
 * service prepares it while the last is stored. Throws the error that ended the retries; stored pages stay.
 */
export async function pullStream(context: PullContext, accountId: number, source: Source): Promise<void> {
  const { database, clock, signal } = context
  let position = readPosition(database, accountId, source.stream)
  if (position.phase === 'confirm') position = restartListing(database, accountId, source)
  const guard = createProgressGuard()
  const listing = lookAhead((token: string | null) => withRetries(context, () => source.listing(token, signal)))
  const changes = lookAhead((cursor: string) => withRetries(context, () => source.changes(cursor, signal)))
  let restarts = 0
  for (;;) {
    signal.throwIfAborted()
    try {
      if (position.phase === 'listing') {
        const page = await listing.take(position.pageToken)
        guard.follow(page.nextPage)
        if (page.nextPage !== null) await listing.send(page.nextPage)
        const report = applyListingPage(database, accountId, source, page, clock.now())
        position = report.position
        context.onPage(report)
        if (report.error) throw new AppError(report.error.code, report.error.params)
        if (position.phase === 'changes') guard.reset()
        else guard.see(page.items, report)
      } else {
        const page = await changes.take(position.cursor as string)
        guard.follow(page.hasMore ? page.nextCursor : null)
        if (page.hasMore) await changes.send(page.nextCursor)
        const report = applyChangesPage(database, accountId, source, page, clock.now())
        position = report.position
        context.onPage(report)
        if (!page.hasMore) return
        guard.see(page.items, report)
      }
    } catch (error) {
      if (!(error instanceof CursorExpired)) throw error
      if (++restarts > maxRestarts) throw new ServiceError('no_progress', { cause: error })
      guard.reset()
      position = restartListing(database, accountId, source)
    }
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

/** Repeats a request until it succeeds or `patience` is exhausted. */
export async function withRetries<T>(
  context: Pick<PullContext, 'clock' | 'random' | 'patience' | 'signal' | 'onRetry'>,
  request: () => Promise<T>,
): Promise<T> {
  const { clock, patience, signal } = context
  for (let attempt = 0; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      signal.throwIfAborted()
      const delay = retryDelay(error, attempt, context.random())
      const unreachable = error instanceof ServiceError && connectionErrors.has(error.code)
      const tries = unreachable ? patience.triesUnreachable : patience.tries
      if (delay === null || delay > patience.maxWaitMs || attempt + 1 >= tries) throw error
      context.onRetry((error as ServiceError).toView(), clock.now() + delay)
      await clock.sleep(delay, signal)
    }
  }
}

import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import { CursorExpired, ServiceError } from '../service/errors.ts'
import { retryDelay } from '../service/retry.ts'
import type { Writable } from '../store/store.ts'
import { readPosition } from '../store/streams.ts'
import { applyChangesPage, applyListingPage, type PageReport, restartListing } from './pages.ts'
import type { Source } from './sources.ts'

/** How long one pull keeps trying before it reports the failure. */
export interface Patience {
  /** Tries of one request when the service answers with a failure, and when it cannot be reached at all. */
  tries: number
  triesUnreachable: number
  /** A longer wait than this is not waited out, in milliseconds. */
  longestWait: number
}

export interface PullContext {
  database: Writable
  clock: Clock
  random: () => number
  patience: Patience
  signal: AbortSignal
  /** A request failed and is tried again at `retryAt`. */
  onRetry(error: ErrorView, retryAt: number): void
  /** A page is stored. */
  onPage(report: PageReport): void
}

/** A cursor that does not move while the service says that there is more is followed this often, then given up. */
const longestStandstill = 3
/** And this many pages without a single record. */
const mostEmptyPages = 100
const mostRestarts = 2

/**
 * Pulls one stream until it is caught up: the listing if it is not complete, then changes. Every page is stored before
 * the next is asked for. Throws what could not be overcome; everything stored so far stays.
 */
export async function pullStream(context: PullContext, accountId: number, source: Source): Promise<void> {
  const { database, clock, signal } = context
  let position = readPosition(database, accountId, source.stream)
  if (position.phase === 'confirm') position = restartListing(database, accountId, source)
  const guard = new ProgressGuard()
  let restarts = 0
  for (;;) {
    signal.throwIfAborted()
    try {
      if (position.phase === 'listing') {
        const { pageToken } = position
        const page = await withRetries(context, () => source.listing(pageToken, signal))
        guard.check(page.nextPage, page)
        const report = applyListingPage(database, accountId, source, page, clock.now())
        position = report.position
        context.onPage(report)
        if (report.error) throw new AppError(report.error.code, report.error.params)
        if (position.phase === 'changes') guard.reset()
      } else {
        const cursor = position.cursor as string
        const page = await withRetries(context, () => source.changes(cursor, signal))
        guard.check(page.hasMore ? page.nextCursor : null, page)
        const report = applyChangesPage(database, accountId, source, page, clock.now())
        position = report.position
        context.onPage(report)
        if (!page.hasMore) return
      }
    } catch (error) {
      if (!(error instanceof CursorExpired)) throw error
      if (++restarts > mostRestarts) throw new ServiceError('no_progress', { cause: error })
      guard.reset()
      position = restartListing(database, accountId, source)
    }
  }
}

/** Repeats one request until it succeeds or patience ends. */
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
      const unreachable = error instanceof ServiceError && error.code === 'unreachable'
      const tries = unreachable ? patience.triesUnreachable : patience.tries
      if (delay === null || delay > patience.longestWait || attempt + 1 >= tries) throw error
      context.onRetry((error as ServiceError).toView(), clock.now() + delay)
      await clock.sleep(delay, signal)
    }
  }
}

/** Notices a service that says that there is more and goes in circles, or brings nothing for ever. */
class ProgressGuard {
  #seen = new Set<string>()
  #repeats = 0
  #emptyPages = 0

  check(next: string | null, { items, setAside }: { items: unknown[]; setAside: unknown[] }): void {
    if (next === null) return
    if (this.#seen.has(next)) this.#repeats++
    this.#seen.add(next)
    this.#emptyPages = items.length + setAside.length > 0 ? 0 : this.#emptyPages + 1
    if (this.#repeats >= longestStandstill || this.#emptyPages >= mostEmptyPages) throw new ServiceError('no_progress')
  }

  reset(): void {
    this.#seen.clear()
    this.#repeats = 0
    this.#emptyPages = 0
  }
}

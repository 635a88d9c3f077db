import { ServiceError } from '../service/errors.ts'
import type { PageReport } from './pages.ts'

/** The pull fails after this many tokens that came before: the service goes round in a circle. */
const maxRepeatedTokens = 3
/** The pull fails after this many pages in a row without news. A filtered feed may skip a million records of other accounts. */
const maxPagesWithoutNews = 1_000
/** Ids of the run that are remembered. A service that changes more jobs than this again and again is merely busy. */
const maxSeen = 100_000

/**
 * Detects a service that always reports more pages but has nothing new: new tokens alone are no progress. Throws `no_progress`;
 * the stored position stays, and the next run reads on from it.
 */
export function createProgressGuard() {
  const tokens = new Set<string>()
  const seen = new Set<string>()
  let repeats = 0
  let withoutNews = 0
  return {
    /** Checks the token of the next page before it is requested; null on the last page. */
    follow(token: string | null): void {
      if (token === null) return
      if (tokens.has(token)) repeats++
      // A longer circle of pages ends for lack of news.
      if (tokens.size === maxPagesWithoutNews) tokens.clear()
      tokens.add(token)
      if (repeats >= maxRepeatedTokens) throw new ServiceError('no_progress')
    },
    /** Checks a stored page: news are records that it changed, or listed first, and that did not come before in this run. */
    see(items: readonly { id: string }[], { added, updated, listed }: PageReport): void {
      const isFirst = items.some(({ id }) => !seen.has(id))
      if (seen.size + items.length > maxSeen) seen.clear()
      for (const { id } of items) seen.add(id)
      withoutNews = isFirst && added + updated + listed > 0 ? 0 : withoutNews + 1
      if (withoutNews >= maxPagesWithoutNews) throw new ServiceError('no_progress')
    },
    reset(): void {
      tokens.clear()
      seen.clear()
      repeats = 0
      withoutNews = 0
    },
  }
}

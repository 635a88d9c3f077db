import { ServiceError } from '../service/errors.ts'
import type { PageReport } from './pages.ts'

/** The pull fails after this many repeated tokens: the service returns the same pages in a loop. */
const maxRepeatedTokens = 3
/** The pull fails after this many consecutive pages without news. A filtered feed may skip a million records. */
const maxPagesWithoutNews = 1_000
/** The number of remembered ids. A service that keeps changing more jobs than this is merely busy. */
const maxSeen = 100_000

/**
 * Detects a service that always reports more pages but nothing new: new tokens alone are no progress. Throws `no_progress`. The
 * stored position stays, so the next run continues from it.
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
      // A longer loop is detected by its lack of news.
      if (tokens.size === maxPagesWithoutNews) tokens.clear()
      tokens.add(token)
      if (repeats >= maxRepeatedTokens) throw new ServiceError('no_progress')
    },
    /** Checks a stored page. News are new records, and changed or first listed records whose ids are new in this run. */
    see(items: readonly { id: string }[], { added, updated, listed }: PageReport): void {
      // No record can be added twice, so the ids of a first sync need no memory.
      if (added > 0) {
        withoutNews = 0
        return
      }
      const isFirst = items.some(({ id }) => !seen.has(id))
      if (seen.size + items.length > maxSeen) seen.clear()
      for (const { id } of items) seen.add(id)
      withoutNews = isFirst && updated + listed > 0 ? 0 : withoutNews + 1
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

/**
 * Stores the pages of all streams together, in rounds: of snapshots, or of change feeds. The stream that is behind is read next, so
 * that a charge comes with its job. One transaction stores thousands of records, because disk waits and linking cost more than storing.
 */
import type { Clock } from '../ports.ts'
import type { Writable } from '../store/handles.ts'
import { applyPages, isOfChanges, type PageReport, type ReceivedPage } from './pages.ts'

/** The limits of a round. More records would block the writer's thread for over half a second. */
const roundRecords = 5_000
const roundPages = 8
/** In milliseconds. If no page arrives for this long, the held pages are stored, and late streams are not waited for. */
export const longestWait = 250

export interface Rounds {
  /** Adds a stream until it leaves. `onStored` is called for each of its stored pages; if it throws, the stream ends. */
  join(source: ReceivedPage['source'], onStored: OnStored): Turn
}

type OnStored = (page: ReceivedPage['page'], report: PageReport) => void

export interface Turn {
  /**
   * Adds a page to the round. Resolves when the stream may request its next page; an `isUrgent` page is stored by then. Rejects if
   * a page of the stream could not be stored, with the error of `onStored`, or if the run is aborted.
   */
  add(page: ReceivedPage['page'], isUrgent: boolean): Promise<void>
  /** Removes the stream after the held pages are stored. Throws the error with which `add` would reject. */
  leave(): void
}

interface Member {
  source: ReceivedPage['source']
  onStored: OnStored
  /**
   * How far the stream was read, from high to low. Infinite before the first page; of a snapshot, the time of the oldest record so far.
   * Change feeds have no order in time and take turns.
   */
  reachedAt: number
  pages: number
  /** Resumes the stream; null while it reads. */
  resume: (() => void) | null
  /** Whether the others no longer wait for its next page. */
  isLate: boolean
  problem: { error: unknown } | null
}

export interface RoundsContext {
  database: Writable
  accountId: number
  clock: Clock
  signal: AbortSignal
}

export function createRounds({ database, accountId, clock, signal }: RoundsContext): Rounds {
  const members = new Set<Member>()
  let held: (ReceivedPage & { member: Member })[] = []
  let added = 0
  let isWaiting = false

  /** Stores the held pages. If that fails, their streams end, because their next pages must not be stored. */
  function store(): void {
    const round = held
    held = []
    if (round.length === 0) return
    try {
      const reports = applyPages(database, accountId, round, clock.now())
      for (const [index, { member, page }] of round.entries()) {
        attempt(member, () => member.onStored(page, reports[index] as PageReport))
      }
    } catch (error) {
      for (const { member } of round) end(member, error)
    }
  }

  function attempt(member: Member, step: () => void): void {
    try {
      step()
    } catch (error) {
      end(member, error)
    }
  }

  function end(member: Member, error: unknown): void {
    member.problem ??= { error }
    member.resume?.()
  }

  /** Resumes the stream that is behind. While it reads, the others wait. */
  function release(): void {
    const awaited = [...members].filter(({ isLate }) => !isLate)
    const behind = awaited.reduce<Member | null>(
      (found, member) => (found && found.reachedAt >= member.reachedAt ? found : member),
      null,
    )
    behind?.resume?.()
    if (held.length > 0 || awaited.some(({ resume }) => resume !== null)) void wait()
  }

  async function wait(): Promise<void> {
    if (isWaiting) return
    isWaiting = true
    let before: number
    do {
      before = added
      await clock.sleep(longestWait, signal).catch(() => {})
    } while (added !== before && !signal.aborted)
    isWaiting = false
    if (signal.aborted) {
      for (const member of members) end(member, signal.reason)
      return
    }
    for (const member of members) member.isLate = member.resume === null
    store()
    release()
  }

  function check({ problem }: Member): void {
    if (problem) throw problem.error
  }

  return {
    join(source, onStored) {
      const member: Member = {
        source,
        onStored,
        resume: null,
        isLate: false,
        problem: null,
        reachedAt: Number.POSITIVE_INFINITY,
        pages: 0,
      }
      members.add(member)
      return {
        async add(page, isUrgent) {
          check(member)
          member.pages++
          const oldest = page.items.at(-1)
          if (isOfChanges(page)) member.reachedAt = -member.pages
          else if (oldest) member.reachedAt = source.timeOf(oldest)
          member.isLate = false
          added++
          held.push({ member, source, page })
          const records = held.reduce((sum, { page: { items } }) => sum + items.length, 0)
          if (isUrgent || records >= roundRecords || held.length >= roundPages) store()
          check(member)
          await new Promise<void>((resolve) => {
            member.resume = () => {
              member.resume = null
              resolve()
            }
            release()
          })
          check(member)
        },
        leave() {
          members.delete(member)
          store()
          release()
          check(member)
        },
      }
    },
  }
}

/**
 * Stores the snapshots of all streams together, in rounds. The stream that is behind in time is read first, so a charge comes
 * with its job; and one transaction holds thousands of records, because waiting for the disk and linking cost more than storing.
 */
import type { Clock } from '../ports.ts'
import type { Writable } from '../store/handles.ts'
import { applyListingPages, type ListedPage, type PageReport } from './pages.ts'

/** A round is full with either. More records would keep the writer's thread from other requests for over half a second. */
const roundRecords = 5_000
const roundPages = 8
/** If nothing comes for this long, in milliseconds, what is held is stored, and the streams that still read are not waited for. */
const longestWait = 250

export interface Rounds {
  /** Lets a stream take part until it leaves. `onStored` is called for each of its pages; an error of it ends the stream. */
  join(source: ListedPage['source'], onStored: OnStored): Turn
}

type OnStored = (page: ListedPage['page'], report: PageReport) => void

export interface Turn {
  /**
   * Takes a page. Resolves when the stream is to ask for its next page; if `isUrgent`, the page is stored by then. Rejects if a page
   * of the stream could not be stored, with the error of `onStored`, or if the run is aborted.
   */
  add(page: ListedPage['page'], isUrgent: boolean): Promise<void>
  /** Ends the part of the stream, after what is held was stored. Throws what `add` would have rejected with. */
  leave(): void
}

interface Member {
  source: ListedPage['source']
  onStored: OnStored
  /** The time of the oldest record so far: infinite before the first page. */
  reachedAt: number
  /** Lets the stream go on; null while it reads. */
  goOn: (() => void) | null
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
  let held: (ListedPage & { member: Member })[] = []
  let added = 0
  let isWaiting = false

  /** Stores what is held. If that fails, the streams with a page in the round end: their next pages must not be stored. */
  function store(): void {
    const round = held
    held = []
    if (round.length === 0) return
    try {
      const reports = applyListingPages(database, accountId, round, clock.now())
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
    member.goOn?.()
  }

  /** Lets the stream that is behind go on. While it reads, the others wait. */
  function release(): void {
    const awaited = [...members].filter(({ isLate }) => !isLate)
    const behind = awaited.reduce<Member | null>(
      (found, member) => (found && found.reachedAt >= member.reachedAt ? found : member),
      null,
    )
    behind?.goOn?.()
    if (awaited.some(({ goOn }) => goOn !== null)) void wait()
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
    for (const member of members) member.isLate = member.goOn === null
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
        goOn: null,
        isLate: false,
        problem: null,
        reachedAt: Number.POSITIVE_INFINITY,
      }
      members.add(member)
      return {
        async add(page, isUrgent) {
          check(member)
          const oldest = page.items.at(-1)
          if (oldest) member.reachedAt = source.timeOf(oldest)
          member.isLate = false
          added++
          held.push({ member, source, page })
          const records = held.reduce((sum, { page: { items } }) => sum + items.length, 0)
          if (isUrgent || records >= roundRecords || held.length >= roundPages) store()
          check(member)
          await new Promise<void>((resolve) => {
            member.goOn = () => {
              member.goOn = null
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

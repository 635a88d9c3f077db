/** What the service reports after the listing: a thousand changes per round, or the older history without an end. */
import type { WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { Agent } from '../../src/shared/values.ts'
import type { History } from './history.ts'

export type Stream = Agent | 'credits'
/** `news` are changed jobs and new records, `older` are jobs from before the oldest one, as a first sync brings them. */
export type FeedKind = 'news' | 'older'
export type Feed = (stream: Stream, round: number) => (WireJob | WireCreditTransaction)[]

const newJobs = 140
const changedJobs = 150
const olderRows = 1_000
/** All records of a round of news: of both agents new and changed jobs, and the ledger rows of the new ones. */
export const newsPerRound = 2 * (newJobs + changedJobs) + 3 * newJobs

const range = (from: number, count: number) => Array.from({ length: count }, (_, offset) => from + offset)

export function createFeeds(history: History): Record<FeedKind, Feed> {
  const rows = (stream: Stream, indexes: number[]) =>
    indexes.map((index) => (stream === 'credits' ? history.transaction(index) : history.job(stream, index)))

  /** Jobs all over the history: every other one is in a chat that was renamed, which is indexed anew. */
  function changed(agent: Agent, round: number, place: number): WireJob {
    const index = place * Math.floor(history.jobsOf[agent] / changedJobs) + (round % changedJobs)
    const job = history.job(agent, index % history.jobsOf[agent])
    const chatTitle = place % 2 === 0 ? history.chatTitle(-1 - round * changedJobs - place) : job.chatTitle
    return { ...job, chatTitle, revision: job.revision + 1 + round }
  }

  return {
    news(stream, round) {
      if (stream === 'credits') return rows(stream, range(-3 * newJobs * (round + 1), 3 * newJobs))
      const jobs = rows(stream, range(-newJobs * (round + 1), newJobs))
      return [...jobs, ...range(0, changedJobs).map((place) => changed(stream, round, place))]
    },
    older(stream, round) {
      const known = stream === 'credits' ? history.transactions : history.jobsOf[stream]
      return rows(stream, range(known + round * olderRows, olderRows))
    },
  }
}

/** The changes after the snapshot: a thousand per round, or older history without an end. */
import type { WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { Agent } from '../../src/shared/values.ts'
import type { History } from './history.ts'

export type Stream = Agent | 'credits'
/** `news` has changed jobs and new records; `older` has jobs from before the oldest job, as in a first sync. */
export type FeedKind = 'news' | 'older'
export type Feed = (stream: Stream, round: number) => (WireJob | WireCreditTransaction)[]

const newJobs = 140
const changedJobs = 150
const olderRows = 1_000
/** All records of a round of `news`: new and changed jobs of both agents, and the ledger rows of the new jobs. */
export const newsPerRound = 2 * (newJobs + changedJobs) + 3 * newJobs

const range = (from: number, count: number) => Array.from({ length: count }, (_, offset) => from + offset)

export function createFeeds(history: History): Record<FeedKind, Feed> {
  const rows = (stream: Stream, indexes: number[]) =>
    indexes.map((index) => (stream === 'credits' ? history.transaction(index) : history.job(stream, index)))

  /** Jobs from the whole history. Every second job is in a renamed chat, which is indexed again. */
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

/** How far the job lists of the service reached back. They prove nothing about what is older, or was dropped unread (rule R16). */
import { type Agent, agents, type ProofStream } from '../../shared/values.ts'
import { jobWindow } from './possible-links.ts'
import { listedAgainFrom, type Shortening } from './shortenings.ts'

/** One or two old records without their counterpart may be losses or free; so many show that a list was short from the first reading on. */
export const fewestOldRecords = 3

/** The streams whose lists lack what is older, and the time from which they list jobs (epoch ms; null without streams). */
export interface ShortLists {
  streams: ProofStream[]
  from: number | null
}

/** What the records say, provided by the caller. */
export interface ListLookups {
  /** The creation time of the oldest job of an agent that was ever listed; null if there is none. */
  oldestJob(agent: Agent): number | null
  /** Whether at least `count` charges without a job, of these agents or of no stated one, are older than `before` (epoch ms). */
  hasOlderCharges(of: readonly Agent[], before: number, count: number): boolean
  shortenings(stream: ProofStream): readonly Shortening[]
}

/** The lists that are too short to prove anything about a charge without a job. */
export function shortLists(charge: { agent: Agent | null; at: number }, lookups: ListLookups): ShortLists {
  // R16: a list that was shortened later had proven what it listed before, so the oldest job ever listed counts.
  const of = agents.filter((agent) => charge.agent === null || charge.agent === agent)
  const oldest = Math.min(...of.flatMap((agent) => lookups.oldestJob(agent) ?? []))
  // The job of a charge may have been created so much earlier or later.
  const [from, to] = [charge.at - jobWindow.before, charge.at + jobWindow.later]
  const isShort =
    from < oldest && oldest < Number.POSITIVE_INFINITY && lookups.hasOlderCharges(of, oldest, fewestOldRecords)
  if (isShort) return { streams: of.map((agent) => `jobs:${agent}` as const), from: oldest }
  const again = of.flatMap((agent) => {
    const stream = `jobs:${agent}` as const
    const at = listedAgainFrom(lookups.shortenings(stream), from, to)
    return at === null ? [] : [{ stream, at }]
  })
  if (again.length === 0) return { streams: [], from: null }
  return { streams: again.map(({ stream }) => stream), from: Math.max(...again.map(({ at }) => at)) }
}

/** How far the job lists of the service reached back when they were first read. They prove nothing about older charges (rule R16). */
import { type Agent, agents, type ProofStream } from '../../shared/values.ts'

/** One or two old charges without a job may be losses; so many show that the lists were short from the first reading on. */
const fewestOldCharges = 3

/** The streams whose lists begin after a charge, and the time from which they list jobs (epoch ms; null without streams). */
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
}

/** The lists that are too short to prove anything about a charge without a job. */
export function shortLists(charge: { agent: Agent | null; at: number }, lookups: ListLookups): ShortLists {
  // R16: a list that was shortened later had proven what it listed before, so the oldest job ever listed counts.
  const of = agents.filter((agent) => charge.agent === null || charge.agent === agent)
  const from = Math.min(...of.flatMap((agent) => lookups.oldestJob(agent) ?? []))
  const isShort =
    charge.at < from && from < Number.POSITIVE_INFINITY && lookups.hasOlderCharges(of, from, fewestOldCharges)
  return isShort ? { streams: of.map((agent) => `jobs:${agent}` as const), from } : { streams: [], from: null }
}

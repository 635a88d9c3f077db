/** How far the job lists of the service reached back when they were first read. They prove nothing about older charges. */
import { type Agent, agents, type ProofStream } from '../../../shared/values.ts'
import { isChargeCase, isImportedRowId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import { newestOfFacets } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'
import { caseFacets } from './case-facets.ts'
import { firstCaseId } from './near-jobs.ts'

/** One old charge without a job may be a loss; from this many on, the list of jobs was shortened. */
const fewestOldCharges = 3

/** The streams whose lists begin after a case, and the time from which they list jobs (epoch ms; null without streams). */
export interface ShortLists {
  streams: ProofStream[]
  from: number | null
}

const none: ShortLists = { streams: [], from: null }

/** Finds the job lists that are too short for a case. Remembers what it read, so use it for one decision of many cases only. */
export function jobLists(database: Readable, accountId: number) {
  const oldest = new Map<Agent, number | null>()
  const runs = new Map<string, boolean>()

  /** The oldest job of an agent that was ever listed: a list that was shortened later had proven what it listed before. */
  function oldestJob(agent: Agent): number | null {
    const known = oldest.get(agent)
    if (known !== undefined) return known
    const first = scalar<[object], number | null>(
      database,
      `SELECT min((SELECT min(case_id) FROM refund_cases WHERE facet_id = value AND case_id / 2 % 1024 < 512))
       FROM json_each(@facets)`,
    ).get({ facets: JSON.stringify(facetsOf((facet) => facet.outcome !== 'no_job' && facet.agent === agent)) })
    const found = first == null ? null : timeOfRowId(rowIdOfCase(first))
    oldest.set(agent, found)
    return found
  }

  const facetsOf = (holds: (facet: ReturnType<typeof caseFacets>[number]) => boolean): number[] =>
    caseFacets(database, [accountId])
      .filter(holds)
      .map(({ facetId }) => facetId)

  /** Whether several charges without a job are older than every job of some agents. */
  function hasRun(of: readonly Agent[], before: number): boolean {
    const key = of.join(' ')
    const known = runs.get(key)
    if (known !== undefined) return known
    const facets = facetsOf(({ outcome, agent }) => outcome === 'no_job' && (agent === null || of.includes(agent)))
    let charges = 0
    for (const caseId of newestOfFacets(database, 'refund_cases', facets, { from: 0, below: firstCaseId(before) })) {
      if (!isImportedRowId(rowIdOfCase(caseId)) && ++charges === fewestOldCharges) break
    }
    runs.set(key, charges === fewestOldCharges)
    return charges === fewestOldCharges
  }

  return {
    /** The lists that begin after a charge without a job. */
    shortFor(caseId: number): ShortLists {
      if (!isChargeCase(caseId)) return none
      const charge = statement<[number], { agent: Agent | null; at: number }>(
        database,
        'SELECT agent, occurred_at AS at FROM credit_transactions WHERE row_id = ?',
      ).get(rowIdOfCase(caseId))
      if (!charge) return none
      const { agent, at } = charge
      const of = agents.filter((one) => agent === null || agent === one)
      const from = Math.min(...of.flatMap((one) => oldestJob(one) ?? []))
      if (from === Number.POSITIVE_INFINITY || at >= from || !hasRun(of, from)) return none
      return { streams: of.map((one) => `jobs:${one}` as const), from }
    },
  }
}

/** How far the job lists of the service reach back. They prove nothing about what is older than their oldest job. */
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

  /** The time from which an agent's list begins because the service dropped older jobs from it; null if it did not. */
  const listedFrom = (agent: Agent): number | null =>
    scalar<[object], number | null>(
      database,
      'SELECT listed_from FROM sync_streams WHERE account_id = @accountId AND stream = @stream',
    ).get({ accountId, stream: `jobs:${agent}` }) ?? null

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
    /** The lists that begin after a job or a charge without a job. */
    shortFor(caseId: number): ShortLists {
      const record = statement<[number], { agent: Agent | null; at: number }>(
        database,
        isChargeCase(caseId)
          ? 'SELECT agent, occurred_at AS at FROM credit_transactions WHERE row_id = ?'
          : 'SELECT agent, created_at AS at FROM jobs WHERE row_id = ?',
      ).get(rowIdOfCase(caseId))
      if (!record) return none
      const { agent, at } = record
      const of = agents.filter((one) => agent === null || agent === one)
      const cut = of.filter((one) => at < (listedFrom(one) ?? Number.NEGATIVE_INFINITY))
      if (cut.length > 0)
        return shortLists(
          cut,
          cut.map((one) => listedFrom(one) as number),
        )
      const begins = of.flatMap((one) => listedFrom(one) ?? oldestJob(one) ?? [])
      const from = Math.min(...begins)
      if (!isChargeCase(caseId) || begins.length === 0 || at >= from || !hasRun(of, from)) return none
      return shortLists(of, [from])
    },
  }
}

const shortLists = (of: readonly Agent[], from: readonly number[]): ShortLists => ({
  streams: of.map((agent) => `jobs:${agent}` as const),
  from: Math.max(...from),
})

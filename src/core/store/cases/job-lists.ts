/** Reads how far the job lists of the service reached back, for the rules of the domain. */
import type { Agent } from '../../../shared/values.ts'
import { type ShortLists, shortLists } from '../../domain/job-lists.ts'
import {
  casesPerRow,
  firstImportedRowId,
  firstRowId,
  isChargeCase,
  isImportedRowId,
  rowIdOfCase,
  timeOfRowId,
} from '../../domain/ledger.ts'
import { firstWithout } from '../../domain/shortenings.ts'
import { newestOfFacets } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'
import { readShortenings } from '../streams.ts'
import { type CaseFacet, caseFacets } from './case-facets.ts'
import { firstCaseId, firstCharge, loneCharge } from './near-jobs.ts'

/** Finds the job lists that are too short for a case. Remembers what it read, so use it for one decision of many cases only. */
export function jobLists(database: Readable, accountId: number) {
  const oldest = new Map<Agent, number | null>()
  const older = new Map<string, boolean>()
  const shortenings = readShortenings(database, accountId)

  const facetsOf = (holds: (facet: CaseFacet) => boolean): number[] =>
    caseFacets(database, [accountId])
      .filter(holds)
      .map(({ facetId }) => facetId)

  /** The creation time of the oldest job of an agent that was ever listed; null if there is none. */
  function oldestJob(agent: Agent): number | null {
    const known = oldest.get(agent)
    if (known !== undefined) return known
    const first = scalar<[object], number | null>(
      database,
      `SELECT min((SELECT min(case_id) FROM refund_cases WHERE facet_id = value
         AND case_id / ${casesPerRow} % ${firstRowId(1)} < ${firstImportedRowId(0)})) FROM json_each(@facets)`,
    ).get({ facets: JSON.stringify(facetsOf((facet) => facet.outcome !== 'no_job' && facet.agent === agent)) })
    const found = first == null ? null : timeOfRowId(rowIdOfCase(first))
    oldest.set(agent, found)
    return found
  }

  function hasOlderCharges(of: readonly Agent[], before: number, count: number): boolean {
    const key = of.join(' ')
    const known = older.get(key)
    if (known !== undefined) return known
    const facets = facetsOf(({ outcome, agent }) => outcome === 'no_job' && (agent === null || of.includes(agent)))
    let found = 0
    for (const caseId of newestOfFacets(database, 'refund_cases', facets, { from: 0, below: firstCaseId(before) })) {
      if (!isImportedRowId(rowIdOfCase(caseId)) && ++found === count) break
    }
    older.set(key, found === count)
    return found === count
  }

  /** A job that left the list before its end was seen: the list proves nothing about it after it was read last. */
  function leftList(rowId: number, deadlineAt: number): ShortLists {
    const job = statement<[number], { agent: Agent; listingEpoch: number }>(
      database,
      'SELECT agent, listing_epoch AS listingEpoch FROM jobs WHERE row_id = ?',
    ).get(rowId)
    // A job that only imports know was never listed.
    if (!job || job.listingEpoch <= 0) return { streams: [], from: null }
    const stream = `jobs:${job.agent}` as const
    const left = firstWithout(shortenings(stream), job.listingEpoch)
    return left && left.readUntil <= deadlineAt
      ? { streams: [stream], from: left.listedFrom }
      : { streams: [], from: null }
  }

  return {
    oldestJob,
    /** The lists that are too short for a case whose wait ends at `deadlineAt`. */
    shortFor(caseId: number, deadlineAt: number): ShortLists {
      if (!isChargeCase(caseId)) return leftList(rowIdOfCase(caseId), deadlineAt)
      const charge = loneCharge(database, rowIdOfCase(caseId))
      if (!charge) return { streams: [], from: null }
      // A charge that repeats another one is for the same job, which is as old as that one.
      const first = charge.jobId === null ? undefined : firstCharge(database, accountId, charge.jobId, charge.agent)
      const at = Math.min(charge.at, first?.at ?? charge.at)
      return shortLists({ ...charge, at }, { oldestJob, hasOlderCharges, shortenings })
    },
  }
}

/** Jobs that the service deleted before they were read: a charge that names no job may have paid for one of them (rule R23). */
import type { Agent } from '../../../shared/values.ts'
import { rowIdOfCase } from '../../domain/ledger.ts'
import { jobWindow } from '../../domain/possible-links.ts'
import { newestOfFacets } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { scalar } from '../statement.ts'
import { caseFacets } from './case-facets.ts'
import { firstCaseId, loneCharge } from './near-jobs.ts'

/** The deletion of a job that was made after `readUntil` and deleted before `seenAt`, both in epoch ms. */
export interface UnreadDeletion {
  agent: Agent
  readUntil: number
  seenAt: number
}

/** Whether the charge of a case names no job and may have paid for a job that was deleted before it was read. */
export function mayBeOfDeletedJob(database: Readable, accountId: number, caseId: number): boolean {
  const charge = loneCharge(database, rowIdOfCase(caseId))
  if (!charge || charge.jobId !== null) return false
  const { at, agent } = charge
  const found = scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM job_tombstones WHERE account_id = @accountId AND seen_at >= @from
       AND read_until <= @to AND (@agent IS NULL OR agent = @agent))`,
  )
  return found.get({ accountId, agent, from: at - jobWindow.before, to: at + jobWindow.later }) === 1
}

/** The cases of charges without a job that may have paid for a job that was deleted unread. */
export function casesInDeletion(database: Readable, accountId: number, deletion: UnreadDeletion): number[] {
  const facets = caseFacets(database, [accountId], { outcomes: ['no_job'] })
    .filter(({ agent }) => agent === null || agent === deletion.agent)
    .map(({ facetId }) => facetId)
  const from = firstCaseId(deletion.readUntil - jobWindow.later)
  const below = firstCaseId(deletion.seenAt + jobWindow.before + 1)
  return [...newestOfFacets(database, 'refund_cases', facets, { from, below })]
}

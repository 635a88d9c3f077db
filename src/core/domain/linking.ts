/**
 * The linking rules L1 to L8, L11 and L13 of docs/refund-rules.md (L9 and L10: possible-links.ts): the case in which a
 * ledger row counts. The caller provides the look-ups, so the store and `verify` apply the same rules.
 */
import type { Agent } from '../../shared/values.ts'
import {
  chargeCaseId,
  isGenerationFeature,
  isScheduled,
  jobCaseId,
  mayCountInJob,
  mayGiveBack,
  mayRefund,
} from './ledger.ts'

/** The columns of a ledger row that linking reads. `caseId` is its stored case; null if it counts in none. */
export interface LinkedRow {
  rowId: number
  id: string
  amount: number
  occurredAt: number
  feature: string | null
  jobId: string | null
  agent: Agent | null
  reverses: string | null
  caseId: number | null
}

/** Look-ups in the other records of the account. */
export interface LinkLookups {
  /** The row id of a job; null if we do not have it. */
  jobRowId(agent: Agent, jobId: string): number | null
  /**
   * The charge at the end of the chain of rows that begins with the row which `row` reverses, or the last row of the chain
   * that we have; null if we have none, if it names nothing, or if the rows reverse each other.
   */
  reversed(row: LinkedRow): { caseId: number | null } | null
  /**
   * The last row that gave credits back for the job that `row` names, and reverses no refund; null if we have none. Rows of
   * the same time count: their ids say nothing about their order.
   */
  givenBefore(row: LinkedRow): { caseId: number | null } | null
  /**
   * The first case of a charge without a job that names `jobId`, or null. With an agent, a charge of the other agent does
   * not count: both agents may have a job of the same id.
   */
  chargeCaseNamingJob(jobId: string, agent: Agent | null): number | null
  /**
   * The charge without a job that alone may have paid for this job; null if there is none, or if the job has a charge of its
   * own. The amount is positive.
   */
  chargeForJob(jobRowId: number): { caseId: number; amount: number } | null
}

/** The case of a charge; null if it counts in none. The first rule that fits holds. */
export function caseOfCharge(charge: LinkedRow, lookups: Pick<LinkLookups, 'jobRowId'>): number | null {
  // L1: chat, web search, file analysis and code make no media, so no result can be missing.
  if (!mayCountInJob(charge.feature)) return null
  // L2: the charge names a job that we have.
  const job = namedJob(charge, lookups)
  if (job !== null) return jobCaseId(job)
  // L3: a charge for media without a job that we have is a case of its own.
  if (isGenerationFeature(charge.feature)) return chargeCaseId(charge.rowId)
  // L4: a feature that this version does not know counts in no case.
  return null
}

/** The case of a refund, a grant, an adjustment or a top-up; null if it names none. The first rule that fits holds. */
export function caseOfRefund(refund: LinkedRow, lookups: LinkLookups): number | null {
  // L5: the refund reverses a row that we have, and counts in the case of the charge that began it.
  const reversed = refund.reverses === null ? null : lookups.reversed(refund)
  if (reversed) return reversed.caseId
  if (refund.jobId !== null && mayCountInJob(refund.feature)) {
    // L11: credits that are taken again count in the case that got them back, which may be the case of a charge.
    const given = refund.amount < 0 ? lookups.givenBefore(refund) : null
    if (given) return given.caseId
    const job = namedJob(refund, lookups)
    if (job !== null) {
      // L13: one charge paid for several jobs, and the refund names one of them and no charge.
      const shared = refund.reverses === null && refund.amount > 0 ? lookups.chargeForJob(job) : null
      if (shared && refund.amount <= shared.amount) return shared.caseId
      // L6: the refund names a job that we have.
      return jobCaseId(job)
    }
    // L7: a charge names the same unknown job: the refund counts in the case of that charge.
    const caseId = lookups.chargeCaseNamingJob(refund.jobId, refund.agent)
    if (caseId !== null) return caseId
  }
  // L8: the refund names neither a charge nor a job that we have.
  return null
}

/** The columns by which rule L9 knows its rows. */
export type RowOfL9 = Pick<LinkedRow, 'reverses' | 'jobId' | 'amount'> & { kind: string; source: string | null }

/**
 * Whether a row gives credits back, or may, and names neither a charge nor a job: rule L9 finds its case. Top-ups without
 * a name were bought, and grants that come by themselves give nothing back.
 */
export const isUnnamedRefund = ({ kind, source, amount, reverses, jobId }: RowOfL9): boolean =>
  reverses === null &&
  jobId === null &&
  amount > 0 &&
  mayRefund(kind) &&
  mayGiveBack(kind) &&
  !(kind === 'grant' && isScheduled(source))

/** Whether rule L14 looks at a row as long as it counts in no case. */
export const mayBeUnlinkedRefund = ({ kind, source, amount }: RowOfL9): boolean =>
  amount > 0 && mayGiveBack(kind) && !(kind === 'grant' && isScheduled(source))

/** Whether rule L9 looks at a row: an unnamed refund, or a row that may take one again whole. */
export const concernsUnnamedRefunds = (row: RowOfL9): boolean =>
  isUnnamedRefund(row) || (row.amount < 0 && row.reverses !== null)

/** Whether a row that comes or goes may change which refunds count in no case (rules L9 and L14). */
export const concernsRefundsWithoutCase = (row: RowOfL9): boolean =>
  concernsUnnamedRefunds(row) || mayBeUnlinkedRefund(row)

/** The named job of the agent that the row names; without an agent, of the first agent that has it. */
function namedJob({ jobId, agent }: LinkedRow, lookups: Pick<LinkLookups, 'jobRowId'>): number | null {
  if (jobId === null) return null
  if (agent) return lookups.jobRowId(agent, jobId)
  return lookups.jobRowId('agent-1', jobId) ?? lookups.jobRowId('agent-2', jobId)
}

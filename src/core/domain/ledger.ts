/** Which case a ledger row counts in. Every charge and refund counts in exactly one case, or is not a generation. */
import { type Agent, jobStatuses, type Outcome } from '../../shared/values.ts'

const generationFeatures = new Set<string | null>(['image', 'video', 'audio', 'subtitle', 'other', null])
const neverGeneration = new Set<string | null>(['chat', 'web_search', 'file_analysis', 'code'])

/** Whether a charge of this feature is a case by itself when it names no job that we know. */
export const isGenerationFeature = (feature: string | null): boolean => generationFeatures.has(feature)

/** Whether a row of this feature may count in a job's case: talk and look-ups never do, even beside a job. */
export const mayCountInJob = (feature: string | null): boolean => !neverGeneration.has(feature)

/** The outcome of a job status as the service names it; a status that this version does not know is `unknown`. */
export const outcomeOf = (status: string): Outcome =>
  (jobStatuses as readonly string[]).includes(status) ? (status as Outcome) : 'unknown'

/**
 * Row ids in time order: 1,024 per millisecond, so that `ORDER BY row_id` is newest first without sorting or an index.
 * A case id doubles a row id and adds 1 for a charge without a job: cases of both sorts share one order. Case ids are safe
 * integers until the year 2109; the service's schemas refuse times from 2100 on.
 */
const rowsPerMillisecond = 1024
export const casesPerRow = 2
export const firstRowId = (time: number): number => time * rowsPerMillisecond
export const jobCaseId = (jobRowId: number): number => jobRowId * casesPerRow
export const chargeCaseId = (chargeRowId: number): number => chargeRowId * casesPerRow + 1
export const isChargeCase = (caseId: number): boolean => caseId % casesPerRow === 1
export const rowIdOfCase = (caseId: number): number => Math.floor(caseId / casesPerRow)

/** Above every row id and case id: a list read from below it begins with its newest entry. */
export const aboveAllIds = Number.MAX_SAFE_INTEGER

/** The name of a case outside the database. */
export const jobCaseName = (agent: Agent, jobId: string): string => `job:${agent}:${jobId}`
export const chargeCaseName = (transactionId: string): string => `charge:${transactionId}`

export type CaseName = { job: { agent: Agent; jobId: string } } | { charge: string }

/** Reads a case name back; null where it is none. Ids may contain colons. */
export function parseCaseName(name: string): CaseName | null {
  const job = /^job:(agent-1|agent-2):(.+)$/s.exec(name)
  if (job?.[1] && job[2]) return { job: { agent: job[1] as Agent, jobId: job[2] } }
  const charge = /^charge:(.+)$/s.exec(name)
  return charge?.[1] ? { charge: charge[1] } : null
}

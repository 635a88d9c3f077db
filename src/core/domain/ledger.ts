/** Features, outcomes, row ids and case names: the terms of the rules for records. */
import { type Agent, jobStatuses, type Outcome } from '../../shared/values.ts'

const mediaFeatures = ['image', 'video', 'audio', 'subtitle']
const generationFeatures = new Set<string | null>([...mediaFeatures, 'other', null])
const neverGeneration = new Set<string | null>(['chat', 'web_search', 'file_analysis', 'code'])

/** Whether a charge of this feature is a case of its own if it names no job that we have (rule L3). */
export const isGenerationFeature = (feature: string | null): boolean => generationFeatures.has(feature)

/** Whether a feature, or the kind of a job, names a medium: `other` and values that this version does not know do not. */
export const isMedia = (feature: string | null): boolean => feature !== null && mediaFeatures.includes(feature)

/**
 * Whether a row of this feature may count in the case of a job. Chat, web search, file analysis and code never do (rule
 * L1).
 */
export const mayCountInJob = (feature: string | null): boolean => !neverGeneration.has(feature)

const refundKinds = new Set(['refund', 'grant', 'adjustment', 'top_up'])

/** Whether a row of this kind counts in a case that it names: support gives credits back in all of these shapes. */
export const mayRefund = (kind: string): boolean => refundKinds.has(kind)

const otherKinds = new Set(['charge', 'top_up', 'expiry'])

/**
 * Whether a row of this kind may give credits back: also one of a kind that this version does not know, which counts in no case
 * (rule L14).
 */
export const mayGiveBack = (kind: string): boolean => !otherKinds.has(kind)

const scheduledSources = new Set<string | null>(['daily_free', 'random', 'subscription'])

/** Whether grants of this source come with the plan or by the day, whatever happened to a job. */
export const isScheduled = (source: string | null): boolean => scheduledSources.has(source)

/**
 * The most credits of one row or balance. Nine million rows of it still add up to a safe integer, so sums in SQLite and in
 * JavaScript are exact.
 */
export const maxCredits = 1_000_000_000

/** The outcome for the service's job status; `unknown` if this version does not know the status. */
export const outcomeOf = (status: string): Outcome =>
  (jobStatuses as readonly string[]).includes(status) ? (status as Outcome) : 'unknown'

/**
 * 1,024 row ids per millisecond, so `ORDER BY row_id` needs no sorting. A case id doubles a row id and adds 1 for a
 * charge without a job. Case ids are safe integers up to 2109; the service's schemas refuse times from 2100 on.
 */
const rowsPerMillisecond = 1024
/** The upper half of the row ids of a millisecond belongs to rows that only imports know. */
const rowsOfService = rowsPerMillisecond / 2
export const casesPerRow = 2
export const firstRowId = (time: number): number => time * rowsPerMillisecond
export const firstImportedRowId = (time: number): number => firstRowId(time) + rowsOfService
export const isImportedRowId = (rowId: number): boolean => rowId % rowsPerMillisecond >= rowsOfService
export const timeOfRowId = (rowId: number): number => Math.floor(rowId / rowsPerMillisecond)
export const jobCaseId = (jobRowId: number): number => jobRowId * casesPerRow
export const chargeCaseId = (chargeRowId: number): number => chargeRowId * casesPerRow + 1
export const isChargeCase = (caseId: number): boolean => caseId % casesPerRow === 1
export const rowIdOfCase = (caseId: number): number => Math.floor(caseId / casesPerRow)

/** Greater than every row id and case id: the position before the newest entry of a list. */
export const aboveAllIds = Number.MAX_SAFE_INTEGER

/** The name of a case outside the database. */
export const jobCaseName = (agent: Agent, jobId: string): string => `job:${agent}:${jobId}`
export const chargeCaseName = (transactionId: string): string => `charge:${transactionId}`

export type CaseName = { job: { agent: Agent; jobId: string } } | { charge: string }

/** Parses a case name; null if it is invalid. Ids may contain colons. */
export function parseCaseName(name: string): CaseName | null {
  const job = /^job:(agent-1|agent-2):(.+)$/s.exec(name)
  if (job?.[1] && job[2]) return { job: { agent: job[1] as Agent, jobId: job[2] } }
  const charge = /^charge:(.+)$/s.exec(name)
  return charge?.[1] ? { charge: charge[1] } : null
}

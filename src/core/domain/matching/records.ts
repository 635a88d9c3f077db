/** The records that matching reads. Times are epoch milliseconds, amounts whole credits. */

import type { MadeEvidence } from '../../../shared/folders.ts'

export interface MatchCharge {
  id: string
  /** The beginning of the stated time, which lasts `precisionMs`. */
  at: number
  precisionMs: number
  /** Positive. */
  amount: number
  /** Null if the source names none. */
  feature: string | null
  model: string | null
}

export interface MadeResult {
  id: string
  madeAt: number
  evidence: MadeEvidence
  kind: string
  model: string | null
  prompt: string | null
}

/** Results of one kind that were made together, as one job makes them. */
export interface ResultBatch {
  /** When the first and the last of them were made. */
  from: number
  to: number
  kind: string
  /** Null if no result names one. */
  model: string | null
  results: MadeResult[]
}

/** Jobs make no more results than this at once. */
export const mostResults = 8

/** Whether a charge of this feature may have paid for results of this kind. */
export const mayPayFor = (feature: string | null, kind: string): boolean =>
  feature === null || feature === 'other' || feature === kind

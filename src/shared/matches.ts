/** Matches of charges with results that name no charge: the values that cross a process boundary. */

/** Whether a result belongs to a charge. */
export const matchAnswers = ['yes', 'no'] as const
export type MatchAnswer = (typeof matchAnswers)[number]
export type DecidedBy = 'user' | 'matching'

/**
 * Why some jobs may belong to a charge: `made` at the right time, `made_no_zone` if the zone of that time is not known, `beside`
 * the most likely ones, `saved_later` if only the dates of their files are known.
 */
export const matchReasons = ['made', 'made_no_zone', 'beside', 'saved_later'] as const
export type MatchReason = (typeof matchReasons)[number]

/** Jobs that were made together and may belong to a charge. Times in epoch ms; `delayMs` counts from the charge. */
export interface MatchCandidate {
  jobs: string[]
  /** From 0 to 1; null if nothing but the dates of files is known. */
  probability: number | null
  because: MatchReason
  madeAt: number
  delayMs: number
}

/** A decision: these jobs belong to the charge, or an unknown one of several if `jobs` is empty. */
export interface MatchDecided {
  by: DecidedBy
  jobs: string[]
  /** What matching said; null if the user decided. */
  probability: number | null
}

/** The charge to which the job of a file belongs by a decision. `amount` is positive. */
export interface MatchedCharge {
  /** The name of its case. */
  case: string
  at: number
  amount: number
  by: DecidedBy
  /** What matching said; null if the user decided. */
  probability: number | null
}

/** A charge that names no job, with the jobs that may belong to it, most likely first. `amount` is positive. */
export interface ChargeMatches {
  charge: string
  at: number
  amount: number
  feature: string | null
  /** The probability that anything was delivered, from 0 to 1. */
  delivered: number
  candidates: MatchCandidate[]
  decision: MatchDecided | null
}

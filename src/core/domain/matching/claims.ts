/** The claims that matching makes without asking the user. It never claims that a charge has no result. */
import type { ChargeMatch } from './history.ts'

/** Claims need at least this probability. */
export const leastProbability = 0.95

/** Calibration was measured on histories with at least this many charges: in a shorter one nothing is claimed. */
export const leastCharges = 20

/** From this probability of any result on, the user is asked which one it is. */
const leastOffered = 0.5

/** Whether the user is asked about a charge for which nothing is claimed. */
export const isOffered = ({ candidates, delivered }: ChargeMatch): boolean =>
  candidates.length > 0 && delivered >= leastOffered

/** The ids of results that belong to the charge. Empty if one of the candidates does, and it is not known which. */
export interface MatchClaim {
  results: readonly string[]
  probability: number
}

/** The claims about a charge. Candidates with an unknown time zone support no claim. */
export function claimsOf({ candidates, delivered, isDecisive }: ChargeMatch): MatchClaim[] {
  const sure = candidates.filter((candidate) => candidate.isDecisive && candidate.probability >= leastProbability)
  if (sure.length > 0) return sure
  const isDelivered = isDecisive && candidates.length > 0 && delivered >= leastProbability
  return isDelivered ? [{ results: [], probability: delivered }] : []
}

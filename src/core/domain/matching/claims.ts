/** What matching may claim without asking the user. That nothing came is never claimed. */
import type { ChargeMatch } from './history.ts'

/** From this probability on a claim is made. */
export const leastProbability = 0.95

/** Calibration was measured on histories with at least this many charges: in a shorter one nothing is claimed. */
export const leastCharges = 20

/** Results that belong to the charge; one of several candidates does if `results` is empty. */
export interface MatchClaim {
  results: readonly string[]
  probability: number
}

/** The claims about a charge. Results whose zone is not known decide nothing, and prevent every claim of which they are a part. */
export function claimsOf({ candidates, delivered, isDecisive }: ChargeMatch): MatchClaim[] {
  const sure = candidates.filter((candidate) => candidate.isDecisive && candidate.probability >= leastProbability)
  if (sure.length > 0) return sure
  const isDelivered = isDecisive && candidates.length > 0 && delivered >= leastProbability
  return isDelivered ? [{ results: [], probability: delivered }] : []
}

/** Matches the charges of a history with results that name no charge, session by session. */
import { bestAssignment } from './assignment.ts'
import { calibrated } from './calibration.ts'
import type { Shifts } from './clock.ts'
import { learn } from './learn.ts'
import type { MatchModel } from './model.ts'
import { learnNeighbours, type NeighbourModel } from './neighbours.ts'
import type { MadeResult, MatchCharge, ResultBatch } from './records.ts'
import { type IsRefused, type MatchedPair, pairsOf, prepareSession } from './session.ts'

/** Everything learned from a history. It stays valid while rows are added to the history. */
export interface MatchKnowledge {
  model: MatchModel
  neighbours: NeighbourModel
  shifts: Shifts
}

/** The charges of a session in ascending order of their times, and its results with the times that `madeTime` gives. */
export interface HistorySession {
  charges: readonly MatchCharge[]
  results: readonly MadeResult[]
}

/** A batch that a charge may have paid for. */
export interface Candidate {
  /** The ids of its results. */
  results: string[]
  /** Calibrated, from 0 to 1. */
  probability: number
  /** When its first result was made, and how long after the charge. */
  madeAt: number
  delayMs: number
  /** Whether the best matching of the session gives this batch to the charge. */
  isAssigned: boolean
  /** Whether it is a neighbour of the batch that is assigned to the charge. */
  isNeighbour: boolean
  /** Whether it may support a claim: the time zone of its results is known. */
  isDecisive: boolean
}

export interface ChargeMatch {
  chargeId: string
  /** The probability that the charge has a result among the files. */
  delivered: number
  /** Whether all candidates are decisive. */
  isDecisive: boolean
  /** Most likely first. */
  candidates: Candidate[]
}

/** Learns from sessions, which may be a sample of a long history. */
export function learnHistory(sessions: readonly HistorySession[], shifts: Shifts): MatchKnowledge {
  const prepared = sessions.map(({ charges, results }) => prepareSession(charges, results))
  const model = learn(prepared)
  const assigned = prepared.map((session) => ({ session, assigned: bestAssignment(pairsOf(session, model)) }))
  return { model, neighbours: learnNeighbours(assigned), shifts }
}

/** Less likely candidates are not shown. */
const leastProbability = 0.02
const mostCandidates = 8

/** The candidates of each charge of a session. */
export function matchSession(
  { charges, results }: HistorySession,
  { model, neighbours, shifts }: MatchKnowledge,
  isRefused?: IsRefused,
  calibrate = calibrated,
): ChargeMatch[] {
  const prepared = prepareSession(charges, results, isRefused)
  const pairs = pairsOf(prepared, model)
  const assigned = bestAssignment(pairs)
  const chosen = new Set(assigned)
  const chosenOf = new Map(assigned.map((pair) => [pair.charge, pair]))
  const byCharge = Map.groupBy(pairs, ({ charge }) => charge)
  const beside = Map.groupBy(neighbours.neighboursOf({ session: prepared, assigned }), ({ charge }) => charge)
  return prepared.charges.map(({ id }, charge) => {
    const own = (byCharge.get(charge) ?? []).map((pair) =>
      candidateOf(pair, pair.probability, { isAssigned: chosen.has(pair), isNeighbour: false }),
    )
    const others = (beside.get(charge) ?? []).map(({ batch, probability }) => {
      const main = chosenOf.get(charge) as MatchedPair
      const delayMs = main.delayMs + batchOf(batch).from - batchOf(main.batch).from
      return candidateOf({ batch, delayMs }, main.probability * probability, { isAssigned: false, isNeighbour: true })
    })
    const candidates = [...own, ...others]
      .filter(({ probability }) => probability >= leastProbability)
      .toSorted((a, b) => b.probability - a.probability)
      .slice(0, mostCandidates)
    const sum = (byCharge.get(charge) ?? []).reduce((total, { probability }) => total + probability, 0)
    const delivered = Math.max(calibrate('delivered', Math.min(1, sum)), candidates[0]?.probability ?? 0)
    return { chargeId: id, delivered, isDecisive: candidates.every((candidate) => candidate.isDecisive), candidates }
  })

  function batchOf(batch: number): ResultBatch {
    return prepared.batches[batch] as ResultBatch
  }

  function candidateOf(
    { batch, delayMs }: { batch: number; delayMs: number },
    probability: number,
    flags: Pick<Candidate, 'isAssigned' | 'isNeighbour'>,
  ): Candidate {
    const { results, from } = batchOf(batch)
    return {
      results: results.map(({ id }) => id),
      probability: calibrate('pair', probability),
      madeAt: from,
      delayMs,
      ...flags,
      isDecisive: results.every(({ evidence }) => evidence !== 'embedded_no_zone' || shifts.embedded_no_zone !== null),
    }
  }
}

/** Compares matches with the truth of a known history. */

import { resultBatches } from '../../../src/core/domain/matching/batches.ts'
import { calibrated } from '../../../src/core/domain/matching/calibration.ts'
import { findShifts, madeTime, type Shifts } from '../../../src/core/domain/matching/clock.ts'
import {
  type ChargeMatch,
  type HistorySession,
  learnHistory,
  matchSession,
} from '../../../src/core/domain/matching/history.ts'
import { type MatchCharge, mayPayFor, type ResultBatch } from '../../../src/core/domain/matching/records.ts'
import { sessionsOf } from '../../../src/core/domain/matching/sessions.ts'
import type { KnownHistory } from './history.ts'

/** The sessions of a history, with what they teach, as the store reads them. */
export function readHistory({ charges, results }: KnownHistory): { sessions: HistorySession[]; shifts: Shifts } {
  const shifts = findShifts(charges, results)
  const inOrder = results
    .flatMap((result) => {
      const madeAt = madeTime(result, shifts)
      return madeAt === null ? [] : { ...result, madeAt }
    })
    .toSorted((a, b) => a.madeAt - b.madeAt)
  const times = [...charges.map(({ at }) => at), ...inOrder.map(({ madeAt }) => madeAt)].sort((a, b) => a - b)
  let [charge, result] = [0, 0]
  const sessions = sessionsOf(times).map(({ to }) => {
    const [firstCharge, firstResult] = [charge, result]
    while (charge < charges.length && (charges[charge]?.at as number) < to) charge++
    while (result < inOrder.length && (inOrder[result]?.madeAt as number) < to) result++
    return { charges: charges.slice(firstCharge, charge), results: inOrder.slice(firstResult, result) }
  })
  return { sessions, shifts }
}

/** Results and their charges as some rule says, by ids. */
export type Links = Map<string, string>

export interface Share {
  right: number
  of: number
}

export const shareOf = (shares: readonly Share[]): Share => ({
  right: shares.reduce((sum, { right }) => sum + right, 0),
  of: shares.reduce((sum, share) => sum + share.of, 0),
})

/** How many links are right, and how many of the true links are found. */
export function linkShares(links: Links, { chargeOf }: KnownHistory): { precision: Share; recall: Share } {
  const right = [...links].filter(([result, charge]) => chargeOf.get(result) === charge).length
  return { precision: { right, of: links.size }, recall: { right, of: chargeOf.size } }
}

/** A claim with its probability, and whether it is true. */
export interface Claimed {
  probability: number
  isRight: boolean
}

export interface Scored {
  charges: number
  links: Links
  pairs: Claimed[]
  delivered: Claimed[]
}

/** Matches a whole history, session by session. */
export function matchHistory(history: KnownHistory, calibrate = calibrated): ChargeMatch[] {
  const { sessions, shifts } = readHistory(history)
  const knowledge = learnHistory(sessions, shifts)
  return sessions.flatMap((session) => matchSession(session, knowledge, undefined, calibrate))
}

/** The links of the best matching, and all claims with their truth. */
export function score(history: KnownHistory, matches: readonly ChargeMatch[]): Scored {
  const { chargeOf } = history
  const delivered = new Set(chargeOf.values())
  const links: Links = new Map()
  const pairs: Claimed[] = []
  for (const { chargeId, candidates } of matches) {
    for (const { results, probability, isAssigned, isNeighbour } of candidates) {
      const right = results.filter((result) => chargeOf.get(result) === chargeId).length
      pairs.push({ probability, isRight: right * 2 > results.length })
      if (isAssigned || isNeighbour) for (const result of results) links.set(result, chargeId)
    }
  }
  return {
    charges: history.charges.length,
    links,
    pairs,
    delivered: matches.map((match) => ({
      probability: match.delivered,
      isRight: delivered.has(match.chargeId),
    })),
  }
}

/** The share of the claims of at least this probability that are right. */
export const rightFrom = (claims: readonly Claimed[], least: number): Share => {
  const made = claims.filter(({ probability }) => probability >= least)
  return { right: made.filter(({ isRight }) => isRight).length, of: made.length }
}

/** Both baselines allow for clocks that differ, and look this far. */
const earliestMs = -90_000
const latestMs = 10 * 60_000

/** The baseline: charges in their order take the next batch of their feature that is left. */
export function firstCome({ charges, results }: KnownHistory): Links {
  const batches = resultBatches(results)
  const taken = new Set<number>()
  const links: Links = new Map()
  let first = 0
  for (const { id, at, feature } of charges) {
    while (batches[first] && (batches[first] as ResultBatch).from < at + earliestMs) first++
    for (let index = first; index < batches.length; index++) {
      const { kind, from, results } = batches[index] as ResultBatch
      if (from > at + latestMs) break
      if (taken.has(index) || !mayPayFor(feature, kind)) continue
      taken.add(index)
      for (const result of results) links.set(result.id, id)
      break
    }
  }
  return links
}

/** The baseline: each batch belongs to the last charge of its feature before it that has none. */
export function nearestBefore({ charges, results }: KnownHistory): Links {
  const taken = new Set<string>()
  const links: Links = new Map()
  let next = 0
  for (const batch of resultBatches(results)) {
    while ((charges[next]?.at ?? Number.POSITIVE_INFINITY) <= batch.from - earliestMs) next++
    for (let index = next - 1; index >= 0; index--) {
      const { id, at, feature } = charges[index] as MatchCharge
      if (at < batch.from - latestMs) break
      if (taken.has(id) || !mayPayFor(feature, batch.kind)) continue
      taken.add(id)
      for (const result of batch.results) links.set(result.id, id)
      break
    }
  }
  return links
}

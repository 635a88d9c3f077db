/** Matches the charges of one session with the batches of results that were made in it. */
import { blocksOf } from './assignment.ts'
import { resultBatches } from './batches.ts'
import { pairProbabilities } from './marginals.ts'
import type { MatchModel } from './model.ts'
import { type MadeResult, type MatchCharge, mayPayFor, type ResultBatch } from './records.ts'
import { earliestDelayMs, latestDelayMs } from './sessions.ts'

/** A charge and a batch that it may have paid for, by their indexes in the session. */
export interface SessionPair {
  charge: number
  batch: number
  delayMs: number
  /** Batches near this one, per millisecond. */
  density: number
}

export interface PreparedSession {
  charges: readonly MatchCharge[]
  batches: readonly ResultBatch[]
  /** In the order of the charges. */
  pairs: SessionPair[]
}

/** Whether the user said that a result does not belong to a charge. */
export type IsRefused = (chargeId: string, resultId: string) => boolean

/** Batches within this time before and after a batch count for its density. */
const densityMs = 10 * 60_000

/**
 * The possible pairs of a session. The order of charges within one stated minute is evidence, so they are spread evenly over
 * the minute.
 */
export function prepareSession(
  charges: readonly MatchCharge[],
  results: readonly MadeResult[],
  isRefused: IsRefused = () => false,
): PreparedSession {
  const batches = resultBatches(results)
  const near = densitiesOf(batches)
  const pairs: SessionPair[] = []
  const times = spreadTimes(charges)
  let first = 0
  for (const [charge, { id, feature }] of charges.entries()) {
    const time = times[charge] as number
    while (first < batches.length && (batches[first] as ResultBatch).from < time + earliestDelayMs) first++
    for (let batch = first; batch < batches.length; batch++) {
      const { from, kind, results } = batches[batch] as ResultBatch
      const delayMs = from - time
      if (delayMs > latestDelayMs) break
      if (!mayPayFor(feature, kind) || results.some((result) => isRefused(id, result.id))) continue
      pairs.push({ charge, batch, delayMs, density: near[batch] as number })
    }
  }
  return { charges, batches, pairs }
}

/** The likely times of charges, which come in ascending order of their stated times. */
export function spreadTimes(charges: readonly Pick<MatchCharge, 'at' | 'precisionMs'>[]): number[] {
  const times: number[] = []
  for (let first = 0; first < charges.length; ) {
    const { at, precisionMs } = charges[first] as MatchCharge
    let end = first + 1
    while (charges[end]?.at === at) end++
    for (let index = first; index < end; index++) {
      times.push(at + (precisionMs * (index - first + 1)) / (end - first + 1))
    }
    first = end
  }
  return times
}

/** For each batch, the number of batches of its kind near it, itself included, per millisecond. */
function densitiesOf(batches: readonly ResultBatch[]): number[] {
  const out = new Array<number>(batches.length)
  for (const some of Map.groupBy(batches.keys(), (index) => (batches[index] as ResultBatch).kind).values()) {
    const times = some.map((index) => (batches[index] as ResultBatch).from)
    let first = 0
    let end = 0
    for (const [position, index] of some.entries()) {
      const time = times[position] as number
      while ((times[first] as number) < time - densityMs) first++
      while (end < times.length && (times[end] as number) <= time + densityMs) end++
      out[index] = (end - first) / (2 * densityMs)
    }
  }
  return out
}

/** A pair with its weight, the logarithm of its odds, and its probability. */
export interface MatchedPair extends SessionPair {
  weight: number
  probability: number
}

/** Pairs with smaller weights hardly change the probabilities of others. */
const leastWeight = -4

/** The pairs of a session that are likely enough to count, with their probabilities. */
export function pairsOf(session: PreparedSession, model: MatchModel): MatchedPair[] {
  const { charges, batches, pairs } = session
  const weighted = pairs.flatMap((pair) => {
    const charge = charges[pair.charge] as MatchCharge
    const weight = model.weigh(charge, batches[pair.batch] as ResultBatch, pair.delayMs, pair.density)
    return weight > leastWeight ? { ...pair, weight, odds: Math.exp(weight) } : []
  })
  return blocksOf(weighted).flatMap((block) => {
    const probabilities = pairProbabilities(block)
    return block.map(({ odds: _, ...pair }, index) => ({ ...pair, probability: probabilities[index] as number }))
  })
}

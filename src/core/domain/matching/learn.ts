/** Learns the model of a history from its sessions, without any known matches. */
import { binOf, delayBins, widthOf } from './delays.ts'
import { learnModel, type MatchModel, noObservations, observeBatch, observeCharge, observePair } from './model.ts'
import type { MatchCharge, ResultBatch } from './records.ts'
import { type PreparedSession, pairsOf } from './session.ts'
import { earliestDelayMs } from './sessions.ts'

/** Rounds of expectation and maximization. */
const rounds = 3
/** Chance alone spreads pairs evenly over delays up to this one. */
const chanceToMs = 15 * 60_000

/** The model of some sessions, which may be a sample of a long history. */
export function learn(sessions: readonly PreparedSession[]): MatchModel {
  let model = firstModel(sessions)
  for (let round = 0; round < rounds; round++) {
    const seen = noObservations()
    for (const session of sessions) {
      observeAll(seen, session)
      for (const { charge, batch, delayMs, probability } of pairsOf(session, model)) {
        observePair(
          seen,
          session.charges[charge] as MatchCharge,
          session.batches[batch] as ResultBatch,
          delayMs,
          probability,
        )
      }
    }
    model = learnModel(seen)
  }
  return model
}

function observeAll(seen: ReturnType<typeof noObservations>, { charges, batches }: PreparedSession): void {
  for (const charge of charges) observeCharge(seen, charge)
  for (const batch of batches) observeBatch(seen, batch)
}

/** A first model, from the delays that occur more often than chance explains. */
function firstModel(sessions: readonly PreparedSession[]): MatchModel {
  const excess = excessOf(sessions)
  const seen = noObservations()
  for (const session of sessions) {
    observeAll(seen, session)
    for (const pairs of Map.groupBy(session.pairs, ({ charge }) => charge).values()) {
      const weights = pairs.map(({ delayMs }) => excess[binOf(delayMs)] ?? 0)
      const total = Math.max(
        1,
        weights.reduce((sum, weight) => sum + weight, 0),
      )
      for (const [index, { charge, batch, delayMs }] of pairs.entries()) {
        const weight = (weights[index] as number) / total
        observePair(
          seen,
          session.charges[charge] as MatchCharge,
          session.batches[batch] as ResultBatch,
          delayMs,
          weight,
        )
      }
    }
  }
  return learnModel(seen)
}

/** For each bin of delays, the share of its pairs that chance does not explain. */
function excessOf(sessions: readonly PreparedSession[]): Float64Array {
  const counts = new Float64Array(delayBins)
  let chance = 0
  for (const { pairs } of sessions) {
    for (const { delayMs } of pairs) {
      const bin = binOf(delayMs)
      if (bin >= 0 && bin < delayBins) counts[bin] = (counts[bin] as number) + 1
      if (delayMs < chanceToMs) chance++
    }
  }
  const perMs = chance / (chanceToMs - earliestDelayMs)
  return counts.map((count, bin) => (count === 0 ? 0 : Math.max(0, 1 - (perMs * widthOf(bin)) / count)))
}

/** The statistics of a history, and the weight that they give to a pair of a charge and a batch. */
import { binOf, delayBins, densities, learnedShares, priorShares } from './delays.ts'
import { type MatchCharge, mayPayFor, mostResults, type ResultBatch } from './records.ts'

/** Observations of all charges, of one feature, or of one amount of it. A pair counts with its probability. */
interface Counts {
  delays: Float64Array
  /** Batches by the number of their results, from 1. */
  sizes: Float64Array
  models: Map<string, number>
  charges: number
  matched: number
}

const noCounts = (): Counts => ({
  delays: new Float64Array(delayBins),
  sizes: new Float64Array(mostResults),
  models: new Map(),
  charges: 0,
  matched: 0,
})

/** The observations of a history. */
export interface Observations {
  all: Counts
  byFeature: Map<string, Counts>
  byAmount: Map<string, Counts>
  /** Batches, and how many of them belong to a charge. */
  batches: number
  batchesMatched: number
  sizes: Float64Array
  /** Batches that name their model, by kind and model, and by kind. */
  models: Map<string, number>
  modelled: Map<string, number>
}

export const noObservations = (): Observations => ({
  all: noCounts(),
  byFeature: new Map(),
  byAmount: new Map(),
  batches: 0,
  batchesMatched: 0,
  sizes: new Float64Array(mostResults),
  models: new Map(),
  modelled: new Map(),
})

/** The precision is a part of the key, because it decides how the delays spread. */
const featureKey = ({ feature, precisionMs }: MatchCharge): string => `${feature ?? ''} ${precisionMs}`
const amountKey = (charge: MatchCharge): string => `${featureKey(charge)} ${charge.amount}`

const countsOf = (counts: Map<string, Counts>, key: string): Counts => {
  const found = counts.get(key) ?? noCounts()
  counts.set(key, found)
  return found
}

const levels = (seen: Observations, charge: MatchCharge): Counts[] => [
  seen.all,
  countsOf(seen.byFeature, featureKey(charge)),
  countsOf(seen.byAmount, amountKey(charge)),
]

const add = (counts: Float64Array, index: number, weight: number) => {
  counts[index] = (counts[index] ?? 0) + weight
}
const addTo = (counts: Map<string, number>, key: string, weight: number) =>
  counts.set(key, (counts.get(key) ?? 0) + weight)
const modelKey = (kind: string, model: string): string => `${kind} ${model}`
const sizeIndex = ({ results }: ResultBatch): number => results.length - 1

export function observeCharge(seen: Observations, charge: MatchCharge): void {
  for (const counts of levels(seen, charge)) counts.charges++
}

export function observeBatch(seen: Observations, batch: ResultBatch): void {
  seen.batches++
  add(seen.sizes, sizeIndex(batch), 1)
  if (batch.model === null) return
  addTo(seen.models, modelKey(batch.kind, batch.model), 1)
  addTo(seen.modelled, batch.kind, 1)
}

export function observePair(
  seen: Observations,
  charge: MatchCharge,
  batch: ResultBatch,
  delayMs: number,
  weight: number,
) {
  const bin = binOf(delayMs)
  seen.batchesMatched += weight
  for (const counts of levels(seen, charge)) {
    counts.matched += weight
    add(counts.sizes, sizeIndex(batch), weight)
    if (batch.model !== null) addTo(counts.models, batch.model, weight)
    if (bin >= 0 && bin < delayBins) add(counts.delays, bin, weight)
  }
}

/** The strength of each prior, as a number of observations. */
const beliefs = { all: 80, feature: 40, amount: 25, sizes: 8, models: 1.5, unmatched: 20 } as const
/** The prior share of charges with a result among the files, and of batches with a charge. */
const usuallyMatched = 0.8
/** Shares are never taken as more certain than this. */
const leastShare = 0.02
/** The weight of a pair that names two different models, which can only be an error of a file. */
const otherModel = Math.log(0.002)

/** The posterior for the charges of one amount. */
interface Group {
  shares: Float64Array
  logDensity: Float64Array
  logSize: Float64Array
  models: Map<string, number>
  modelled: number
  /** The share of the charges with a result among the files. */
  matched: number
}

export interface MatchModel {
  /** The logarithm of the odds of a pair against both ends being unmatched; `density`: batches near the pair, per ms. */
  weigh(charge: MatchCharge, batch: ResultBatch, delayMs: number, density: number): number
}

/** The model for the observations of a history; without observations, the prior. */
export function learnModel(seen: Observations): MatchModel {
  const sizes = ratio(seen.sizes, new Float64Array(mostResults).fill(1 / mostResults), beliefs.sizes)
  const orphaned = 1 - (seen.batchesMatched + usuallyMatched * beliefs.unmatched) / (seen.batches + beliefs.unmatched)
  const logOrphaned = Math.log(Math.max(orphaned, leastShare))
  const all = groupOf(seen.all, { shares: priorShares, matched: usuallyMatched, sizes }, beliefs.all)
  const features = new Map<string, Group>()
  const amounts = new Map<string, Group>()

  function groupFor(charge: MatchCharge): Group {
    const key = amountKey(charge)
    const known = amounts.get(key)
    if (known) return known
    const featured = featureKey(charge)
    const feature =
      features.get(featured) ?? groupOf(seen.byFeature.get(featured) ?? noCounts(), believed(all), beliefs.feature)
    features.set(featured, feature)
    const group = groupOf(seen.byAmount.get(key) ?? noCounts(), believed(feature), beliefs.amount)
    amounts.set(key, group)
    return group
  }

  function believed({ shares, matched, logSize }: Group) {
    return { shares, matched, sizes: logSize.map((value, index) => Math.exp(value) * (sizes[index] as number)) }
  }

  function groupOf(counts: Counts, before: { shares: Float64Array; matched: number; sizes: Float64Array }, n: number) {
    const shares = learnedShares(counts.delays, before.shares, n)
    const own = ratio(counts.sizes, before.sizes, beliefs.sizes)
    return {
      shares,
      logDensity: densities(shares).map(Math.log),
      logSize: own.map((share, index) => Math.log(share / (sizes[index] as number))),
      models: counts.models,
      modelled: sum(counts.models.values()),
      matched: (counts.matched + before.matched * beliefs.unmatched) / (counts.charges + beliefs.unmatched),
    }
  }

  function modelWeight(charge: MatchCharge, batch: ResultBatch, group: Group): number {
    if (batch.model === null) return 0
    const known = seen.models.get(modelKey(batch.kind, batch.model)) ?? 0
    const usual = (known + 0.5) / ((seen.modelled.get(batch.kind) ?? 0) + 1)
    if (charge.model !== null) return charge.model === batch.model ? -Math.log(usual) : otherModel
    const here = ((group.models.get(batch.model) ?? 0) + beliefs.models * usual) / (group.modelled + beliefs.models)
    return Math.log(here / usual)
  }

  return {
    weigh(charge, batch, delayMs, density) {
      const bin = binOf(delayMs)
      if (bin < 0 || bin >= delayBins || !mayPayFor(charge.feature, batch.kind)) return Number.NEGATIVE_INFINITY
      const group = groupFor(charge)
      const matched = Math.min(1 - leastShare, Math.max(leastShare, group.matched))
      return (
        Math.log(matched / (1 - matched)) +
        (group.logDensity[bin] as number) -
        logOrphaned -
        Math.log(density) +
        (group.logSize[sizeIndex(batch)] as number) +
        modelWeight(charge, batch, group)
      )
    },
  }
}

/** Posterior shares: counts, and prior shares that count as `strength` observations. */
function ratio(counts: Float64Array, prior: Float64Array, strength: number): Float64Array {
  const total = sum(counts) + strength
  return counts.map((count, index) => (count + strength * (prior[index] as number)) / total)
}

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/**
 * Neighbours: a job may deliver its results one after another, so batches near the assigned batch of a charge may be its own
 * too. They are proposed only in histories whose leftover batches gather near assigned ones.
 */
import type { MatchCharge, ResultBatch } from './records.ts'
import type { MatchedPair, PreparedSession } from './session.ts'

/** Neighbours are at most this far from the batch of the charge. */
const reachMs = 40_000
const binMs = 5_000
const bins = (2 * reachMs) / binMs
/** Batches at this distance are there by chance. */
const chanceFromMs = 60_000
const chanceToMs = 240_000
/** The observations of a feature count as this many charges for each amount of it. */
const strength = 10
/** Less likely neighbours are not proposed. */
const leastProbability = 0.5
/** Leftovers per millisecond that are assumed in every history: one per hour. */
const leastChance = 1 / 3_600_000

interface Counts {
  charges: number
  near: Float64Array
  far: number
}

const noCounts = (): Counts => ({ charges: 0, near: new Float64Array(bins), far: 0 })

/** A session with its assignment. */
export interface AssignedSession {
  session: PreparedSession
  assigned: readonly MatchedPair[]
}

export interface Neighbour {
  charge: number
  batch: number
  /** The probability if the charge has its assigned batch. */
  probability: number
}

/** Learned rates of leftover batches near the batches of charges. */
export interface NeighbourModel {
  /** The neighbours of a session, at most one charge for each batch. */
  neighboursOf(session: AssignedSession): Neighbour[]
}

export function learnNeighbours(sessions: readonly AssignedSession[]): NeighbourModel {
  const features = new Map<string, Counts>()
  const amounts = new Map<string, Counts>()
  for (const each of sessions) {
    for (const { charge } of each.assigned) {
      for (const counts of countsFor(each.session.charges[charge] as MatchCharge)) counts.charges++
    }
    visitLeftovers(each, chanceToMs, (charge, _, gapMs) => {
      for (const counts of countsFor(each.session.charges[charge.charge] as MatchCharge)) {
        if (Math.abs(gapMs) < reachMs) counts.near[binOf(gapMs)] = (counts.near[binOf(gapMs)] as number) + 1
        else if (Math.abs(gapMs) >= chanceFromMs) counts.far++
      }
    })
  }

  function countsFor({ feature, amount }: MatchCharge): Counts[] {
    return [of(features, feature ?? ''), of(amounts, `${feature ?? ''} ${amount}`)]
  }

  /** Leftovers per millisecond at this distance from the batch of a charge: by chance, and of its own. */
  function ratesOf(charge: MatchCharge, gapMs: number): { chance: number; own: number } {
    const [feature, amount] = countsFor(charge) as [Counts, Counts]
    const share = strength / Math.max(1, feature.charges)
    const charges = amount.charges + Math.min(strength, feature.charges)
    const far = (amount.far + share * feature.far) / charges / (2 * (chanceToMs - chanceFromMs))
    const bin = binOf(gapMs)
    const near = ((amount.near[bin] as number) + share * (feature.near[bin] as number)) / charges / binMs
    const chance = Math.max(far, leastChance)
    return { chance, own: Math.max(0, near - chance) }
  }

  return {
    neighboursOf(each) {
      const found = new Map<number, { chance: number; own: number; best: number; charge: number }>()
      visitLeftovers(each, reachMs, (pair, batch, gapMs) => {
        const { chance, own } = ratesOf(each.session.charges[pair.charge] as MatchCharge, gapMs)
        const likely = own * pair.probability
        const before = found.get(batch) ?? { chance, own: 0, best: 0, charge: -1 }
        const isBest = likely > before.best
        found.set(batch, {
          chance: Math.max(before.chance, chance),
          own: before.own + likely,
          best: Math.max(before.best, likely),
          charge: isBest ? pair.charge : before.charge,
        })
      })
      return [...found].flatMap(([batch, { chance, own, best, charge }]) => {
        const probability = best / (own + chance)
        return probability >= leastProbability ? [{ charge, batch, probability }] : []
      })
    },
  }
}

function of(counts: Map<string, Counts>, key: string): Counts {
  const found = counts.get(key) ?? noCounts()
  counts.set(key, found)
  return found
}

const binOf = (gapMs: number): number => Math.floor((gapMs + reachMs) / binMs)

/** Visits the batches without a charge near the batches of charges. */
function visitLeftovers(
  { session: { batches }, assigned }: AssignedSession,
  withinMs: number,
  visit: (pair: MatchedPair, batch: number, gapMs: number) => void,
): void {
  const taken = new Set(assigned.map(({ batch }) => batch))
  const inOrder = assigned.toSorted((a, b) => a.batch - b.batch)
  let first = 0
  for (const pair of inOrder) {
    const { from, kind } = batches[pair.batch] as ResultBatch
    while ((batches[first] as ResultBatch).from <= from - withinMs) first++
    for (let index = first; index < batches.length; index++) {
      const other = batches[index] as ResultBatch
      if (other.from >= from + withinMs) break
      if (!taken.has(index) && other.kind === kind) visit(pair, index, other.from - from)
    }
  }
}

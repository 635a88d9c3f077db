/** The assignment and the probabilities of matching, held against all matchings of small blocks, and their calibration. */
import { expect, test } from 'vitest'
import { bestAssignment, type WeightedPair } from '../../src/core/domain/matching/assignment.ts'
import { type BlockPair, pairProbabilities, sampledProbabilities } from '../../src/core/domain/matching/marginals.ts'
import fc from '../support/fast-check.ts'
import { knownHistory } from '../support/matching/history.ts'
import {
  firstCome,
  type Links,
  linkShares,
  matchHistory,
  nearestBefore,
  rightFrom,
  type Share,
  score,
  shareOf,
} from '../support/matching/score.ts'
import { downloads, worlds } from '../support/matching/worlds.ts'

const pairsOf = (most: number, value: fc.Arbitrary<number>) =>
  fc
    .array(fc.array(fc.option(value, { freq: 3 }), { minLength: most, maxLength: most }), {
      minLength: 1,
      maxLength: most,
    })
    .map((rows) =>
      rows.flatMap((row, charge) =>
        row.flatMap((weight, batch) => (weight === null ? [] : [{ charge, batch, weight }])),
      ),
    )

/** Calls `visit` with every one-to-one matching of some pairs. */
function everyMatching(pairs: readonly WeightedPair[], visit: (chosen: readonly WeightedPair[]) => void): void {
  const charges = [...new Set(pairs.map(({ charge }) => charge))]
  const go = (index: number, chosen: WeightedPair[]) => {
    const charge = charges[index]
    if (charge === undefined) return visit(chosen)
    go(index + 1, chosen)
    for (const pair of pairs) {
      const isFree = pair.charge === charge && !chosen.some(({ batch }) => batch === pair.batch)
      if (isFree) go(index + 1, [...chosen, pair])
    }
  }
  go(0, [])
}

/** The greatest sum over all matchings, by the sets of batches that the charges so far may have. */
function greatestSum(pairs: readonly WeightedPair[]): number {
  let sums = new Map([[0, 0]])
  for (const own of Map.groupBy(pairs, ({ charge }) => charge).values()) {
    const next = new Map(sums)
    for (const [set, sum] of sums) {
      for (const { batch, weight } of own) {
        const joined = set | (1 << batch)
        if (joined !== set) next.set(joined, Math.max(next.get(joined) ?? Number.NEGATIVE_INFINITY, sum + weight))
      }
    }
    sums = next
  }
  return Math.max(...sums.values())
}

test('finds the best assignment of any block of up to 8 charges and 8 batches', () => {
  fc.assert(
    fc.property(pairsOf(8, fc.double({ min: -5, max: 20, noNaN: true })), (pairs) => {
      const chosen = bestAssignment(pairs)
      expect(new Set(chosen.map(({ charge }) => charge)).size).toBe(chosen.length)
      expect(new Set(chosen.map(({ batch }) => batch)).size).toBe(chosen.length)
      const sum = chosen.reduce((total, { weight }) => total + weight, 0)
      expect(sum).toBeCloseTo(greatestSum(pairs), 6)
    }),
    { numRuns: 300 },
  )
})

const withOdds = (pairs: readonly WeightedPair[]): BlockPair[] =>
  pairs.map(({ weight, ...pair }) => ({ ...pair, odds: Math.exp(weight) }))

/** The probability of each pair, by adding up every matching. */
function countedProbabilities(pairs: readonly WeightedPair[]): number[] {
  const sums = pairs.map(() => 0)
  let total = 0
  everyMatching(pairs, (chosen) => {
    const odds = Math.exp(chosen.reduce((sum, { weight }) => sum + weight, 0))
    total += odds
    for (const pair of chosen) sums[pairs.indexOf(pair)] = (sums[pairs.indexOf(pair)] as number) + odds
  })
  return sums.map((sum) => sum / total)
}

test('gives each pair the share of the matchings that contain it', () => {
  fc.assert(
    fc.property(pairsOf(5, fc.double({ min: -6, max: 12, noNaN: true })), (pairs) => {
      const probabilities = pairProbabilities(withOdds(pairs))
      for (const [index, expected] of countedProbabilities(pairs).entries()) {
        expect(probabilities[index]).toBeCloseTo(expected, 9)
      }
    }),
    { numRuns: 200 },
  )
})

test('samples wide blocks to about the same probabilities, and to the same ones every time', () => {
  fc.assert(
    fc.property(pairsOf(4, fc.double({ min: -2, max: 3, noNaN: true })), (pairs) => {
      const sampled = sampledProbabilities(withOdds(pairs))
      expect(sampledProbabilities(withOdds(pairs))).toEqual(sampled)
      for (const [index, expected] of countedProbabilities(pairs).entries()) {
        expect(Math.abs((sampled[index] as number) - expected)).toBeLessThan(0.12)
      }
    }),
    { numRuns: 30 },
  )
})

const percent = ({ right, of }: Share): number => (100 * right) / of
const seeds = [501, 502, 503]

/** Histories of each world that no part of matching was fitted to, with their claims. */
const known = worlds.map((world) => ({
  name: world.name,
  histories: seeds.map((seed) => {
    const history = knownHistory({ ...world, jobs: 300 }, seed)
    return { history, scored: score(history, matchHistory(history)) }
  }),
}))

test.each(known)('says 95 % only if it is right in 95 % of such cases: $name', ({ histories }) => {
  for (const claims of ['pairs', 'delivered'] as const) {
    const share = shareOf(histories.map(({ scored }) => rightFrom(scored[claims], 0.95)))
    // Two wrong claims among few prove nothing.
    expect(share.right + 2).toBeGreaterThanOrEqual(0.95 * share.of)
  }
})

test.each(known)('links more results rightly than first come and nearest before: $name', ({ histories }) => {
  const rightly = (links: (one: (typeof histories)[number]) => Links) =>
    percent(shareOf(histories.map((one) => linkShares(links(one), one.history).precision))) || 0
  const baselines = [firstCome, nearestBefore].map((rule) => rightly(({ history }) => rule(history)))
  expect(rightly(({ scored }) => scored.links)).toBeGreaterThan(Math.max(...baselines))
})

test('decides nothing by the dates of files', () => {
  const matches = matchHistory(knownHistory({ ...downloads, jobs: 300 }, seeds[0] as number))
  expect(matches.length).toBeGreaterThan(200)
  expect(matches.filter(({ candidates, delivered }) => candidates.length > 0 || delivered > 0.05)).toEqual([])
})

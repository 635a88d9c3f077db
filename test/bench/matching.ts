/** Matching of charges with results that name no charge: how often it is right, beside two baselines, and how long it takes. */
import { learnHistory, matchSession } from '../../src/core/domain/matching/history.ts'
import { type KnownHistory, knownHistory, usualWorld, type World } from '../support/matching/history.ts'
import {
  firstCome,
  type Links,
  linkShares,
  matchHistory,
  nearestBefore,
  readHistory,
  rightFrom,
  type Scored,
  type Share,
  score,
  shareOf,
} from '../support/matching/score.ts'
import { worlds } from '../support/matching/worlds.ts'
import type { Reading } from './report.ts'

const firstSeed = 1
const leastProbability = 0.95
const largeHistories = { jobs: 2_000, histories: 6 }
const smallHistories = [
  { jobs: 20, histories: 200 },
  { jobs: 100, histories: 60 },
]
/** Charges from which a long history is learned. */
const sampleCharges = 3_000

/** The worlds, each with histories of 2,000 jobs; and the small histories of all worlds together. */
export async function measureMatching(): Promise<Reading[]> {
  const large = worlds.flatMap((world) => readingsOf(world.name, [world], largeHistories))
  const small = smallHistories.flatMap((size) => readingsOf(`all, ${size.jobs} jobs`, worlds, size))
  return [...large, ...small]
}

function readingsOf(name: string, some: readonly World[], { jobs, histories }: typeof largeHistories): Reading[] {
  const known = some.flatMap((world) =>
    Array.from({ length: histories }, (_, number) => knownHistory({ ...world, jobs }, firstSeed + number)),
  )
  const scored = known.map((history) => score(history, matchHistory(history)))
  const common = { table: 'Matching', name, unit: '%', jobs: largeHistories.jobs } as const
  const charges = scored.reduce((sum, one) => sum + one.charges, 0)
  const right = (claims: 'pairs' | 'delivered') =>
    shareOf(scored.map((one: Scored) => rightFrom(one[claims], leastProbability)))
  const percent = (of: Share): number => (100 * of.right) / of.of
  const linked = (links: (history: KnownHistory, index: number) => Links): [number, number] => {
    const shares = known.map((history, index) => linkShares(links(history, index), history))
    return [percent(shareOf(shares.map((one) => one.precision))), percent(shareOf(shares.map((one) => one.recall)))]
  }
  const claims = (column: string, share: Share): Reading[] => [
    { ...common, column: `${column} ≥ 95 %: right`, values: [percent(share)], goal: { atLeast: 95 } },
    { ...common, column: `${column} ≥ 95 %: of charges`, values: [(100 * share.of) / charges] },
  ]
  return [
    { ...common, column: 'nearest before, P/R', values: linked(nearestBefore) },
    { ...common, column: 'first come, P/R', values: linked(firstCome) },
    { ...common, column: 'matching, P/R', values: linked((_, index) => (scored[index] as Scored).links) },
    ...claims('this batch', right('pairs')),
    ...claims('delivered', right('delivered')),
  ]
}

/** A history with this many charges and about three times as many results, matched session by session. */
export async function measureMatchingTime(charges: number): Promise<Reading[]> {
  const jobs = Math.round(charges / (1 - usualWorld.missingCharges))
  return [usualWorld, ...worlds.filter(({ name }) => name === 'minutes, busy')].flatMap((world) => {
    const { sessions, shifts } = readHistory(knownHistory({ ...world, jobs }, firstSeed))
    const begin = performance.now()
    const stride = Math.max(1, Math.round(charges / sampleCharges))
    const knowledge = learnHistory(
      sessions.filter((_, index) => index % stride === 0),
      shifts,
    )
    const learned = performance.now()
    for (const session of sessions) matchSession(session, knowledge)
    const common = { table: 'Time of matching', unit: 'ms', jobs: charges, column: world.name } as const
    return [
      { ...common, name: 'learn', values: [learned - begin] },
      { ...common, name: 'match all sessions', values: [performance.now() - learned] },
      { ...common, name: 'learn and match', values: [performance.now() - begin], goal: { atMost: 12_000 } },
    ] satisfies Reading[]
  })
}

/**
 * Writes src/core/domain/matching/calibration.json: for each computed probability, the least share of claims that were right in
 * any world and any size of history. `npm run calibrate`. The seeds are others than those of the benchmark and the tests.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownHistory } from '../support/matching/history.ts'
import { type Claimed, matchHistory, score } from '../support/matching/score.ts'
import { worlds } from '../support/matching/worlds.ts'

const sizes = [
  { jobs: 20, histories: 300 },
  { jobs: 100, histories: 80 },
  { jobs: 1_000, histories: 10 },
]
const firstSeed = 1_000_000
const edges = [
  ...[0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985],
  ...[0.99, 0.993, 0.996, 0.998, 1],
]
/** The computed probability counts as much as this many claims, so that a bin with few of them says little. */
const believedClaims = 50

const allBins = edges.map((to, index) => {
  const from = edges[index - 1] ?? 0
  return { from, to, middle: (from + to) / 2 }
})

type Point = [computed: number, right: number]
const claims = { pair: new Map<string, Claimed[]>(), delivered: new Map<string, Claimed[]>() }

for (const world of worlds) {
  for (const { jobs, histories } of sizes) {
    for (let number = 0; number < histories; number++) {
      const history = knownHistory({ ...world, jobs }, firstSeed + number)
      const { pairs, delivered } = score(
        history,
        matchHistory(history, (_, probability) => probability),
      )
      for (const group of [world.name, `${jobs} jobs`]) {
        claims.pair.set(group, [...(claims.pair.get(group) ?? []), ...pairs])
        claims.delivered.set(group, [...(claims.delivered.get(group) ?? []), ...delivered])
      }
    }
  }
  process.stderr.write(`${world.name}\n`)
}

/** How often the claims of each bin were right, never falling: neighbours that contradict the order are joined. */
function curveOf(group: readonly Claimed[]): (computed: number) => number {
  const bins: { to: number; right: number; of: number }[] = []
  for (const { from, to, middle } of allBins) {
    const own = group.filter(({ probability }) => probability > from && probability <= to)
    const right = own.filter(({ isRight }) => isRight).length + middle * believedClaims
    bins.push({ to, right, of: own.length + believedClaims })
    for (let last = bins.at(-1), before = bins.at(-2); last && before; last = bins.at(-1), before = bins.at(-2)) {
      if (before.right * last.of <= last.right * before.of) break
      bins.splice(-2, 2, { to: last.to, right: before.right + last.right, of: before.of + last.of })
    }
  }
  return (computed) => {
    const { right, of } = bins.find(({ to }) => computed <= to) ?? { right: 0, of: 1 }
    return right / of
  }
}

function tableOf(groups: Map<string, Claimed[]>): Point[] {
  const curves = [...groups.values()].map(curveOf)
  const points = allBins.map(
    ({ to, middle }): Point => [round(middle), round(Math.min(...curves.map((curve) => curve(to))))],
  )
  return [[0, 0], ...points, [1, points.at(-1)?.[1] ?? 1]]
}

const round = (value: number) => Math.round(value * 10_000) / 10_000

const table = {
  made: new Date().toISOString().slice(0, 10),
  pair: tableOf(claims.pair),
  delivered: tableOf(claims.delivered),
}
writeFileSync(
  join(import.meta.dirname, '../../src/core/domain/matching/calibration.json'),
  `${JSON.stringify(table, null, 2)}\n`,
)

/** Histories of charges and results with the truth about which belong together. */
import type { MadeResult, MatchCharge } from '../../../src/core/domain/matching/records.ts'
import type { MadeEvidence } from '../../../src/shared/folders.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { draws } from '../random.ts'

/** A kind of history. Times in milliseconds, shares from 0 to 1. */
export interface World {
  name: string
  jobs: number
  /** Median time between two requests of a session. */
  gapMs: number
  /** How long the stated time of a charge lasts. */
  precisionMs: number
  /** All jobs take this many times as long as usual. */
  slowness: number
  failures: number
  missingCharges: number
  missingResults: number
  /** The results of a job come within this time. */
  spreadMs: number
  /** Whether the clock differs anew in every session. */
  offsetPerSession: boolean
  /** The share of results that name their model. */
  modelsKnown: number
  /** Results carry the time of their download: soon after they were made, or hours or days later. */
  downloads: boolean
  /** The clock of the results is wrong by a time zone. */
  zoneMs: number
  evidence: MadeEvidence
}

export const usualWorld: World = {
  name: 'minutes, usual',
  jobs: 1_000,
  gapMs: 120_000,
  precisionMs: 60_000,
  slowness: 1,
  failures: 0.08,
  missingCharges: 0.1,
  missingResults: 0.1,
  spreadMs: 1_500,
  offsetPerSession: false,
  modelsKnown: 0,
  downloads: false,
  zoneMs: 0,
  evidence: 'embedded',
}

export interface KnownHistory {
  /** Oldest first, rows of one time in the order of their table. */
  charges: MatchCharge[]
  results: MadeResult[]
  /** The charge of each result; results whose charge is missing are not in it. */
  chargeOf: Map<string, string>
}

const features = ['image', 'image', 'image', 'video', 'audio'] as const
const atOnce = 4
const begin = Date.UTC(2025, 0, 1)

interface Model {
  feature: string
  name: string
  price: number
  medianMs: number
  sigma: number
}

/** A history that follows from the world and the seed. */
export function knownHistory(world: World, seed: number): KnownHistory {
  const { random, chance, int, pick } = draws(seededRandom(seed))
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const logNormal = (median: number, sigma: number) => median * Math.exp(sigma * normal())
  const models = [...new Set(features)].flatMap((feature) =>
    [0, 1, 2].map((number): Model => {
      const medianMs = 9_000 * (210 / 9) ** random()
      return { feature, name: `${feature}-${number}`, price: int(1, 12) * 5, medianMs, sigma: 0.2 + 0.25 * random() }
    }),
  )
  const drawOffset = () => (2 * random() - 1) * 90_000
  let offset = drawOffset()
  let time = begin
  let job = { model: pick(models), size: 1 }
  let ends: number[] = []
  const charges: (MatchCharge & { moment: number })[] = []
  const results: MadeResult[] = []
  const chargeOf = new Map<string, string>()
  for (let number = 0; number < world.jobs; number++) {
    const again = chance(0.6)
    if (chance(1 / 12)) {
      time += (2 + 20 * random()) * 3_600_000
      if (world.offsetPerSession) offset = drawOffset()
    } else time += logNormal(world.gapMs, 0.8)
    ends = ends.filter((end) => end > time)
    if (ends.length >= atOnce) time = Math.min(...ends)
    if (!again) {
      const feature = pick(features)
      job = { model: pick(models.filter((model) => model.feature === feature)), size: pick([1, 1, 2, 4, 4, 8]) }
    }
    const { model, size } = job
    const end = time + logNormal(model.medianMs * world.slowness, model.sigma)
    ends.push(end)
    const id = `charge-${number}`
    const isCharged = !chance(world.missingCharges)
    if (isCharged) {
      const at = Math.floor(time / world.precisionMs) * world.precisionMs
      const { feature } = model
      const amount = model.price * size
      charges.push({ id, at, precisionMs: world.precisionMs, amount, feature, model: null, moment: time })
    }
    if (chance(world.failures)) continue
    for (let result = 0; result < size; result++) {
      if (chance(world.missingResults)) continue
      let madeAt = Math.round(end + offset + world.spreadMs * random())
      let { evidence } = world
      if (world.downloads) {
        madeAt += chance(0.4) ? 60_000 * random() : 3_600_000 * 10 ** (2 * random())
        evidence = 'saved'
      }
      const known = chance(world.modelsKnown) ? model.name : null
      const resultId = `${number}-${result}`
      results.push({
        id: resultId,
        madeAt: madeAt + world.zoneMs,
        evidence,
        kind: model.feature,
        model: known,
        prompt: null,
      })
      if (isCharged) chargeOf.set(resultId, id)
    }
  }
  charges.sort((a, b) => a.moment - b.moment)
  return { charges: charges.map(({ moment: _, ...charge }) => charge), results, chargeOf }
}

/** One simulated account with one product, in virtual time. Everything random comes from one seed. */

import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../src/core/host/clock.ts'
import type { Clock } from '../../src/core/ports.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { Marks } from '../../src/shared/views.ts'
import { type Draws, draws } from '../support/random.ts'
import { faults } from './answers.ts'
import { createModel, type Model } from './model.ts'
import { copyFiles, openProduct, type Product, removeFolder } from './product.ts'
import { type Conditions, createSimulatedService, type SimulatedService } from './service.ts'
import { storedJobs, storedRows } from './stored.ts'

/** How a charge names its job. */
export const chargeShapes = ['job and agent', 'job', 'nothing', 'no charge'] as const
/** How credits come back. */
export const refundShapes = [
  'charge',
  'job',
  'both',
  'nothing',
  'grant',
  'adjustment',
  'balance only',
  'unknown kind',
  'unknown job',
  'parts',
] as const

/** The ingredients of an episode: few kinds of trouble at a time reach states that all kinds together never do. */
export interface Plan extends Conditions {
  chargeShapes: readonly (typeof chargeShapes)[number][]
  refundShapes: readonly (typeof refundShapes)[number][]
  /** Whether the account has free credits that are filled up every day. */
  hasDailyCredits: boolean
  /** The weight of each step, by its name. */
  weights: ReadonlyMap<string, number>
}

export interface World {
  plan: Plan
  draws: Draws
  model: Model
  service: SimulatedService
  clock(): Clock
  product: Product
  /** The user's marks, by case name. */
  marks: Map<string, Marks>
  /**
   * The memory of the checks: the start of the program that they saw last, their number, how often each verdict stood, the
   * cases whose open credits the balance held when it was last compared with all rows, and by how much the clock was wrong
   * (null after it was set).
   */
  checked: {
    start: number
    steps: number
    verdicts: Map<string, number>
    held: Set<string>
    clockError: number | null
  }
  /** Lets virtual time pass: waits of the product that are over end. */
  advance(ms: number): void
  /** The time until the next wait of the product ends; null if it waits for nothing. */
  nextWait(): number | null
  setMachineClock(ahead: number): void
  /** Lets the product go on until it waits for the service, for time, or for the next turn. */
  settle(): Promise<void>
  /** Ends the program and starts it again, from the files in `from` after a crash. */
  restart(from?: string): Promise<void>
  nextFolder(): string
  close(): Promise<void>
}

export interface Step {
  /** The usual weight; an episode leaves it out or raises it. */
  weight: number
  run(world: World): string | null | Promise<string | null>
}

/** `weights` gives the usual weight of each step; `folder` is the parent of data folders, `template` an empty one. */
export function createWorld(
  seed: number,
  weights: Readonly<Record<string, number>>,
  folder: string,
  template: string,
): World {
  const drawn = draws(seededRandom(seed))
  const plan = drawPlan(drawn, weights)
  const model = createModel(plan.hasDailyCredits)
  const waits: { until: number; end(): void }[] = []
  let machineAhead = 0
  let jumps = 0
  let folders = 0
  let starts = 0

  // A program that starts knows no correction yet.
  const newClock = (): Clock => ({
    ...systemClock(new Float64Array(1), () => model.now() + machineAhead),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        waits.push({ until: model.now() + Math.ceil(ms), end: resolve })
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  })
  let clock = newClock()
  const service = createSimulatedService({
    model,
    draws: drawn,
    conditions: plan,
    clockAhead: () => clock.now() - model.now(),
    clockJumps: () => jumps,
  })
  const nextFolder = () => join(folder, `${seed}-${++folders}`)
  let dataDir = nextFolder()
  copyFiles(template, dataDir)
  const open = () => openProduct({ start: ++starts, dataDir, clock, service, random: drawn.random })

  const world: World = {
    plan,
    draws: drawn,
    model,
    service,
    clock: () => clock,
    product: open(),
    marks: new Map(),
    checked: { start: 0, steps: 0, verdicts: new Map(), held: new Set(), clockError: null },
    nextFolder,
    advance(ms) {
      model.advance(ms)
      for (const wait of waits.filter(({ until }) => until <= model.now())) {
        waits.splice(waits.indexOf(wait), 1)
        wait.end()
      }
    },
    nextWait: () => (waits.length > 0 ? Math.max(0, Math.min(...waits.map(({ until }) => until)) - model.now()) : null),
    setMachineClock(ahead) {
      machineAhead = ahead
      jumps++
      world.checked.clockError = null
    },
    async settle() {
      for (let turn = 0; turn < 3; turn++) await setImmediate()
    },
    async restart(from) {
      await world.product.close()
      waits.length = 0
      if (from !== undefined) {
        removeFolder(dataDir)
        dataDir = from
      }
      clock = newClock()
      world.checked.clockError = null
      world.product = open()
      world.product.evaluate()
      // What was sent last may be lost; records that could not be read are left out.
      const { database } = world.product
      const jobs = storedJobs(database).map(({ agent, id, createdAt, removedAt }) => ({
        stream: `jobs:${agent}`,
        id,
        time: removedAt === null ? createdAt : Number.POSITIVE_INFINITY,
      }))
      const rows = storedRows(database).map(({ id, occurredAt }) => ({ stream: 'credits', id, time: occurredAt }))
      world.service.known.only([...jobs, ...rows])
    },
    async close() {
      await world.product.close()
      removeFolder(dataDir)
    },
  }
  return world
}

/** Steps of at least this weight are in every episode. */
const commonWeight = 6

/** Leaves out most kinds of trouble, and makes some of the others likely. */
function drawPlan(draws: Draws, weights: Readonly<Record<string, number>>): Plan {
  const { chance, pick } = draws
  const some = <Value>(values: readonly Value[], share: number): Value[] => {
    const chosen = values.filter(() => chance(share))
    return chosen.length > 0 ? chosen : [pick(values)]
  }
  const factor = (weight: number) => (weight < commonWeight && chance(0.3) ? 0 : chance(0.15) ? 4 : 1)
  return {
    faults: chance(0.3) ? [] : some(faults, 0.25),
    faultRate: pick([0.05, 0.1, 0.3]),
    maxPage: pick([1, 2, 3, 10, 1_000]),
    refusesAbove: chance(0.1) ? pick([1, 3, 40]) : 1_000,
    listsLag: chance(0.4),
    chargeShapes: chance(0.4) ? ['job and agent'] : some(chargeShapes, 0.5),
    refundShapes: chance(0.3) ? ['both'] : some(refundShapes, 0.4),
    hasDailyCredits: chance(0.15),
    weights: new Map(Object.entries(weights).map(([name, weight]) => [name, weight * factor(weight)])),
  }
}

/**
 * One episode: random steps on a new account, then a calm end without faults, after which the product must know the
 * truth.
 */
import { createHash } from 'node:crypto'
import { firstProblem } from './checks.ts'
import { wrongEndings } from './ending.ts'
import { graceMs, limitMs, recordStreams } from './model.ts'
import { steps as stepsByName } from './steps.ts'
import { storedCases } from './stored.ts'
import { createWorld, type World } from './world.ts'

/** The result of an episode. */
export interface Episode {
  seed: number
  steps: number
  /** The first problem; null if there is none. */
  problem: string | null
  /** Each step in words. */
  history: string[]
  /** Equal for two runs of the same seed. */
  hash: string
  /** How often each step ran and each verdict stood at the end. */
  counts: Map<string, number>
}

const usualWeights = Object.fromEntries(Object.entries(stepsByName).map(([name, { weight }]) => [name, weight]))

/**
 * Runs `length` random steps and the ending. `folders`: the parent of data folders, and an empty one to begin with.
 */
export async function runEpisode(
  seed: number,
  length: number,
  folders: { root: string; template: string },
): Promise<Episode> {
  const world = createWorld(seed, usualWeights, folders.root, folders.template)
  const history: string[] = []
  const counts = new Map<string, number>()
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  let changesSeen = ''
  let problem: string | null = null

  /** Runs a step, lets the product go on, and checks everything. */
  async function take(text: string | null): Promise<void> {
    if (text !== null) history.push(`${history.length + 1}. ${new Date(world.model.now()).toISOString()} ${text}`)
    await world.settle()
    const crashed = world.product.crashes.crashedTo()
    if (crashed !== null) {
      history.push(`${history.length + 1}. the program dies in the middle of a write and starts again`)
      await world.restart(crashed)
    }
    const state = stateOf(world)
    if (state === changesSeen) return
    changesSeen = state
    problem = firstProblem(world)
  }

  async function takeRandomStep(): Promise<void> {
    const name = drawStep(world)
    try {
      const text = await stepsByName[name]?.run(world)
      if (!text) return
      count(name)
      await take(text)
    } catch (error) {
      if (world.product.crashes.crashedTo() === null) throw error
      await take('the program dies during this step')
    }
  }

  try {
    while (history.length < length && problem === null) await takeRandomStep()
    if (problem === null) problem = await calmDown(world, take, () => problem)
    for (const [verdict, times] of world.checked.verdicts) counts.set(verdict, times)
  } catch (error) {
    problem = `it threw: ${error instanceof Error ? error.stack : error}`
  }
  const hash = createHash('sha256').update(history.join('\n')).update(stateOf(world))
  hash.update(JSON.stringify(storedCases(world.product.database)))
  await world.close()
  return { seed, steps: history.length, problem, history, hash: hash.digest('hex'), counts }
}

/** A step by its weight in this episode. */
function drawStep({ draws, plan }: World): string {
  const weights = [...plan.weights]
  let at = draws.random() * weights.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of weights) {
    at -= weight
    if (at < 0) return name
  }
  return 'passTime'
}

/** Changes whenever the file or a clock did. */
const stateOf = ({ product, clock }: World): string =>
  `${product.start} ${product.database.prepare('SELECT total_changes()').pluck().get()} ${clock().now()}`

/** Ends every fault, reads everything twice after all waits, and compares each case with the truth. */
async function calmDown(
  world: World,
  take: (text: string | null) => Promise<void>,
  problem: () => string | null,
): Promise<string | null> {
  const { model, service, product: before } = world
  before.crashes.disarm()
  if (before.engine.state().status === 'paused') before.engine.resume()
  world.setMachineClock(0)
  model.flush()
  for (const lot of model.expiredLots()) model.lapse(lot, true)
  for (const stream of recordStreams) model.trimLog(stream)
  await take('calm: everything is shown, and every cursor is forgotten')
  for (const wait of [0, limitMs + graceMs, 60_000]) {
    world.advance(wait)
    // A last row at each reading: a history that goes on proves what is missing.
    model.addRow({ kind: 'charge', amount: -1, feature: 'chat' })
    for (let turns = 0; problem() === null && (turns === 0 || world.product.isSyncing()); turns++) {
      if (turns > 3_000) return 'a sync of a working service does not end'
      if (!world.product.isSyncing()) world.product.sync(true)
      await world.settle()
      const call = service.calls[0]
      if (call) {
        const text = service.handle(call, false)
        service.deliver(call)
        await take(`calm: ${text}`)
      } else if (world.nextWait() !== null) world.advance(world.nextWait() as number)
      else await take(null)
    }
    if (problem() !== null) break
    for (const stream of recordStreams) world.product.engine.accept(stream)
    world.product.evaluate()
    await take('calm: every stream was read')
  }
  return problem() ?? wrongEndings(world)[0] ?? null
}

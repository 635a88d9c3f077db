import { createWriter } from './chat-writer.ts'
import { chats, grants } from './history.ts'
import { createRandom } from './random.ts'
import { staged } from './staged.ts'
import { emptyState, type State } from './state.ts'
import { createWorld } from './world.ts'

const seed = 20_260_128

/** The sample account at the time `now` (epoch milliseconds); its plan holds the steps still to come. */
export function createAccount(now: number): State {
  const random = createRandom(seed)
  const writer = createWriter(random)
  const steps = [...grants(now, writer.adjustment), ...chats(now, writer, random), ...staged(now, writer, random)]
  const state = emptyState(now)
  const world = createWorld(state)
  for (const step of steps.sort((a, b) => a.at - b.at)) {
    if (step.at <= now) world.apply(step)
    else state.plan.push(step)
  }
  world.expire(now)
  return { ...state, log: [], logStart: state.logStart + state.log.length }
}

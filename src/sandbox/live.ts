/** The activity of the sample account's owner: a new job every 45 seconds, and its end. */
import type { Agent } from '../shared/values.ts'
import { createWriter, type Talk } from './chat-writer.ts'
import { messageCharges, ordinaryEnding } from './history.ts'
import { type Ending, type Order, stepsOfJob, timing, visualOffers } from './lives.ts'
import type { Random } from './random.ts'
import type { Step } from './state.ts'
import type { World } from './world.ts'

const second = 1_000

/** Nothing happens by itself: `advance` performs the steps that are due at `now` (epoch milliseconds). */
export function createLive({ state, apply, expire }: World, random: Random, now: number) {
  const writer = createWriter(random)
  let nextAt = now + random.between(5, 15) * second
  let chat: { talk: Talk; agent: Agent; id: string; left: number } | null = null

  function plan(steps: Step[]): void {
    state.plan = [...state.plan, ...steps].sort((a, b) => a.at - b.at)
  }

  function order(at: number): Order {
    if (!chat || chat.left === 0) {
      const agent = random.pick(['agent-1', 'agent-2'] as const)
      chat = { talk: writer.visualTalk(), agent, id: `chat_${at.toString(36)}`, left: random.between(1, 4) }
    }
    chat.left -= 1
    const { talk, agent, id } = chat
    const offer = random.weighted(visualOffers[agent])
    return {
      id: `job_${at.toString(36)}`,
      agent,
      chat: { id, title: talk.title },
      offer,
      prompt: talk.prompt(offer.kind),
      scene: talk.scene,
      at,
      ...timing(offer, random),
      runs: random.between(5, 40) * second,
      ending: hastened(ordinaryEnding(random)),
    }
  }

  /** Refunds arrive within minutes, so that a user can watch them. */
  function hastened(ending: Ending): Ending {
    return {
      ...ending,
      refunds: ending.refunds?.map(({ amount }) => ({ amount, after: random.between(20, 60) * second })),
    }
  }

  /** Occasionally the owner deletes a job that never started and so was never charged. */
  function tidy(at: number): Step[] {
    const idle = state.jobs.find((job) => job.status === 'canceled' && job.startedAt === null)
    return idle && random.chance(0.1) ? [{ at, type: 'delete', id: idle.id }] : []
  }

  return {
    advance(now: number): void {
      while (state.plan[0] && state.plan[0].at <= now) apply(state.plan.shift() as Step)
      if (now >= nextAt) {
        const next = order(now)
        plan([...messageCharges(next.agent, now, random), ...stepsOfJob(next, random), ...tidy(now)])
        nextAt = now + random.between(30, 60) * second
      }
      expire(now)
    },
  }
}

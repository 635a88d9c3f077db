/** One job for each case that a user should see, placed in the last weeks. */
import type { Agent } from '../shared/values.ts'
import type { Writer } from './chat-writer.ts'
import {
  canceledBeforeStart,
  delivered,
  type Ending,
  failed,
  makeResults,
  models,
  type Offer,
  type Order,
  refunded,
  stepsOfJob,
} from './lives.ts'
import type { Random } from './random.ts'
import { day, hour, minute, type Step } from './state.ts'

const second = 1_000

/** Steps around `now`: earlier steps are history, later steps happen while the account is live. */
export function staged(now: number, writer: Writer, random: Random): Step[] {
  function order(ago: number, agent: Agent, offer: Offer, ending: Ending, timing: Partial<Order> = {}): Order {
    const at = now - ago - (ago > day ? random.between(0, 50 * minute) : 0)
    const talk = writer.visualTalk()
    return {
      id: `job_${at.toString(36)}`,
      agent,
      chat: { id: `chat_${(at - minute).toString(36)}`, title: talk.title },
      offer,
      prompt: talk.prompt(offer.kind),
      scene: talk.scene,
      at,
      waits: 2 * second,
      runs: 70 * second,
      asked: 1,
      ending,
      ...timing,
    }
  }
  const life = (...details: Parameters<typeof order>) => stepsOfJob(order(...details), random)
  const noResults = (status: string): Ending => ({ status, results: 0 })

  return [
    // A running job and a queued job.
    ...life(150 * second, 'agent-2', models.seedance, delivered, { runs: 240 * second }),
    ...life(40 * second, 'agent-1', models.ltx, delivered, { waits: 75 * second }),
    // A failure within its refund grace.
    ...life(25 * minute, 'agent-2', models.seedance, refunded(failed('system', 'worker_lost'), 25 * minute)),
    // A failure without a refund.
    ...life(2 * day + 5 * hour, 'agent-2', models.seedance, failed('system', 'upstream_error')),
    ...life(12 * day + 2 * hour, 'agent-1', models.ltx, failed('system', 'model_timeout')),
    // Three of four pictures delivered, the fourth refunded.
    ...life(4 * day + hour, 'agent-2', models.seedream, partly(3, 10), { asked: 4 }),
    ...life(24 * day + 7 * hour, 'agent-2', models.seedream, partly(2, 10), { asked: 3 }),
    // Reported as succeeded, without results.
    ...life(6 * day + 3 * hour, 'agent-1', models.nanoBanana, noResults('succeeded')),
    // Running for days.
    ...life(5 * day + 2 * hour, 'agent-1', models.ltx, { status: 'running' }),
    // Carat does not state whether these are refunded.
    ...life(8 * day + 4 * hour, 'agent-2', models.nanoBanana, failed('policy', 'content_policy')),
    ...life(71 * day + 6 * hour, 'agent-1', models.zImage, failed('policy', 'content_policy')),
    ...life(11 * day + 6 * hour, 'agent-1', models.ltx, noResults('canceled')),
    ...life(16 * day + hour, 'agent-1', models.chatGpt, noResults('failed')),
    ...life(44 * day + 3 * hour, 'agent-2', models.seedance, failed('user', 'stopped_by_user')),
    // A status that this version of the contract does not know.
    ...life(3 * day + 2 * hour, 'agent-2', models.seedance, noResults('post_processing')),
    // Refunded twice.
    ...life(9 * day + 5 * hour, 'agent-2', models.seedream, {
      status: 'succeeded',
      refunds: [
        { amount: 10, after: 5 * minute },
        { amount: 10, after: 6 * minute },
      ],
    }),
    ...life(3 * day + 8 * hour, 'agent-1', models.zImage, canceledBeforeStart),
    ...lateResults(order(7 * minute, 'agent-1', models.ltx, noResults('succeeded'))),
    ...lateRecord(order(4 * minute, 'agent-2', models.seedance, delivered)),
    chargeWithoutJob(5 * day + 9 * hour),
  ]

  /** Succeeded, but its results are listed later. */
  function lateResults(late: Order): Step[] {
    const patch = { results: makeResults(late, 1, random) }
    return [...stepsOfJob(late, random), { at: now + 70 * second, type: 'job', id: late.id, patch }]
  }

  /** Charged, but the job itself is listed later. */
  function lateRecord(late: Order): Step[] {
    const shown = now + minute
    return stepsOfJob(late, random).map((step) =>
      step.type === 'job' ? { ...step, at: Math.max(step.at, shown) } : step,
    )
  }

  function chargeWithoutJob(ago: number): Step {
    const { kind: feature, model, price: amount } = models.nanoBanana
    return { at: now - ago, type: 'charge', charge: { amount, feature, agent: 'agent-2', model, jobId: null } }
  }
}

const partly = (results: number, amount: number): Ending => ({
  status: 'succeeded',
  results,
  refunds: [{ amount, after: 2 * minute }],
})

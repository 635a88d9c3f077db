/** The ordinary part of the sample account: two hundred days of chats, jobs and credits. */
import type { Agent } from '../shared/values.ts'
import type { Talk, Writer } from './chat-writer.ts'
import {
  canceledBeforeStart,
  delivered,
  type Ending,
  failed,
  free,
  models,
  refunded,
  stepsOfJob,
  timing,
  visualOffers,
} from './lives.ts'
import type { Random } from './random.ts'
import { type Charge, day, hour, minute, type Step } from './state.ts'

export const historyDays = 200
/** The owner lives in Seoul, nine hours ahead of UTC. */
const seoul = 9 * hour

/** How the jobs of a healthy account end. */
export function ordinaryEnding(random: Random): Ending {
  const code = random.pick(['model_timeout', 'worker_lost', 'upstream_error'])
  const soon = random.between(20_000, 8 * minute)
  return random.weighted<Ending>([
    [delivered, 905],
    [refunded(failed('system', code), soon), 45],
    [canceledBeforeStart, 15],
    [free, 12],
    [refunded({ status: 'canceled', results: 0 }, soon), 12],
    [refunded(failed('policy', 'content_policy'), soon), 11],
  ])
}

/** One chat of one to six jobs, with the charges for its messages. */
export function chatAbout(talk: Talk, agent: Agent, start: number, random: Random): Step[] {
  const id = `chat_${start.toString(36)}`
  const spoken = talk.kind
  const count = random.weighted([
    [1, 30],
    [2, 32],
    [3, 22],
    [4, 14],
    [6, 8],
  ])
  const steps: Step[] = []
  let at = start
  for (let number = 0; number < (spoken === 'visual' ? count : Math.min(count, 2)); number += 1) {
    if (number === 0 || agent === 'agent-2') steps.push(...messageCharges(agent, at, random))
    at += random.between(8_000, 40_000)
    const offer = spoken === 'visual' ? random.weighted(visualOffers[agent]) : spokenOffers[spoken]
    const order = {
      id: `job_${at.toString(36)}`,
      agent,
      chat: { id, title: talk.title },
      offer,
      prompt: talk.prompt(offer.kind),
      scene: talk.scene,
      at,
      ending: ordinaryEnding(random),
      ...timing(offer, random),
    }
    steps.push(...stepsOfJob(order, random))
    at += random.between(2, 12) * minute
  }
  return steps
}

const spokenOffers = { audio: models.lyria, subtitle: models.subtitles }

/** The charges of an agent for the messages around a job. */
export function messageCharges(agent: Agent, at: number, random: Random): Step[] {
  const charges: [Charge['feature'], number, number][] = [
    ['chat', random.between(1, 2), 1],
    ['web_search', 2, 0.18],
    ['file_analysis', 3, 0.08],
    ['code', 2, 0.04],
  ]
  return charges
    .filter(([, , probability]) => random.chance(probability))
    .map(([feature, amount], order) => ({
      at: at + order * 1_500,
      type: 'charge',
      charge: { feature, amount, agent, model: null, jobId: null },
    }))
}

/** All chats until shortly before `until`; staged.ts fills the last hours. */
export function chats(until: number, writer: Writer, random: Random): Step[] {
  const steps: Step[] = []
  const today = Math.floor((until + seoul) / day) * day - seoul
  for (let back = historyDays; back >= 0; back -= 1) {
    const count = random.weighted([
      [0, 22],
      [1, 36],
      [2, 27],
      [3, 15],
    ])
    for (let number = 0; number < count; number += 1) {
      const start = today - back * day + random.between(8 * hour, 23.5 * hour)
      const agent = random.weighted<Agent>([
        ['agent-1', 55],
        ['agent-2', 45],
      ])
      if (random.chance(0.18)) steps.push(...messageCharges(agent, start, random))
      else steps.push(...chatAbout(writer.talk(), agent, start, random))
    }
  }
  return steps.filter((step) => step.at < until - 3 * hour)
}

/** The grants: free credits at first, then a monthly plan, and occasional gifts. */
export function grants(until: number, memo: string): Step[] {
  const start = until - historyDays * day
  const steps: Step[] = []
  const add = (at: number, grant: Extract<Step, { type: 'grant' }>['grant']) => steps.push({ at, type: 'grant', grant })
  const gift = (
    at: number,
    source: 'points' | 'daily_free' | 'random' | 'promotion',
    amount: number,
    validity: number,
  ) => add(at, { kind: 'grant', source, amount, expiresAt: at + validity })

  gift(start, 'points', 120, 365 * day)
  for (let number = 0; number < 10; number += 1) gift(start + number * day + minute, 'daily_free', 100, day)
  for (const [number, amount] of [
    [3, 20],
    [7, 15],
    [8, 30],
    [93, 10],
    [171, 25],
  ] as const) {
    gift(start + number * day + 5 * hour, 'random', amount, 3 * day)
  }
  gift(start + 62 * day, 'promotion', 300, 14 * day)
  gift(start + 151 * day, 'promotion', 200, 30 * day)
  gift(until - 6 * day, 'promotion', 150, 30 * day)
  add(start + 118 * day, {
    kind: 'adjustment',
    source: 'subscription',
    amount: 15,
    expiresAt: start + 148 * day,
    memo,
  })
  add(until - 21 * day, { kind: 'top_up', source: 'top_up', amount: 1_000, expiresAt: until + 9 * day })
  const firstMonth = new Date(start + 10 * day + 4 * hour)
  const month = (number: number) => new Date(firstMonth).setUTCMonth(firstMonth.getUTCMonth() + number)
  for (let number = 0; month(number) < until + 365 * day; number += 1) {
    add(month(number), { kind: 'grant', source: 'subscription', amount: 2_300, expiresAt: month(number + 1) })
  }
  return steps
}

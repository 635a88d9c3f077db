/** The price, duration and end of a job, as steps. */
import { createHash } from 'node:crypto'
import type { Agent, JobKind } from '../shared/values.ts'
import { renderOriginal } from './media.ts'
import type { Random } from './random.ts'
import { type Step, type StoredJob, type StoredResult, timestamp } from './state.ts'
import { videoSize } from './video.ts'
import type { Scene } from './vocabulary.ts'

type MadeKind = Exclude<JobKind, 'other'>

/** A model as an agent offers it. */
export interface Offer {
  kind: MadeKind
  model: string
  /** Credits per result. */
  price: number
  /** The most results that one request asks for. */
  most: number
  /** Seconds from start to finish. */
  takes: readonly [number, number]
}

const offer = (kind: MadeKind, model: string, price: number, most: number, takes: Offer['takes']): Offer => ({
  kind,
  model,
  price,
  most,
  takes,
})

export const models = {
  ltx: offer('video', 'Carat Video (LTX)', 33, 1, [35, 110]),
  seedance: offer('video', 'Seedance 2.0', 40, 1, [60, 240]),
  zImage: offer('image', 'Z Image', 8, 1, [6, 20]),
  nanoBanana: offer('image', 'Nano Banana Pro', 12, 1, [12, 40]),
  chatGpt: offer('image', 'ChatGPT Image 1.5', 14, 1, [20, 60]),
  seedream: offer('image', 'Seedream 4.0', 10, 4, [12, 45]),
  lyria: offer('audio', 'Lyria', 20, 1, [15, 50]),
  subtitles: offer('subtitle', 'Auto Subtitles', 6, 1, [10, 60]),
}

/** The models that each agent's chats about pictures use, with weights. */
export const visualOffers: Record<Agent, readonly (readonly [Offer, number])[]> = {
  'agent-1': [
    [models.ltx, 50],
    [models.zImage, 26],
    [models.nanoBanana, 16],
    [models.chatGpt, 8],
  ],
  'agent-2': [
    [models.seedance, 36],
    [models.seedream, 44],
    [models.nanoBanana, 20],
  ],
}

/** How a job ends and what happens to its credits. */
export interface Ending {
  status: string
  failure?: StoredJob['failure']
  /** Number of delivered results; all requested results if omitted. */
  results?: number
  /** Credits charged at the start; the full price if omitted. */
  charged?: number
  /** Refund: credits, and milliseconds after the end of the job. */
  refunds?: { amount: number | 'all'; after: number }[]
}

export const delivered: Ending = { status: 'succeeded' }
export const free: Ending = { status: 'succeeded', charged: 0 }
export const canceledBeforeStart: Ending = { status: 'canceled', results: 0, charged: 0 }
export const failed = (origin: 'system' | 'policy' | 'user', code: string): Ending => ({
  status: 'failed',
  failure: { code, origin, message: null },
  results: 0,
})
export const refunded = (ending: Ending, after: number): Ending => ({ ...ending, refunds: [{ amount: 'all', after }] })

export interface Order {
  id: string
  agent: Agent
  chat: { id: string; title: string | null }
  offer: Offer
  prompt: string
  scene: Scene
  /** Creation time, epoch milliseconds. */
  at: number
  /** Milliseconds until the job starts, and from its start to its end. */
  waits: number
  runs: number
  asked: number
  ending: Ending
}

/** Draws the duration of an order and the number of its results. */
export function timing(offer: Offer, random: Random): Pick<Order, 'waits' | 'runs' | 'asked'> {
  return {
    waits: random.between(800, 9_000),
    runs: random.between(offer.takes[0] * 1_000, offer.takes[1] * 1_000),
    asked: random.between(1, offer.most),
  }
}

/** The steps of a job: created, started and charged, ended, refunded. */
export function stepsOfJob(order: Order, random: Random): Step[] {
  const { id, agent, offer, at, asked, ending } = order
  const charged = ending.charged ?? asked * offer.price
  const startedAt = at + order.waits
  const finishedAt = startedAt + order.runs
  const made = ending.results ?? asked
  const steps: Step[] = [{ at, type: 'job', id, patch: asJob(order) }]
  if (ending.status !== 'canceled' || charged > 0) {
    steps.push({ at: startedAt, type: 'job', id, patch: { status: 'running', startedAt: timestamp(startedAt) } })
  }
  if (charged > 0) {
    const charge = { amount: charged, feature: offer.kind, agent, model: offer.model, jobId: id }
    steps.push({ at: startedAt, type: 'charge', charge })
  }
  if (ending.status === 'running') return steps
  steps.push({
    at: finishedAt,
    type: 'job',
    id,
    patch: {
      status: ending.status,
      finishedAt: timestamp(finishedAt),
      failure: ending.failure ?? null,
      results: makeResults(order, made, random),
    },
  })
  for (const { amount, after } of ending.refunds ?? []) {
    steps.push({ at: finishedAt + after, type: 'refund', jobId: id, amount: amount === 'all' ? charged : amount })
  }
  return steps
}

function asJob({ id, agent, chat, offer, prompt, at, asked }: Order): StoredJob {
  return {
    id,
    agent,
    chatId: chat.id,
    chatTitle: chat.title,
    chatUrl: agent === 'agent-1' ? 'https://carat.im/?tab=v1' : 'https://carat.im/',
    kind: offer.kind,
    model: offer.model,
    prompt,
    status: 'queued',
    failure: null,
    requestedResults: asked,
    createdAt: timestamp(at),
    startedAt: null,
    finishedAt: null,
    revision: 1,
    results: [],
  }
}

const imageSizes = [
  [768, 768],
  [768, 576],
  [768, 432],
  [576, 768],
] as const

export function makeResults({ id, offer, scene }: Order, count: number, random: Random): StoredResult[] {
  const [width, height] = random.pick(imageSizes)
  const durationMs = random.between(4, 9) * 1_000
  const shape: Record<MadeKind, Omit<StoredResult, 'id' | 'scene'>> = {
    image: { mimeType: 'image/png', width, height },
    video: { mimeType: 'video/mp4', ...videoSize, durationMs },
    audio: { mimeType: 'audio/wav', durationMs },
    subtitle: { mimeType: 'text/vtt' },
  }
  return Array.from({ length: count }, (_, number) => {
    const result = { id: `${id}_${number + 1}`, scene, ...shape[offer.kind] }
    // Pictures and videos are drawn on request.
    return offer.kind === 'image' || offer.kind === 'video' ? result : { ...result, ...proofOf(renderOriginal(result)) }
  })
}

function proofOf(file: Buffer): Pick<StoredResult, 'bytes' | 'sha256'> {
  return { bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') }
}

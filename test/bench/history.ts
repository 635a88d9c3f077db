/**
 * A large account from a seed: jobs, newest first, with 1.5 ledger rows each. Every record is computed from its number.
 */
import type { WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { Agent } from '../../src/shared/values.ts'
import { createCalendar, recentJobs } from './calendar.ts'
import { type Fate, fateOf, models, otherRows, pick, sizes } from './shares.ts'
import { createVocabulary, makePhrase, oneOf } from './vocabulary.ts'

export interface History {
  /**
   * Row `index` of the ledger or of an agent's jobs; 0 is the newest. Rows past the end are older rows that the account
   * does not list, and negative rows are newer rows.
   */
  job(agent: Agent, index: number): WireJob
  transaction(index: number): WireCreditTransaction
  chatTitle(chat: number): string
  jobsOf: Record<Agent, number>
  transactions: number
}

export interface HistoryOptions {
  jobs: number
  seed: number
  /** The beginning of the addresses of pictures. */
  mediaOrigin: string
}

const second = 1_000
const day = 24 * 60 * 60 * second
const iso = (time: number) => new Date(time).toISOString()

export function createHistory({ jobs, seed, mediaOrigin }: HistoryOptions): History {
  const vocabulary = createVocabulary()
  const timeOf = createCalendar(jobs, seed)
  /** Random numbers of a record, independent of records that were made before. */
  const randomOf = (number: number, salt: number) =>
    seededRandom(Math.imul(number + 1, 2_654_435_761) ^ (seed * 97 + salt * 65_537))
  const idOf = (number: number) => {
    const random = randomOf(number, 1)
    const part = () =>
      Math.floor(random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0')
    return `${part()}-${part()}-${part()}`
  }
  const chatTitle = (chat: number) => {
    const random = randomOf(chat, 3)
    return makePhrase(vocabulary, random, 2 + Math.floor(random() * 3))
  }
  /** Two neighbouring jobs belong to different agents, in either order. */
  const isFirstOf = (pair: number, agent: Agent) => randomOf(pair, 4)() < 0.5 === (agent === 'agent-1')
  const agentOf = (number: number): Agent => {
    const first = isFirstOf(Math.floor(number / 2), 'agent-1')
    return (number % 2 === 0) === first ? 'agent-1' : 'agent-2'
  }
  const look = (number: number) => {
    const random = randomOf(number, 2)
    const model = pick(models, random)
    return {
      random,
      model,
      fate: recentFate(number) ?? fateOf(random),
      credits: model.price + Math.floor(random() * 5),
    }
  }

  function job(agent: Agent, index: number): WireJob {
    const number = index * 2 + (isFirstOf(index, agent) ? 0 : 1)
    const { random, model, fate } = look(number)
    const { kind } = model
    const id = idOf(number)
    const created = timeOf(number)
    const chat = Math.floor(number / 6)
    const [width, height] = oneOf(sizes, random)
    const file = `${mediaOrigin}/media/${id}`
    const isPicture = kind === 'image' || kind === 'video'
    const result = {
      id: `r-${id}`,
      mimeType: mimeTypes[kind],
      url: file,
      thumbnailUrl: isPicture ? `${file}/t` : null,
      ...(isPicture ? { width, height } : { durationMs: 24_000 }),
    }
    return {
      id,
      agent,
      chatId: `chat-${chat}`,
      chatTitle: chatTitle(chat),
      chatUrl: `https://carat.im/chat/${chat}`,
      kind,
      model: model.name,
      prompt: makePhrase(vocabulary, random, 5 + Math.floor(random() * 12)),
      status: fate.status,
      failure: fate.failure ? { code: fate.failure.code, origin: fate.failure.origin, message: null } : null,
      requestedResults: 1,
      createdAt: iso(created),
      startedAt: fate.status === 'queued' ? null : iso(created + second),
      finishedAt: ['queued', 'running'].includes(fate.status) ? null : iso(created + 20 * second),
      revision: 3,
      results: fate.delivered ? [result] : [],
    }
  }

  /** Two jobs have three rows: a charge for each, and first a refund or another row of an account. */
  function transaction(index: number): WireCreditTransaction {
    const pair = Math.floor(index / 3)
    const place = index - pair * 3
    if (place > 0) return charge(pair * 2 + place - 1)
    const refunded = [pair * 2, pair * 2 + 1].find((number) => look(number).fate.refund !== undefined)
    return refunded === undefined ? otherRow(pair) : refund(refunded)
  }

  function charge(number: number): WireCreditTransaction {
    const { model, fate, credits } = look(number)
    // A free job has no charge: its row is a charge of an unknown job or for a chat.
    const isKnown = fate.charge === 'job'
    return {
      id: `t-${idOf(number)}`,
      kind: 'charge',
      feature: fate.charge === 'none' ? 'chat' : model.kind,
      source: 'subscription',
      amount: fate.charge === 'none' ? -1 : -credits,
      occurredAt: iso(timeOf(number)),
      jobId: isKnown ? idOf(number) : null,
      agent: agentOf(number),
      model: model.name,
    }
  }

  function refund(number: number): WireCreditTransaction {
    const { model, fate, credits } = look(number)
    return {
      id: `f-${idOf(number)}`,
      kind: 'refund',
      feature: model.kind,
      source: 'subscription',
      amount: fate.refund === 'part' ? Math.ceil(credits / 2) : credits,
      occurredAt: iso(timeOf(number) + 50 * second),
      jobId: idOf(number),
      agent: agentOf(number),
      reverses: `t-${idOf(number)}`,
      model: model.name,
    }
  }

  function otherRow(pair: number): WireCreditTransaction {
    const random = randomOf(pair, 5)
    const { kind, feature, source, amount } = pick(otherRows, random)
    const at = timeOf(pair * 2) + 30 * second
    return {
      id: `c-${idOf(pair * 2)}`,
      kind,
      feature,
      source,
      amount,
      occurredAt: iso(at),
      jobId: null,
      agent: feature === null ? null : agentOf(pair * 2),
      model: null,
      expiresAt: kind === 'grant' ? iso(at + day) : null,
    }
  }

  return {
    job,
    transaction,
    chatTitle,
    jobsOf: { 'agent-1': Math.ceil(jobs / 2), 'agent-2': Math.floor(jobs / 2) },
    transactions: Math.floor(jobs * 1.5),
  }
}

const mimeTypes = {
  image: 'image/png',
  video: 'video/mp4',
  audio: 'audio/mpeg',
  subtitle: 'text/vtt',
  other: 'application/pdf',
}

/** The newest jobs are running, and two jobs before them have failed with a refund that is not due yet. */
function recentFate(number: number): Fate | null {
  if (number < 0 || number >= recentJobs) return null
  if (number < 4) return { status: number < 2 ? 'queued' : 'running', charge: 'job' }
  return { status: 'failed', failure: { code: 'render_timeout', origin: 'system' }, charge: 'job' }
}

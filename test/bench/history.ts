/** A large account that a seed decides: jobs newest first with 1.5 ledger rows each, and words spread as language spreads them. */
import type { WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { Agent } from '../../src/shared/values.ts'
import { seededRandom } from '../support/random.ts'

export interface History {
  /** Row `index` of the ledger and of each agent's jobs, 0 is the newest. */
  job(agent: Agent, index: number): WireJob
  transaction(index: number): WireCreditTransaction
  jobsOf: Record<Agent, number>
  transactions: number
}

/** The newest record of every history. */
export const newest = Date.UTC(2026, 0, 28, 12)
const spacing = 61_000
const distinctWords = 24_000

const initials = 'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ'
const onsets = 'b c d f g h l m n p r s t v st br cl tr sh ch'.split(' ')
const nuclei = 'a e i o u ai ea ou'.split(' ')
const codas = ['', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'st']

/** Words of one to four syllables, half Korean and half Latin, the same for every size of history. */
function makeWords(): string[] {
  const random = seededRandom(7)
  const pick = <T>(values: ArrayLike<T>): T => values[Math.floor(random() * values.length)] as T
  const syllable = () => {
    const initial = '가나다라마바사아자차카타파하'.charCodeAt(initials.indexOf(pick(initials)))
    return String.fromCharCode(
      initial + Math.floor(random() * 21) * 28 + (random() < 0.4 ? Math.floor(random() * 27) + 1 : 0),
    )
  }
  const latin = () => pick(onsets) + pick(nuclei) + pick(codas)
  const words = new Set<string>()
  while (words.size < distinctWords) {
    const part = words.size % 2 === 0 ? syllable : latin
    const length = 1 + Math.floor(random() * 3) + (random() < 0.2 ? 1 : 0)
    words.add(Array.from({ length }, part).join(''))
  }
  return [...words]
}

/** Zipf's law by inversion: the word of rank r comes about 1/r as often as the first. */
const rankOf = (uniform: number) => Math.min(distinctWords - 1, Math.floor(distinctWords ** uniform) - 1)

const models = ['Z Image', 'Carat Video (LTX)', 'Seedream 4.0', 'Seedance 2.0', 'Nano Banana Pro', 'Lyria']
const kinds = ['image', 'video', 'image', 'video', 'image', 'audio'] as const

export function createHistory(jobs: number, seed = 1): History {
  const words = makeWords()
  /** Numbers of one record, independent of which records were made before it. */
  const randomOf = (number: number, salt: number) =>
    seededRandom(Math.imul(number + 1, 2_654_435_761) ^ (seed * 97 + salt))
  const phrase = (random: () => number, length: number) =>
    Array.from({ length }, () => words[rankOf(random())] as string).join(' ')
  const timeOf = (number: number) => newest - number * spacing
  const iso = (time: number) => new Date(time).toISOString()
  /** Job numbers run over both agents: even ones are of Agent 1.0. */
  const agentOf = (number: number): Agent => (number % 2 === 0 ? 'agent-1' : 'agent-2')
  const idOf = (number: number) => {
    const random = randomOf(number, 1)
    const part = () =>
      Math.floor(random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0')
    return `${part()}-${part()}-${part()}`
  }
  const look = (number: number) => {
    const random = randomOf(number, 2)
    const choice = Math.floor(random() * models.length)
    const fate = random()
    const failed = fate > 0.95
    return {
      random,
      model: models[choice] as string,
      kind: kinds[choice] as (typeof kinds)[number],
      failed,
      refunded: fate > 0.955,
      credits: 8 + Math.floor(random() * 30),
    }
  }

  return {
    jobsOf: { 'agent-1': Math.ceil(jobs / 2), 'agent-2': Math.floor(jobs / 2) },
    transactions: Math.floor(jobs * 1.5),
    job(agent, index) {
      const number = index * 2 + (agent === 'agent-1' ? 0 : 1)
      const { random, model, kind, failed } = look(number)
      const id = idOf(number)
      const created = timeOf(number)
      const chat = Math.floor(number / 6)
      return {
        id,
        agent,
        chatId: `chat-${chat}`,
        chatTitle: phrase(randomOf(chat, 3), 3),
        chatUrl: `https://carat.im/chat/${chat}`,
        kind,
        model,
        prompt: phrase(random, 6 + Math.floor(random() * 10)),
        status: failed ? 'failed' : 'succeeded',
        failure: failed ? { code: 'render_timeout', origin: 'system', message: null } : null,
        requestedResults: 1,
        createdAt: iso(created),
        startedAt: iso(created + 1_000),
        finishedAt: iso(created + 20_000),
        revision: 3,
        results: failed
          ? []
          : [
              {
                id: `r-${id}`,
                mimeType: kind === 'video' ? 'video/mp4' : 'image/png',
                url: `https://media.carat.im/${id}`,
                thumbnailUrl: `https://media.carat.im/${id}/t`,
                width: 1024,
                height: 768,
                bytes: 300_000,
              },
            ],
      }
    },
    /** Of every three rows two are charges of jobs, in turn with a refund, or a charge for conversation. */
    transaction(index) {
      const pair = Math.floor(index / 3)
      const place = index % 3
      const number = pair * 2 + (place === 2 ? 1 : 0)
      const { model, kind, credits, failed, refunded } = look(number)
      const agent = agentOf(number)
      const at = timeOf(number)
      const common = { source: 'subscription', agent, model, balanceAfter: null } as const
      if (place !== 0) {
        return {
          id: `t-${idOf(number)}`,
          kind: 'charge',
          feature: kind,
          amount: -credits,
          occurredAt: iso(at),
          jobId: idOf(number),
          ...common,
        }
      }
      if (failed && refunded) {
        return {
          id: `f-${idOf(number)}`,
          kind: 'refund',
          feature: kind,
          amount: credits,
          occurredAt: iso(at + 30_000),
          jobId: idOf(number),
          reverses: `t-${idOf(number)}`,
          ...common,
        }
      }
      return {
        id: `c-${idOf(number)}`,
        kind: 'charge',
        feature: 'chat',
        amount: -1,
        occurredAt: iso(at + 30_000),
        jobId: null,
        ...common,
      }
    },
  }
}

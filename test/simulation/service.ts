/**
 * The service for the product: pages of the model's records behind a `fetch` without sockets. A request waits until a
 * step handles it; an answer waits until a step delivers it. Every fault is one that a real network or service has.
 */
import type { RecordStream } from '../../src/shared/values.ts'
import { errorBody } from '../support/fake-account.ts'
import type { Draws } from '../support/random.ts'
import { makeAccount } from '../support/records.ts'
import {
  type Answer,
  changesPage,
  damage,
  type Fault,
  laggingPage,
  listingPage,
  type Page,
  passedBy,
} from './answers.ts'
import { createKnown } from './known.ts'
import { graceMs, iso, limitMs, type Model } from './model.ts'

/** The faults and limits of the service in one episode. */
export interface Conditions {
  /** The faults that may happen, and how often one does. */
  faults: readonly Fault[]
  faultRate: number
  /** The service sends at most this many records per page, and answers 413 to a request for more than `refusesAbove`. */
  maxPage: number
  refusesAbove: number
  /** Whether lists come from copies that lag behind deletions. */
  listsLag: boolean
}

/** A request on its way to the service, or its answer on the way back. */
export interface Call {
  name: string
  url: URL
  stream: RecordStream | 'account'
  answer: Answer | null
  /** Whether the product's clock was ahead of the service's when the request was sent. */
  sentAhead: boolean
  jumpsBefore: number
  resolve(response: Response): void
  reject(error: unknown): void
}

interface Ports {
  model: Model
  draws: Draws
  conditions: Conditions
  /** How far the product's clock is ahead of the service's, in milliseconds. */
  clockAhead(): number
  /** How often the machine's clock was set so far. */
  clockJumps(): number
}

export type SimulatedService = ReturnType<typeof createSimulatedService>

export function createSimulatedService({ model, draws, conditions, clockAhead, clockJumps }: Ports) {
  const calls: Call[] = []
  let tokens = 0
  let refusedToken = ''
  /** Answers that may correct a clock since the last one with a wrong date: one odd date among agreeing ones must not move a clock. */
  let honestAnswers = 3
  /** The same since the machine's clock was last set; answers to earlier requests are compared with two clocks. */
  let steadyAnswers = 3
  let jumpsSeen = 0
  /** Up to when a stream was whole in an answer that arrived (epoch ms of the service). */
  const wholeUntil = new Map<string, number>()
  /** How many records of the log the last snapshot of a stream covered when it began. */
  const snapshotAt = new Map<string, number>()
  /** The revisions of records that arrived in a form that cannot be read, and not yet in a valid one. */
  const unreadable = new Map<string, number>()
  const known = createKnown()
  let statedBalance: { amount: number; at: number } | null = null
  let comparable: { amount: number; at: number } | null = null

  async function fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(String(input))
    const signal = init.signal as AbortSignal
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const agent = url.searchParams.get('agent')
      const isJobs = url.pathname.startsWith('/v1/jobs')
      const stream = url.pathname === '/v1/me' ? 'account' : isJobs ? (`jobs:${agent}` as RecordStream) : 'credits'
      const call: Call = {
        name: `${url.pathname.slice(4)}${url.search}`,
        url,
        stream,
        answer: null,
        sentAhead: clockAhead() > 0,
        jumpsBefore: clockJumps(),
        resolve,
        reject,
      }
      const isRefused = (init.headers as Record<string, string>).authorization === `Bearer ${refusedToken}`
      if (isRefused) call.answer = refusal(401, 'unauthorized')
      calls.push(call)
      signal.addEventListener('abort', () => {
        if (remove(call)) reject(signal.reason)
      })
    })
  }

  function remove(call: Call): boolean {
    const index = calls.indexOf(call)
    if (index >= 0) calls.splice(index, 1)
    return index >= 0
  }

  const refusal = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
    fault: code,
    status,
    headers,
    body: errorBody(code),
    token: null,
    handledAt: model.now(),
    dateShift: 0,
  })

  /** The answer of a service that works. */
  function ordinary({ url, stream }: Call, mayLag: boolean): Answer {
    const cursor = url.searchParams.get('cursor')
    const token = cursor ?? url.searchParams.get('page')
    const answer = (body: Page | object | null): Answer =>
      body
        ? { fault: null, status: 200, headers: {}, body, token, handledAt: model.now(), dateShift: 0 }
        : refusal(410, 'cursor_expired')
    if (stream === 'account') return answer(accountBody())
    const asked = Number(url.searchParams.get('limit'))
    if (asked > conditions.refusesAbove) return refusal(413, 'invalid_request')
    const limit = Math.min(asked, conditions.maxPage)
    const feed = model.feeds[stream]
    if (cursor !== null) return answer(changesPage(feed, cursor, limit))
    const isLagging = mayLag && conditions.listsLag && token === null
    return answer(isLagging ? laggingPage(feed, limit, draws) : listingPage(feed, token, limit))
  }

  const accountBody = () => ({
    ...makeAccount({ balance: model.balance(), policy: policy(), plan: model.hasDailyCredits ? 'free' : 'plus' }),
    balanceAsOf: iso(model.now()),
  })
  const policy = () => ({ refundGraceSeconds: graceMs / 1_000, generationLimitSeconds: limitMs / 1_000 })

  /** Handles a request: the answer shows the present records. Returns a text about the answer. */
  function handle(call: Call, mayFail = true): string {
    call.answer ??= ordinary(call, mayFail)
    if (mayFail && call.answer.status === 200 && draws.chance(conditions.faultRate) && conditions.faults.length > 0) {
      const feed = call.stream === 'account' ? null : model.feeds[call.stream]
      damage(draws.pick(conditions.faults), call.answer, feed, draws)
    }
    if (call.answer.fault === 'unauthorized') refusedToken = `token-${tokens}`
    return `${call.name}: ${call.answer.fault ?? call.answer.status}`
  }

  /** Whether this answer may carry a wrong date: no clock that the product could compare it with is ahead as well. */
  const mayMislead = (call: Call): boolean =>
    !call.sentAhead && clockAhead() <= 0 && call.jumpsBefore === clockJumps() && isSteady() && honestAnswers >= 3

  /** Whether the machine's clock was not set during the requests whose answers a correction may compare. */
  const isSteady = () => jumpsSeen === clockJumps() && steadyAnswers >= 3

  /** Delivers an answer to the product. */
  function deliver(call: Call): void {
    const answer = call.answer as Answer
    remove(call)
    if (answer.status === 0) {
      const code = answer.fault === 'timed out' ? 'UND_ERR_HEADERS_TIMEOUT' : 'ECONNRESET'
      call.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }))
      return
    }
    const isMisleading = mayMislead(call)
    const isOdd = answer.dateShift !== 0 && isMisleading
    const mayCorrect = answer.status === 200 && !answer.headers['content-type'] && !answer.headers.age
    if (mayCorrect) {
      honestAnswers = isOdd ? 0 : honestAnswers + 1
      steadyAnswers = call.jumpsBefore === clockJumps() ? (jumpsSeen === clockJumps() ? steadyAnswers + 1 : 1) : 0
      jumpsSeen = clockJumps()
    }
    const headers = new Headers({ 'content-type': 'application/json; charset=utf-8', ...answer.headers })
    if (answer.fault !== 'no date' || !isMisleading) {
      headers.set('date', new Date(answer.handledAt + (isOdd ? answer.dateShift : 0)).toUTCString())
    }
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    const init = { status: answer.status, headers }
    if (answer.fault === 'cut off') {
      call.resolve(cutResponse(text, init))
      return
    }
    note(call, answer)
    call.resolve(new Response(answer.status === 204 ? null : text, init))
  }

  /** Remembers the knowledge that a complete answer gives to the product. */
  function note({ stream, url }: Call, { status, headers, body, handledAt, broken }: Answer): void {
    if (status !== 200 && status !== 204) return
    if (headers['content-type']) return
    const wholeBefore = wholeUntil.get(stream) ?? Number.NEGATIVE_INFINITY
    if (stream === 'account') statedBalance = { amount: (body as { balance: number }).balance, at: handledAt }
    const page = body as Partial<Page>
    if (url.searchParams.has('cursor') && !page.hasMore) {
      wholeUntil.set(stream, handledAt)
      if (stream === 'credits') comparable = statedBalance
    }
    if (stream !== 'account') known.note(stream, page, { handledAt, wholeBefore }, broken?.id)
    if (page.changesCursor) snapshotAt.set(stream, passedBy(page.changesCursor))
    for (const { id, revision } of (page.items ?? []) as { id: string; revision?: number }[]) {
      const name = `${stream} ${id}`
      if ((revision ?? 1) >= (unreadable.get(name) ?? 0)) unreadable.delete(name)
    }
    if (!broken) return
    const name = `${stream} ${broken.id}`
    unreadable.set(name, Math.max(broken.revision ?? 1, unreadable.get(name) ?? 0))
  }

  return {
    calls,
    fetch,
    handle,
    deliver,
    isSteady,
    known,
    /** Whether no answer sent a record, and none is on its way. */
    isUnread: (stream: RecordStream, id: string): boolean =>
      !known.isSent(stream, id) && calls.every((call) => call.stream !== stream || call.answer === null),
    isUnreadable: (stream: string, id: string): boolean => unreadable.has(`${stream} ${id}`),
    wholeUntil: (stream: string) => wholeUntil.get(stream) ?? Number.NEGATIVE_INFINITY,
    snapshotAt: (stream: string) => snapshotAt.get(stream) ?? 0,
    /** The last balance that arrived before the credits were read whole: rows that come later may explain a newer one. */
    statedBalance: () => comparable,
    secrets: {
      accessToken: async () => `token-${tokens}`,
      refresh: async () => `token-${++tokens}`,
      account: async () => null,
    },
  }
}

function cutResponse(text: string, init: ResponseInit): Response {
  const bytes = new TextEncoder().encode(text)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2))
    },
    pull(controller) {
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body, init)
}

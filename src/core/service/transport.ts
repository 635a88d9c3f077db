/** A single request to the service: token, time-outs, size limit, and the error of each kind of failure. */
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import type { Clock, Secrets } from '../ports.ts'
import { type Deadline, failureCode, failureParams, startDeadline, wholeLimit } from './deadline.ts'
import { CursorExpired, connectionErrors, ServiceError } from './errors.ts'
import { parseHttpDate, parseRetryAfter } from './http-date.ts'
import { systemFetch } from './network.ts'
import { ServiceErrorSchema } from './schemas.ts'
import { createSkimmer } from './skim.ts'
import { createStructureLimit } from './structure-limit.ts'

/** Largest response in bytes after decompression, and the largest whose items are skipped. */
export const bodyLimit = 16 * 1024 * 1024
const skimLimit = 1024 * 1024 * 1024
/** Largest body of an error in bytes. */
const errorLimit = 64 * 1024
/** Bytes that remain of items that are skipped. */
const headLimit = 4_096

export interface ServiceOptions {
  /** Base address of the service, without a trailing slash. */
  api: string
  secrets: Secrets
  clock: Clock
  fetch?: typeof globalThis.fetch
}

export interface Transport {
  /**
   * A JSON response, and when its request was sent by the corrected clock. Throws `ServiceError` or `CursorExpired`.
   */
  json(path: string, query: Query, signal: AbortSignal): Promise<{ body: unknown; requestedAt: number }>
  /**
   * The same for a page that is a single item that is too large: `items` is empty, and `head` is the beginning of the item.
   * Throws `answer_too_large` for several items: they would be lost.
   */
  skim(path: string, query: Query, signal: AbortSignal): Promise<{ body: unknown; head: string; requestedAt: number }>
  /** The body of an event stream; null if the service has none. */
  events(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null>
  /** The displayable error for anything thrown while a body is read. */
  failure(error: unknown, signal: AbortSignal): unknown
}

/** Parameters that are null are not sent. The service may no longer know the position of `page` or `cursor`. */
export type Query = Partial<Record<'agent' | 'page' | 'cursor' | 'limit', string | number | null>>

interface Sent {
  response: Response
  requestedAt: number
  deadline: Deadline
}

export function createTransport({ api, secrets, clock, fetch = systemFetch }: ServiceOptions): Transport {
  const { host } = new URL(api)
  const token = tokenSource(secrets)

  const failed = (code: ErrorCode, options: ConstructorParameters<typeof ServiceError>[1] = {}) =>
    new ServiceError(code, { ...options, params: { host, ...options.params } })

  function failure(error: unknown, signal: AbortSignal, expired = false, begun = false): unknown {
    if (signal.aborted) return signal.reason
    if (error instanceof ServiceError || error instanceof CursorExpired) return error
    const params = failureParams(host, error)
    return failed(failureCode(error, expired), { params, retryable: true, begun, cause: error })
  }

  async function attempt(url: URL, accept: string, bearer: string | null, signal: AbortSignal): Promise<Sent> {
    const deadline = startDeadline(signal)
    const answered = clock.startRequest(url.pathname)
    try {
      const response = await fetch(url, {
        headers: { accept, ...(bearer !== null && { authorization: `Bearer ${bearer}` }) },
        redirect: 'manual',
        signal: deadline.signal,
      })
      deadline.extend()
      const { status, headers } = response
      // A cache, a proxy's page or a captive portal has a clock of its own.
      const isOurs = status === 200 && (isJson(headers) || isEventStream(headers)) && !headers.has('age')
      return { response, requestedAt: answered(parseHttpDate(headers.get('date')), isOurs), deadline }
    } catch (error) {
      deadline.stop()
      throw failure(error, signal, deadline.expired())
    }
  }

  /**
   * Sends the request, and after a 401 once more with a new token. The response's status is 200, or 404 if that is
   * allowed.
   */
  async function send(path: string, query: Query, accept: string, signal: AbortSignal): Promise<Sent> {
    const url = new URL(api + path)
    for (const [name, value] of Object.entries(query)) {
      if (value !== null) url.searchParams.set(name, String(value))
    }
    const bearer = await token.current()
    const sent = await attempt(url, accept, bearer, signal)
    if (sent.response.status !== 401) return sent
    await discard(sent)
    const renewed = await token.renew(bearer).catch((error) => {
      throw asRetryable(error)
    })
    if (renewed === null) throw failed(bearer === null ? 'signed_out' : 'unauthorized')
    return attempt(url, accept, renewed, signal)
  }

  /** The error for a response other than 200. */
  async function refusal({ response, deadline }: Sent, query: Query): Promise<Error> {
    const { status, headers } = response
    if (status >= 300 && status < 400) return failed('redirect_refused', { params: { status } })
    const body = isJson(headers) ? await readText(response, deadline, errorLimit).catch(() => '') : ''
    const code = errorCode(body)
    const hasPosition = Boolean(query.cursor ?? query.page)
    if (status === 410 || code === 'cursor_expired') return new CursorExpired()
    if (status === 400 && hasPosition) return new CursorExpired(false)
    if (status === 401) return failed('unauthorized')
    if (status === 403) return failed('forbidden')
    const serverDate = parseHttpDate(headers.get('date')) ?? clock.now()
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), serverDate)
    if (status === 429) return failed('rate_limited', { retryable: true, retryAfterMs })
    return failed('service_failed', { params: { status }, retryable: status >= 500 || status === 408, retryAfterMs })
  }

  async function* chunksOf(response: Response, deadline: Deadline, limit: number) {
    let size = 0
    const end = performance.now() + wholeLimit
    for await (const chunk of response.body ?? []) {
      deadline.extend()
      if (performance.now() > end) throw failed('timed_out', { retryable: true })
      size += chunk.byteLength
      if (size > limit) throw failed('answer_too_large')
      yield chunk
    }
  }

  async function readText(response: Response, deadline: Deadline, limit: number): Promise<string> {
    const structure = createStructureLimit()
    const chunks: Uint8Array[] = []
    for await (const chunk of chunksOf(response, deadline, limit)) {
      if (!structure.push(chunk)) throw failed('answer_too_large')
      chunks.push(chunk)
    }
    return new TextDecoder().decode(Buffer.concat(chunks))
  }

  function parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      // Without a length, a truncated response looks like this, so a retry may help.
      throw failed('invalid_answer', { retryable: true })
    }
  }

  /** Sends a request and passes its JSON response to `read`; 204 has no body and gives null. */
  async function request<T>(path: string, query: Query, signal: AbortSignal, read: (sent: Sent) => Promise<T>) {
    const sent = await send(path, query, 'application/json', signal)
    const { response, deadline } = sent
    try {
      if (response.status === 204) return { content: null, requestedAt: sent.requestedAt }
      if (response.status !== 200) throw await refusal(sent, query)
      if (!isJson(response.headers)) throw failed('not_the_service')
      return { content: await read(sent), requestedAt: sent.requestedAt }
    } catch (error) {
      throw failure(error, signal, deadline.expired(), true)
    } finally {
      await discard(sent)
    }
  }

  return {
    failure,
    async json(path, query, signal) {
      const read = async ({ response, deadline }: Sent) => parse(await readText(response, deadline, bodyLimit))
      const { content, requestedAt } = await request(path, query, signal, read)
      return { body: content, requestedAt }
    },
    async skim(path, query, signal) {
      const { content, requestedAt } = await request(path, query, signal, async ({ response, deadline }) => {
        const skimmer = createSkimmer(headLimit)
        for await (const chunk of chunksOf(response, deadline, skimLimit)) {
          if (!skimmer.push(chunk)) throw failed('answer_too_large')
        }
        const { envelope, head } = skimmer.end()
        return { body: parse(envelope), head }
      })
      return { body: content?.body ?? null, head: content?.head ?? '', requestedAt }
    },
    async events(path, signal) {
      const sent = await send(path, {}, 'text/event-stream', signal)
      const { response, deadline } = sent
      // From here on the stream is silent while nothing changes.
      if (response.status === 200 && response.body && isEventStream(response.headers)) {
        deadline.stop()
        return response.body
      }
      try {
        if (response.status === 404) return null
        throw response.status === 200 ? failed('not_the_service') : await refusal(sent, {})
      } finally {
        await discard(sent)
      }
    },
  }
}

/** Frees the connection of a response whose body is not read to the end. */
async function discard({ response, deadline }: Sent): Promise<void> {
  deadline.stop()
  if (!response.body?.locked) await response.body?.cancel().catch(() => {})
}

/** A sign-in that could not be renewed just now may be renewed later. */
function asRetryable(error: unknown): unknown {
  const mayPass = error instanceof AppError && passing.has(error.code)
  return mayPass ? new ServiceError(error.code, { params: error.params, retryable: true }) : error
}

const passing: ReadonlySet<ErrorCode> = new Set([...connectionErrors, 'timed_out', 'service_failed'])

/** The access token. Parallel 401s share one refresh; a late 401 finds the token already renewed. */
function tokenSource(secrets: Secrets) {
  let refreshing: Promise<string | null> | null = null
  const usable = (token: string | null) => (token !== null && /^[\x21-\x7e]+$/.test(token) ? token : null)
  const current = async () => usable(await secrets.accessToken())
  return {
    current,
    async renew(rejected: string | null): Promise<string | null> {
      if (refreshing === null) {
        const stored = await current()
        if (stored !== rejected) return stored
      }
      refreshing ??= secrets.refresh().finally(() => {
        refreshing = null
      })
      return usable(await refreshing)
    },
  }
}

const isJson = (headers: Headers) => /^application\/([\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
const isEventStream = (headers: Headers) => /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')

function errorCode(body: string): string | null {
  try {
    return ServiceErrorSchema.parse(JSON.parse(body)).error.code
  } catch {
    return null
  }
}

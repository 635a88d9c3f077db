/** A scriptable fake of the service: the whole contract over real HTTP, and any fault on any request. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AccountRequest, createFakeAccount, errorBody } from './fake-account.ts'

export interface LoggedRequest extends AccountRequest {
  headers: IncomingMessage['headers']
}

/** A normal answer before it becomes JSON; only listings and changes have `items`. */
export type Page = Record<string, unknown> & { items: Record<string, unknown>[] }

/** Replaces parts of the normal answer to a matching request. */
export interface Behaviour {
  status?: number
  headers?: Record<string, string>
  /** Text or bytes to send unchanged, or a function from the normal answer to the JSON to send. */
  body?: string | Uint8Array | ((ordinary: Page) => unknown)
  /** The answer waits until this resolves. */
  before?: () => Promise<void>
  /** Sends this many bytes of the body and then resets the connection. */
  cutAfter?: number
  /** Accepts the request and sends nothing, or nothing after `cutAfter` bytes. */
  neverAnswer?: boolean
}

/** A path, a pattern of paths, or a test of a request. */
export type Match = string | RegExp | ((request: LoggedRequest) => boolean)

export const html: Behaviour = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Sign in to Wi-Fi</title>',
}
export const redirect = (location: string): Behaviour => ({ status: 302, headers: { location }, body: '' })
export const failure = (status: number, code: string, headers: Record<string, string> = {}): Behaviour => ({
  status,
  headers,
  body: () => errorBody(code),
})

export type FakeService = Awaited<ReturnType<typeof createFakeService>>

/** Starts on a free port of 127.0.0.1. `maxPage` caps every page so that few records make many pages. */
export async function createFakeService({ maxPage = 1_000 }: { maxPage?: number } = {}) {
  const token = randomUUID()
  const requests: LoggedRequest[] = []
  const faults: { match: Match; behaviour: Behaviour; left: number }[] = []
  const watchers = new Set<ServerResponse>()
  const { answer, ...account } = createFakeAccount(maxPage, (hint) =>
    sendEvent(`event: change\ndata: ${JSON.stringify(hint)}\n\n`),
  )

  /** Writes the text unchanged to every event stream. */
  function sendEvent(text: string): void {
    for (const watcher of watchers) watcher.write(text)
  }

  /** Answers the next `times` matching requests with `behaviour`. The fault that was set first wins. */
  function fault(match: Match, behaviour: Behaviour, times = 1): void {
    faults.push({ match, behaviour, left: times })
  }

  /** Holds back the answers to the next `times` matching requests until `release`. */
  function hold(match: Match, times = 1): { asked: Promise<void>; release(): void } {
    const asked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const before = () => {
      asked.resolve()
      return released.promise
    }
    fault(match, { before }, times)
    return { asked: asked.promise, release: released.resolve }
  }

  function watch(response: ServerResponse): void {
    watchers.add(response)
    response.on('close', () => watchers.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': connected\n\n')
  }

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://fake')
    const request = { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: incoming.headers }
    requests.push(request)
    const fault = faults.find(({ match, left }) => left > 0 && matches(match, request))
    if (fault) fault.left -= 1
    const isSignedIn = request.headers.authorization === `Bearer ${token}`
    const ordinary = isSignedIn ? answer(request) : { status: 401, body: errorBody('unauthorized') }
    if (!fault && ordinary.status === 200 && request.path === '/v1/events') return watch(response)
    const { status, headers, body, before, cutAfter, neverAnswer } = fault?.behaviour ?? {}

    const content = typeof body === 'function' ? body(structuredClone(ordinary.body) as Page) : (body ?? ordinary.body)
    const bytes =
      typeof content === 'string' || content instanceof Uint8Array
        ? Buffer.from(content)
        : Buffer.from(JSON.stringify(content))
    await before?.()
    if (neverAnswer && cutAfter === undefined) return
    response.writeHead(status ?? ordinary.status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytes.length,
      ...headers,
    })
    if (cutAfter === undefined) response.end(bytes)
    else response.write(bytes.subarray(0, cutAfter), () => neverAnswer || incoming.socket.resetAndDestroy())
  }

  const server = createServer((incoming, response) => {
    void respond(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    ...account,
    requests,
    fault,
    hold,
    sendEvent,
    /** Answers all requests normally again. */
    clearFaults: () => {
      faults.length = 0
    },
    /** The number of clients that are listening for events. */
    watching: () => watchers.size,
    /** Ends every event stream, as a restarting server does. */
    dropWatchers: () => {
      for (const watcher of watchers) watcher.end()
    },
    async close(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function matches(match: Match, request: LoggedRequest): boolean {
  if (typeof match === 'function') return match(request)
  return typeof match === 'string' ? request.path === match : match.test(request.path)
}

/** A scriptable fake of the service: the whole contract over real HTTP, and any fault on any request. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeletedJob, WireAccount, WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { ChangeHint } from '../../src/core/service/service.ts'

export interface LoggedRequest {
  path: string
  query: Record<string, string>
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

type Row = WireJob | WireCreditTransaction
type Feed = 'credits' | WireJob['agent']
interface Change {
  feed: Feed
  item: Row | DeletedJob
}

export type FakeService = Awaited<ReturnType<typeof createFakeService>>

/** Starts on a free port of 127.0.0.1. `maxPage` caps every page so that few records make many pages. */
export async function createFakeService({ maxPage = 1_000 }: { maxPage?: number } = {}) {
  const token = randomUUID()
  const jobs = new Map<string, WireJob>()
  const transactions = new Map<string, WireCreditTransaction>()
  const requests: LoggedRequest[] = []
  const faults: { match: Match; behaviour: Behaviour; left: number }[] = []
  const watchers = new Set<ServerResponse>()
  let log: Change[] = []
  let logNumber = 1
  let created = 0

  const account: WireAccount = {
    id: 'account-1',
    displayName: '김하늘',
    email: 'haneul@example.com',
    signInMethod: 'google',
    plan: 'plus',
    balance: 1_000,
    balanceAsOf: '2026-01-28T00:00:00.000Z',
    balances: [],
    policy: { refundGraceSeconds: 600, generationLimitSeconds: 1_800 },
    links: {},
  }

  function record(feed: Feed, item: Row | DeletedJob): void {
    log.push({ feed, item: structuredClone(item) })
    const hint: ChangeHint = feed === 'credits' ? { stream: 'credits' } : { stream: 'jobs', agent: feed }
    sendEvent(`event: change\ndata: ${JSON.stringify(hint)}\n\n`)
  }

  /** Writes the text unchanged to every event stream. */
  function sendEvent(text: string): void {
    for (const watcher of watchers) watcher.write(text)
  }

  /** Each added record is a minute later, and its number is one higher. */
  function next(): { number: number; time: string } {
    created += 1
    return { number: created, time: new Date(Date.UTC(2026, 0, 28) + created * 60_000).toISOString() }
  }

  function addJob(partial: Partial<WireJob> = {}): WireJob {
    const { number, time } = next()
    const id = partial.id ?? `job-${number}`
    const job: WireJob = {
      id,
      agent: 'agent-1',
      chatId: `chat-${number}`,
      chatTitle: null,
      kind: 'image',
      model: 'Z Image',
      prompt: `prompt ${number}`,
      status: 'succeeded',
      failure: null,
      requestedResults: 1,
      createdAt: time,
      startedAt: partial.createdAt ?? time,
      finishedAt: partial.createdAt ?? time,
      revision: 1,
      results: [{ id: `${id}-result`, mimeType: 'image/png', url: 'https://media.example.com/1.png' }],
      ...partial,
    }
    jobs.set(id, job)
    record(job.agent, job)
    return job
  }

  function reviseJob(id: string, patch: Partial<WireJob>): WireJob {
    const job = { ...existing(jobs, id), ...patch }
    if (patch.revision === undefined) job.revision += 1
    jobs.set(id, job)
    record(job.agent, job)
    return job
  }

  /** Deletes the job and reports it in the change feed. */
  function deleteJob(id: string): void {
    const { agent, revision } = existing(jobs, id)
    jobs.delete(id)
    record(agent, { id, agent, revision: revision + 1, deleted: true })
  }

  function addTransaction(partial: Partial<WireCreditTransaction> = {}): WireCreditTransaction {
    const { number, time } = next()
    const transaction: WireCreditTransaction = {
      id: `transaction-${number}`,
      kind: 'charge',
      feature: 'image',
      amount: -10,
      occurredAt: time,
      ...partial,
    }
    transactions.set(transaction.id, transaction)
    record('credits', transaction)
    return transaction
  }

  /** Removes the transaction from the listing. As in the contract, the change feed does not report it. */
  function retractTransaction(id: string): void {
    existing(transactions, id)
    transactions.delete(id)
  }

  /** Drops the change log: every earlier cursor is answered with 410. */
  function trimLog(): void {
    log = []
    logNumber += 1
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

  const cursor = (position: number) => `${logNumber}.${position}`

  function listing(rows: Row[], request: LoggedRequest) {
    const sorted = rows.sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1))
    const { page } = request.query
    const from = page === undefined ? 0 : sorted.findIndex((row) => sortKey(row) < page)
    const end = from + limitOf(request)
    const items = from === -1 ? [] : sorted.slice(from, end)
    const last = items.at(-1)
    return {
      items,
      nextPage: last && end < sorted.length ? sortKey(last) : null,
      ...(page === undefined && { changesCursor: cursor(log.length), total: sorted.length }),
    }
  }

  function changes(feed: Feed, request: LoggedRequest) {
    const [number, position] = (request.query.cursor ?? '').split('.').map(Number)
    if (number !== logNumber || position === undefined || position > log.length) return null
    const items: Change['item'][] = []
    let at = position
    for (; at < log.length && items.length < limitOf(request); at += 1) {
      const change = log[at] as Change
      if (change.feed === feed) items.push(change.item)
    }
    return { items, nextCursor: cursor(at), hasMore: log.slice(at).some((change) => change.feed === feed) }
  }

  const limitOf = ({ query }: LoggedRequest) => Math.min(Number(query.limit ?? 200), maxPage)

  function answer(request: LoggedRequest): { status: number; body: unknown } {
    const agent = request.query.agent as WireJob['agent']
    const of = (body: unknown) =>
      body === null ? { status: 410, body: errorBody('cursor_expired') } : { status: 200, body }
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: errorBody('unauthorized') }
    switch (request.path) {
      case '/v1/me':
        return of(account)
      case '/v1/jobs':
        return of(
          listing(
            [...jobs.values()].filter((job) => job.agent === agent),
            request,
          ),
        )
      case '/v1/jobs/changes':
        return of(changes(agent, request))
      case '/v1/credits/transactions':
        return of(listing([...transactions.values()], request))
      case '/v1/credits/transactions/changes':
        return of(changes('credits', request))
      case '/v1/events':
        return of({})
      default: {
        const job = jobs.get(decodeURIComponent(/^\/v1\/jobs\/([^/]+)$/.exec(request.path)?.[1] ?? ''))
        if (job && job.agent === agent) return of(job)
        return { status: 404, body: errorBody('not_found') }
      }
    }
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
    const ordinary = answer(request)
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
    account,
    jobs,
    transactions,
    requests,
    addJob,
    reviseJob,
    deleteJob,
    addTransaction,
    retractTransaction,
    trimLog,
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

/** Listings are in descending order of this key, which is also the page token. */
const sortKey = (row: Row) => `${'createdAt' in row ? row.createdAt : row.occurredAt} ${row.id}`

const errorBody = (code: string) => ({ error: { code, message: code } })

function matches(match: Match, request: LoggedRequest): boolean {
  if (typeof match === 'function') return match(request)
  return typeof match === 'string' ? request.path === match : match.test(request.path)
}

function existing<Value>(map: Map<string, Value>, id: string): Value {
  const value = map.get(id)
  if (value === undefined) throw new Error(`no record ${id}`)
  return value
}

/** The account of the fake service: its records, its listings and its change feed. */
import type { DeletedJob, WireAccount, WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { ChangeHint } from '../../src/core/service/service.ts'

/** The parts of a request that the account answers. */
export interface AccountRequest {
  path: string
  query: Record<string, string>
}

type Row = WireJob | WireCreditTransaction
type Feed = 'credits' | WireJob['agent']
interface Change {
  feed: Feed
  item: Row | DeletedJob
}

/** `maxPage` caps every page. `onChange` is called with a hint after each change of the feed. */
export function createFakeAccount(maxPage: number, onChange: (hint: ChangeHint) => void) {
  const jobs = new Map<string, WireJob>()
  const transactions = new Map<string, WireCreditTransaction>()
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
    onChange(feed === 'credits' ? { stream: 'credits' } : { stream: 'jobs', agent: feed })
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

  const cursor = (position: number) => `${logNumber}.${position}`

  function listing(rows: Row[], request: AccountRequest) {
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

  function changes(feed: Feed, request: AccountRequest) {
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

  const limitOf = ({ query }: AccountRequest) => Math.min(Number(query.limit ?? 200), maxPage)

  /** The normal answer to an authorized request. */
  function answer(request: AccountRequest): { status: number; body: unknown } {
    const agent = request.query.agent as WireJob['agent']
    const of = (body: unknown) =>
      body === null ? { status: 410, body: errorBody('cursor_expired') } : { status: 200, body }
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

  return {
    account,
    jobs,
    transactions,
    addJob,
    reviseJob,
    deleteJob,
    addTransaction,
    retractTransaction,
    trimLog,
    answer,
  }
}

/** Listings are in descending order of this key, which is also the page token. */
const sortKey = (row: Row) => `${'createdAt' in row ? row.createdAt : row.occurredAt} ${row.id}`

export const errorBody = (code: string) => ({ error: { code, message: code } })

function existing<Value>(map: Map<string, Value>, id: string): Value {
  const value = map.get(id)
  if (value === undefined) throw new Error(`no record ${id}`)
  return value
}

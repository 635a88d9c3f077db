/** Serves a generated history over HTTP by the contract. It is a separate process, so its work is not measured. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { renderThumbnail } from '../../src/sandbox/media.ts'
import type { Scene } from '../../src/sandbox/vocabulary.ts'
import type { Agent } from '../../src/shared/values.ts'
import { newest } from './calendar.ts'
import { createFeeds, type FeedKind, type Stream } from './feeds.ts'
import { createHistory, type History } from './history.ts'

/** The options of the service, as JSON in its first argument. Port 0 takes a free port. */
export interface ServiceOptions {
  jobs: number
  seed: number
  port: number
}
/** Settings that the bench changes while the service runs. */
export interface ServiceState {
  /** Until then every request is refused, so that the bench decides when a sync begins. */
  signedIn: boolean
  feed: FeedKind
  /** The number of rounds in the feed. */
  rounds: number
  refundGraceSeconds: number
}

const { jobs, seed, port }: ServiceOptions = JSON.parse(process.argv[2] as string)
let state: ServiceState = { signedIn: true, feed: 'news', rounds: 0, refundGraceSeconds: 86_400 }

const account = () => ({
  id: 'bench',
  displayName: 'Bench',
  email: null,
  signInMethod: 'email',
  plan: 'pro',
  balance: 1_000,
  balanceAsOf: new Date(newest).toISOString(),
  policy: { refundGraceSeconds: state.refundGraceSeconds, generationLimitSeconds: 3_600 },
  links: {},
})

function listing(query: URLSearchParams, count: number, row: (index: number) => unknown) {
  const from = Number(query.get('page') ?? 0)
  const to = Math.min(count, from + Number(query.get('limit') ?? 200))
  const items = Array.from({ length: to - from }, (_, offset) => row(from + offset))
  return { items, nextPage: to < count ? String(to) : null, ...(from === 0 && { changesCursor: '0', total: count }) }
}

function changes(query: URLSearchParams, stream: Stream, feeds: ReturnType<typeof createFeeds>) {
  const { feed, rounds } = state
  const round = Number(query.get('cursor') ?? 0)
  if (round >= rounds) return { items: [], nextCursor: String(round), hasMore: false }
  return { items: feeds[feed](stream, round), nextCursor: String(round + 1), hasMore: round + 1 < rounds }
}

/** The same file for every picture of a shape and motif: only fetching and decoding is measured. */
const scenes: Scene[] = ['hills', 'sea', 'moon', 'vase', 'fruit', 'city', 'window']
const thumbnails = scenes.map((scene) =>
  renderThumbnail({ id: scene, scene, mimeType: 'image/png', width: 480, height: 480 }),
)

function answerTo(url: URL, history: History, feeds: ReturnType<typeof createFeeds>): unknown {
  const query = url.searchParams
  const agent = query.get('agent') as Agent
  switch (url.pathname) {
    case '/v1/me':
      return account()
    case '/v1/jobs':
      return listing(query, history.jobsOf[agent], (index) => history.job(agent, index))
    case '/v1/jobs/changes':
      return changes(query, agent, feeds)
    case '/v1/credits/transactions':
      return listing(query, history.transactions, history.transaction)
    case '/v1/credits/transactions/changes':
      return changes(query, 'credits', feeds)
    default:
      return null
  }
}

function serve(history: History) {
  const feeds = createFeeds(history)
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://bench')
    const id = /^\/media\/([0-9a-f]{8})/.exec(url.pathname)?.[1]
    if (id) {
      response.writeHead(200, { 'content-type': 'image/png' })
      return response.end(thumbnails[Number.parseInt(id, 16) % thumbnails.length])
    }
    const body = state.signedIn ? answerTo(url, history, feeds) : null
    const status = body ? 200 : state.signedIn ? 404 : 401
    const error = { code: status === 401 ? 'unauthorized' : 'not_found', message: '' }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body ?? { error }))
  })
}

const server = createServer()
server.listen(port, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  serve(createHistory({ jobs, seed, mediaOrigin: url }))
  process.send?.({ url })
})
process.on('message', (patch: Partial<ServiceState>) => {
  state = { ...state, ...patch }
  process.send?.('set')
})
process.on('disconnect', () => process.exit())

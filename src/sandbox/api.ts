import { timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { validator } from 'hono/validator'
import type { z } from 'zod'
import { answerRange } from '../core/service/http-range.ts'
import {
  JobChangesQuery,
  JobListingQuery,
  JobQuery,
  TransactionChangesQuery,
  TransactionListingQuery,
} from '../core/service/parameters.ts'
import type { ServiceErrorCode } from '../core/service/schemas.ts'
import type { ChangeHint } from '../core/service/service.ts'
import type { AuthorizationServer } from './authorization.ts'
import { changesAfter, currentCursor, listingPage, UnknownPage } from './feeds.ts'
import { renderOriginal, renderThumbnail } from './media.ts'
import { hasThumbnail, type World } from './world.ts'

/** Interval of keep-alive comments, in milliseconds. */
const heartbeat = 20_000

export interface ApiOptions {
  world: World
  /** The token of this launch, beside those that the authorization server gives. */
  token: string
  authorization: AuthorizationServer
  /** The time of the service, epoch milliseconds. */
  now: () => number
}

/** All endpoints of the contract over one world, and the media of its results. */
export function createApi({ world, token, authorization, now }: ApiOptions): Hono {
  const { state } = world
  const api = new Hono()

  api.notFound((context) => refuse(context, 'not_found'))
  api.onError((error, context) => refuse(context, error instanceof UnknownPage ? 'invalid_request' : 'internal'))
  api.use('/v1/*', async (context, next) => {
    const given = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? ''
    return sameText(given, token) || authorization.accepts(given) ? next() : refuse(context, 'unauthorized')
  })

  api.get('/v1/me', (context) => context.json(world.account(now())))

  api.get('/v1/jobs', query(JobListingQuery), (context) => {
    const { agent, page, limit } = context.req.valid('query')
    const listing = listingPage(world.jobsOf(agent), ({ createdAt, id }) => ({ at: createdAt, id }), page, limit)
    return context.json({ ...listing, ...firstPage(page) })
  })

  api.get('/v1/jobs/:id', query(JobQuery), (context, next) => {
    const id = context.req.param('id')
    if (id === 'changes') return next()
    const job = world.jobsOf(context.req.valid('query').agent).find((found) => found.id === id)
    return job ? context.json(job) : refuse(context, 'not_found')
  })

  api.get('/v1/jobs/changes', query(JobChangesQuery), (context) => {
    const { agent, cursor, limit } = context.req.valid('query')
    const changes = changesAfter(state, agent, cursor, limit)
    if (changes === null) return refuse(context, 'cursor_expired')
    const { entries, ...position } = changes
    const items = entries.flatMap((entry) =>
      'deleted' in entry
        ? { id: entry.id, agent, revision: entry.deleted, deleted: true }
        : (world.job(entry.id) ?? []),
    )
    return context.json({ items, ...position })
  })

  api.get('/v1/credits/transactions', query(TransactionListingQuery), (context) => {
    const { page, limit } = context.req.valid('query')
    const keyOf = ({ occurredAt, id }: (typeof state.transactions)[number]) => ({ at: occurredAt, id })
    return context.json({ ...listingPage(state.transactions, keyOf, page, limit), ...firstPage(page) })
  })

  api.get('/v1/credits/transactions/changes', query(TransactionChangesQuery), (context) => {
    const { cursor, limit } = context.req.valid('query')
    const changes = changesAfter(state, 'credits', cursor, limit)
    if (changes === null) return refuse(context, 'cursor_expired')
    const { entries, ...position } = changes
    const changed = new Set(entries.map(({ id }) => id))
    return context.json({ items: state.transactions.filter(({ id }) => changed.has(id)), ...position })
  })

  api.get('/v1/events', (context) =>
    streamSSE(context, async (stream) => {
      const hints: ChangeHint[] = []
      let wake = () => {}
      const unsubscribe = world.subscribe((hint) => {
        hints.push(hint)
        wake()
      })
      stream.onAbort(() => wake())
      while (!stream.aborted) {
        const hint = hints.shift()
        if (hint) await stream.writeSSE({ event: 'change', data: JSON.stringify(hint) })
        else await stream.write(': still here\n\n')
        if (hints.length === 0) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, heartbeat)
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
          })
        }
      }
      unsubscribe()
    }),
  )

  api.route('/', authorization.routes)

  api.get('/media/:id', (context) => {
    const result = world.result(context.req.param('id'))
    return result ? file(context, renderOriginal(result), result.mimeType) : refuse(context, 'not_found')
  })

  api.get('/media/:id/thumbnail', (context) => {
    const result = world.result(context.req.param('id'))
    if (!result || !hasThumbnail(result.mimeType)) return refuse(context, 'not_found')
    return file(context, renderThumbnail(result), 'image/png')
  })

  /** The first page carries the cursor for the change feed. */
  function firstPage(page: string | undefined) {
    return page === undefined && { changesCursor: currentCursor(state) }
  }

  return api
}

const statusOf = {
  unauthorized: 401,
  not_found: 404,
  invalid_request: 400,
  cursor_expired: 410,
  internal: 500,
} as const satisfies Partial<Record<ServiceErrorCode, number>>

function refuse(context: Context, code: keyof typeof statusOf, message: string = code) {
  return context.json({ error: { code, message } }, statusOf[code])
}

const query = <Schema extends z.ZodType>(schema: Schema) =>
  validator('query', (value, context) => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    return refuse(context, 'invalid_request', `${issue?.path.join('.')}: ${issue?.message}`)
  })

/** A file or a byte range of it. The bytes of a path never change, so the path is its own entity tag. */
function file({ req }: Context, bytes: Buffer, type: string): Response {
  const etag = `"${req.path}"`
  const isSame = (req.header('if-range') ?? etag) === etag
  const { status, headers, part } = answerRange(isSame ? req.header('range') : null, bytes.length)
  return new Response(part && Uint8Array.from(bytes.subarray(part.start, part.end + 1)), {
    status,
    headers: {
      'content-type': type,
      'accept-ranges': 'bytes',
      etag,
      'cache-control': 'private, max-age=86400',
      ...headers,
    },
  })
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

import { createParser } from 'eventsource-parser'
import { z } from 'zod'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Agent } from '../../shared/values.ts'
import { CursorExpired, ServiceError } from './errors.ts'
import { adaptivePageSize, firstPageLimit, type PageSize } from './page-size.ts'
import { plainJob, plainTransaction } from './plain-records.ts'
import {
  AccountSchema,
  AgentSchema,
  ChangesEnvelope,
  CreditTransactionSchema,
  type DeletedJob,
  DeletedJobSchema,
  type Job,
  JobSchema,
  ListingEnvelope,
} from './schemas.ts'
import type { ChangePage, Listing, QuarantinedRecord, Service } from './service.ts'
import { createTransport, type Query, type ServiceOptions } from './transport.ts'

/** The most records of one page. A service may send more than requested, and each broken record takes a kilobyte. */
const maxItems = 10_000
const rawLimit = 4_096
/** Milliseconds between two reads of the event stream. */
const eventPause = 250

const ChangeHintSchema = z.discriminatedUnion('stream', [
  z.object({ stream: z.literal('credits') }),
  z.object({ stream: z.literal('jobs'), agent: AgentSchema }),
])

/** The client of the Carat Sync API at `api`. */
export function createService(options: ServiceOptions): Service {
  const transport = createTransport(options)
  const host = new URL(options.api).host
  const sizes = new Map<string, PageSize>()
  const sizeOf = (stream: string): PageSize => {
    const known = sizes.get(stream) ?? adaptivePageSize()
    sizes.set(stream, known)
    return known
  }

  async function get<Schema extends z.ZodType>(path: string, query: Query, schema: Schema, signal: AbortSignal) {
    const { body, requestedAt } = await transport.json(path, query, signal)
    return { data: parseBody(body, schema), requestedAt }
  }

  function parseBody<Schema extends z.ZodType>(body: unknown, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw new ServiceError('invalid_answer', { params: { host }, cause: parsed.error })
    return parsed.data
  }

  /** A page of a size that the service can deliver; a record that is too large for any page is quarantined. */
  async function getPage<Schema extends PageEnvelope>(path: string, query: Query, schema: Schema, signal: AbortSignal) {
    const size = sizeOf(`${path} ${query.agent}`)
    for (;;) {
      const limit = Math.min(size.current(), query.page === null ? firstPageLimit : size.current())
      try {
        const page = await get(path, { ...query, limit }, schema, signal)
        if ((page.data?.items.length ?? 0) > maxItems) throw new ServiceError('answer_too_large', { params: { host } })
        size.succeed(limit)
        return { ...page, tooLarge: [] }
      } catch (error) {
        if (error instanceof CursorExpired && !error.isStated && size.retreat(limit)) continue
        if (!mayFitSmaller(error)) throw error
        const isSmaller = size.fail(limit, isTooLarge(error) || error.code === 'timed_out')
        if (!isTooLarge(error)) throw isSmaller ? error.beforeSmaller() : error
        if (isSmaller) continue
        return getTooLarge(path, { ...query, limit }, schema, signal)
      }
    }
  }

  async function getTooLarge<Schema extends z.ZodType>(
    path: string,
    query: Query,
    schema: Schema,
    signal: AbortSignal,
  ) {
    const { body, head, requestedAt } = await transport.skim(path, query, signal)
    const id = /"id"\s*:\s*"([^"\\]{1,128})"/.exec(head)?.[1] ?? null
    return {
      data: parseBody(body, schema),
      requestedAt,
      tooLarge: [{ id, problem: 'larger than a record can be', raw: head }],
    }
  }

  async function listing<Item>(path: string, query: Query, parse: Parser<Item>, signal: AbortSignal) {
    const { data, requestedAt, tooLarge } = await getPage(path, query, ListingEnvelope, signal)
    const { items, changesCursor = null, total = null } = data
    // A snapshot may also end with an empty string or without the property.
    const nextPage = data.nextPage || null
    // Without it, changes made during the snapshot would be lost.
    if (query.page === null && changesCursor === null) throw new ServiceError('invalid_answer', { params: { host } })
    return {
      ...parseItems(items, parse, tooLarge),
      nextPage,
      changesCursor,
      total,
      requestedAt,
    } satisfies Listing<Item>
  }

  async function changes<Item>(path: string, query: Query, parse: Parser<Item>, signal: AbortSignal) {
    const { data, requestedAt, tooLarge } = await getPage(path, query, ChangesEnvelope.nullable(), signal)
    // 204: nothing new.
    const { items, nextCursor, hasMore } = data ?? { items: [], nextCursor: String(query.cursor), hasMore: false }
    return { ...parseItems(items, parse, tooLarge), nextCursor, hasMore, requestedAt } satisfies ChangePage<Item>
  }

  return {
    async account(signal) {
      const { data: account, requestedAt } = await get('/v1/me', {}, AccountSchema, signal)
      const owner = await options.secrets.account()
      if (owner && (owner.id !== account.id || owner.signInMethod !== account.signInMethod)) {
        throw new ServiceError('account_changed', { params: { name: account.displayName } })
      }
      return { account, requestedAt }
    },
    jobListing: (agent, page, signal) => listing('/v1/jobs', { agent, page }, jobOf(agent), signal),
    jobChanges: (agent, cursor, signal) => changes('/v1/jobs/changes', { agent, cursor }, changeOf(agent), signal),
    async job(agent, id, signal) {
      const path = `/v1/jobs/${encodeURIComponent(id)}`
      try {
        return (await get(path, { agent }, ofAgent(JobSchema, agent), signal)).data
      } catch (error) {
        if (error instanceof ServiceError && error.params.status === 404) return null
        throw error
      }
    },
    creditListing: (page, signal) => listing('/v1/credits/transactions', { page }, parseTransaction, signal),
    creditChanges: (cursor, signal) =>
      changes('/v1/credits/transactions/changes', { cursor }, parseTransaction, signal),
    async watch(onHint, signal) {
      const body = await transport.events('/v1/events', signal)
      if (body === null) return
      const decoder = new TextDecoder()
      const parser = createParser({
        maxBufferSize: 65_536,
        onEvent({ event, data }) {
          const hint = ChangeHintSchema.safeParse(parseJson(data))
          if (event === 'change' && hint.success) onHint(hint.data)
        },
      })
      try {
        for await (const chunk of body) {
          parser.feed(decoder.decode(chunk, { stream: true }))
          // With pauses, a flood of events waits in the connection and costs neither time nor memory here.
          await options.clock.sleep(eventPause, signal)
        }
      } catch (error) {
        throw transport.failure(error, signal)
      }
      throw new ServiceError('unreachable', { params: { host }, retryable: true })
    },
  }
}

type PageEnvelope = z.ZodType<{ items: unknown[] } | null>

/** Failures that a smaller page may avoid: also a gateway's answer that the service took too long, and an answer that ends early. */
const mayFitSmaller = (error: unknown): error is ServiceError =>
  error instanceof ServiceError &&
  ((error.retryable && (codesOfLongPages.has(error.code) || error.begun)) || isTooLarge(error))

const codesOfLongPages: ReadonlySet<ErrorCode> = new Set(['timed_out', 'service_failed', 'invalid_answer'])

const isTooLarge = (error: ServiceError): boolean => error.code === 'answer_too_large' || error.params.status === 413

type Parsed<Item> = { success: true; data: Item } | { success: false; error: z.ZodError }
type Parser<Item> = (value: unknown) => Parsed<Item>

/** Parses plainly valid records by `plain`, which is faster; zod decides about all others. */
const plainFirst =
  <Item>(plain: (value: unknown) => Item | undefined, decide: Parser<Item>): Parser<Item> =>
  (value) => {
    const data = plain(value)
    return data === undefined ? decide(value) : { success: true, data }
  }

const parseTransaction = plainFirst(plainTransaction, (value) => CreditTransactionSchema.safeParse(value))

/** A job with another agent would end up in the wrong library. */
const ofAgent = <Item extends { agent: Agent }>(schema: z.ZodType<Item>, agent: Agent) =>
  schema.refine((item) => item.agent === agent, { path: ['agent'], message: `expected ${agent}` })

function jobOf(agent: Agent): Parser<Job> {
  const schema = ofAgent(JobSchema, agent)
  return plainFirst(
    (value) => plainJob(value, agent),
    (value) => schema.safeParse(value),
  )
}

function changeOf(agent: Agent): Parser<Job | DeletedJob> {
  const job = jobOf(agent)
  const deleted = ofAgent(DeletedJobSchema, agent)
  return (value) => (property(value, 'deleted') === true ? deleted.safeParse(value) : job(value))
}

/** Parses each item on its own: an item that breaks the contract is quarantined and never stops the page. */
function parseItems<Item>(
  values: unknown[],
  parse: Parser<Item>,
  tooLarge: readonly QuarantinedRecord[],
): { items: Item[]; quarantined: QuarantinedRecord[] } {
  const items: Item[] = []
  const quarantined = [...tooLarge]
  for (const value of values) {
    const parsed = parse(value)
    if (parsed.success) items.push(parsed.data)
    else quarantined.push({ id: idOf(value), problem: problemOf(parsed.error), raw: rawOf(value) })
  }
  return { items, quarantined }
}

function idOf(value: unknown): string | null {
  const id = property(value, 'id')
  return typeof id === 'string' ? id.slice(0, 128) : null
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.')}: ${issue.message}`.slice(0, 200) : ''
}

/** Long texts are cut before the record becomes JSON again, which would need their memory a second time. */
const rawOf = (value: unknown): string =>
  JSON.stringify(value, (_, member) => (typeof member === 'string' ? member.slice(0, rawLimit) : member)).slice(
    0,
    rawLimit,
  )

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

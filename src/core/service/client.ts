import { createParser } from 'eventsource-parser'
import { z } from 'zod'
import type { Agent } from '../../shared/values.ts'
import { ServiceError } from './errors.ts'
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
import type { Changes, Listing, QuarantinedRecord, Service } from './service.ts'
import { createTransport, type Query, type ServiceOptions } from './transport.ts'

/** The first page is small so that it is on screen at once; all others have the service's largest page size. */
const firstPageLimit = 100
const pageLimit = 1_000
const rawLimit = 4_096

const ChangeHintSchema = z.discriminatedUnion('stream', [
  z.object({ stream: z.literal('credits') }),
  z.object({ stream: z.literal('jobs'), agent: AgentSchema }),
])

/** The client of the Carat Sync API at `api`. */
export function createService(options: ServiceOptions): Service {
  const transport = createTransport(options)
  const host = new URL(options.api).host

  async function get<Schema extends z.ZodType>(path: string, query: Query, schema: Schema, signal: AbortSignal) {
    const { body, requestedAt } = await transport.json(path, query, signal)
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw new ServiceError('invalid_answer', { params: { host }, cause: parsed.error })
    return { data: parsed.data, requestedAt }
  }

  async function listing<Item>(path: string, query: Query, parse: Parser<Item>, signal: AbortSignal) {
    const limit = query.page === null ? firstPageLimit : pageLimit
    const { data, requestedAt } = await get(path, { ...query, limit }, ListingEnvelope, signal)
    const { items, nextPage, changesCursor = null, total = null } = data
    // Without it, changes made during the snapshot would be lost.
    if (query.page === null && changesCursor === null) throw new ServiceError('invalid_answer', { params: { host } })
    return { ...parseItems(items, parse), nextPage, changesCursor, total, requestedAt } satisfies Listing<Item>
  }

  async function changes<Item>(path: string, query: Query, parse: Parser<Item>, signal: AbortSignal) {
    const { data, requestedAt } = await get(path, { ...query, limit: pageLimit }, ChangesEnvelope, signal)
    const { items, nextCursor, hasMore } = data
    return { ...parseItems(items, parse), nextCursor, hasMore, requestedAt } satisfies Changes<Item>
  }

  return {
    async account(signal) {
      const { data: account, requestedAt } = await get('/v1/me', {}, AccountSchema, signal)
      return { account, requestedAt }
    },
    jobListing: (agent, page, signal) => listing('/v1/jobs', { agent, page }, jobOf(agent), signal),
    jobChanges: (agent, cursor, signal) => changes('/v1/jobs/changes', { agent, cursor }, changeOf(agent), signal),
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
        for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }))
      } catch (error) {
        throw transport.failure(error, signal)
      }
      throw new ServiceError('unreachable', { params: { host }, retryable: true })
    },
  }
}

type Parser<Item> = (value: unknown) => z.ZodSafeParseResult<Item>

const parseTransaction = (value: unknown) => CreditTransactionSchema.safeParse(value)

/** A job with another agent would end up in the wrong library. */
const ofAgent = <Item extends { agent: Agent }>(schema: z.ZodType<Item>, agent: Agent) =>
  schema.refine((item) => item.agent === agent, { path: ['agent'], message: `expected ${agent}` })

function jobOf(agent: Agent) {
  const schema = ofAgent(JobSchema, agent)
  return (value: unknown) => schema.safeParse(value)
}

function changeOf(agent: Agent): Parser<Job | DeletedJob> {
  const job = ofAgent(JobSchema, agent)
  const deleted = ofAgent(DeletedJobSchema, agent)
  return (value) => (property(value, 'deleted') === true ? deleted.safeParse(value) : job.safeParse(value))
}

/** Parses each item on its own: an item that breaks the contract is quarantined and never stops the page. */
function parseItems<Item>(values: unknown[], parse: Parser<Item>): { items: Item[]; quarantined: QuarantinedRecord[] } {
  const items: Item[] = []
  const quarantined: QuarantinedRecord[] = []
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

/** A record that is nested too deeply to be serialised is identified by its problem alone. */
function rawOf(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, rawLimit)
  } catch {
    return ''
  }
}

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

/**
 * The records of the Carat Sync API as the client reads them. The OpenAPI document is generated from these schemas (scripts/openapi-document.ts).
 * Unknown properties are dropped and unknown enum values kept, so the client accepts more than the document says.
 */
import { z } from 'zod'
import type { ZodOpenApiOverride } from 'zod-openapi'
import {
  agents,
  creditSources,
  features,
  jobKinds,
  jobStatuses,
  plans,
  signInMethods,
  transactionKinds,
} from '../../shared/values.ts'
import { maxCredits } from '../domain/ledger.ts'

/** Documents the values that a service may send, which are fewer than the schema accepts. */
const documented = (contract: { type: 'string'; enum?: readonly string[]; format?: string }) => ({
  override: (({ jsonSchema }) => {
    const { description } = jsonSchema
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema]
    Object.assign(jsonSchema, contract, description && { description })
  }) satisfies ZodOpenApiOverride,
})

/** SQLite replaces half a character, so a text with one would not come back as it was stored. */
const isUnicode = [(value: string) => value.isWellFormed(), { message: 'not Unicode' }] as const

/** An enum of the contract to which a newer service may have added values. */
const open = (values: readonly string[]) =>
  z
    .string()
    .min(1)
    .max(64)
    .refine(...isUnicode)
    .meta(documented({ type: 'string', enum: values }))

const earliest = Date.UTC(2015, 0, 1)
const latest = Date.UTC(2100, 0, 1)
/**
 * Whether a time (epoch ms) is in the years 2015 to 2099: others are errors, such as seconds sent as milliseconds. The upper
 * limit also keeps case ids, which are 2,048 times the time, below 2^53.
 */
export const isStorableTime = (time: number): boolean => time >= earliest && time < latest

/** RFC 3339 on the wire, epoch milliseconds UTC inside. */
const Time = z.iso
  .datetime({ offset: true })
  .meta({ id: 'Time', ...documented({ type: 'string', format: 'date-time' }) })
  .transform((text, context) => {
    const time = Date.parse(text)
    if (isStorableTime(time)) return time
    context.addIssue({ code: 'custom', message: 'time out of range' })
    return z.NEVER
  })
export const optionalTime = z
  .union([Time, z.null()])
  .optional()
  .transform((value) => value ?? null)

export const IdSchema = z
  .string()
  .min(1)
  .max(128)
  .refine(...isUnicode)
  .meta({ id: 'Id' })
/**
 * Normalised to NFC, so that equal texts have equal bytes. Text that is not valid Unicode could not be stored either.
 */
export const clean = (value: string) => value.normalize('NFC').toWellFormed()
/** In UTF-16 units, far more than a real prompt: building the search index takes hundreds of bytes per character. */
export const maxText = 100_000
const text = z
  .string()
  .refine((value) => value.length <= maxText, { message: `longer than ${maxText} characters` })
  .transform(clean)
const optionalText = text.nullish().transform((value) => value ?? null)
const optionalId = z
  .string()
  .refine((id) => id.length <= 128, { message: 'longer than an id' })
  .refine(...isUnicode)
  .nullish()
  .transform((value) => value || null)
const credits = z.int().refine((value) => Math.abs(value) <= maxCredits, { message: `more than ${maxCredits} credits` })
const optionalCredits = credits.nullish().transform((value) => value ?? null)
/** A size that no file has counts as unknown; a million files of the largest still add up to a safe integer. */
export const knownSize = (value: number | null | undefined): number | null =>
  value != null && value >= 0 && value <= 5_000_000_000 ? value : null
const optionalSize = z.int().nullish().transform(knownSize)
/** A wait of more than ten years is as good as ten years, and its end is still a date. */
const seconds = z
  .int()
  .min(0)
  .transform((value) => Math.min(value, 315_360_000))
export const maxUri = 65_536
const uri = z
  .string()
  .max(maxUri)
  .refine(...isUnicode)
  .meta(documented({ type: 'string', format: 'uri' }))
const optionalUri = uri.nullish().transform((value) => value ?? null)

export const AgentSchema = z.enum(agents).meta({ id: 'Agent' })
const CreditSource = open(creditSources).meta({ id: 'CreditSource' })

/** Every screen receives the account whole. */
const isShort = [(list: object) => Object.keys(list).length <= 1_000, { message: 'more than 1000 entries' }] as const

export const AccountSchema = z
  .object({
    id: IdSchema,
    displayName: text,
    email: optionalText,
    signInMethod: open(signInMethods).meta({ description: 'The same e-mail with another method is another account.' }),
    plan: open(plans),
    balance: credits,
    balanceAsOf: Time,
    balances: z
      .array(z.object({ source: CreditSource, amount: credits, expiresAt: optionalTime }))
      .refine(...isShort)
      .optional()
      .transform((value) => value ?? []),
    policy: z.object({
      refundGraceSeconds: seconds.meta({
        description: 'A refund later than this after the failure counts as missing.',
      }),
      generationLimitSeconds: seconds.meta({
        description: 'A job older than this that has not finished counts as stuck.',
      }),
    }),
    links: z
      .record(z.string(), uri)
      .refine(...isShort)
      .meta({
        description:
          "Where the app sends the user, each opened in the browser. Left-out links fall back to the app's own table.",
      }),
  })
  .meta({ id: 'Account' })

export const ResultSchema = z
  .object({
    id: IdSchema,
    mimeType: text,
    url: uri,
    thumbnailUrl: optionalUri,
    width: optionalSize,
    height: optionalSize,
    durationMs: optionalSize,
    bytes: optionalSize,
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .optional()
      .transform((value) => value ?? null),
  })
  .meta({ id: 'Result' })

/** Rule R17 multiplies it with the credits of a job. */
export const maxRequestedResults = 1_000_000

export const JobSchema = z
  .object({
    id: IdSchema,
    agent: AgentSchema,
    chatId: IdSchema,
    chatTitle: optionalText,
    chatUrl: optionalUri,
    kind: open(jobKinds),
    model: text,
    prompt: text,
    status: open(jobStatuses),
    failure: z
      .union([z.null(), z.object({ code: text, origin: open(['system', 'policy', 'user']), message: optionalText })])
      .optional()
      .transform((value) => value ?? null),
    requestedResults: z
      .int()
      .min(0)
      .refine((value) => value <= maxRequestedResults, { message: `more than ${maxRequestedResults} results` }),
    createdAt: Time,
    startedAt: optionalTime,
    finishedAt: optionalTime,
    revision: z.int().min(1),
    results: z.array(ResultSchema),
  })
  .meta({ id: 'Job' })

export const DeletedJobSchema = z
  .object({ id: IdSchema, agent: AgentSchema, revision: z.int().min(1), deleted: z.literal(true) })
  .meta({ id: 'DeletedJob' })

/** Whether an amount of a kind has the right sign. */
export const amountFits = ({ kind, amount }: { kind: string; amount: number }): boolean =>
  !(amount > 0 && ['charge', 'expiry'].includes(kind)) && !(amount < 0 && ['refund', 'grant', 'top_up'].includes(kind))

export const CreditTransactionSchema = z
  .object({
    id: IdSchema,
    kind: open(transactionKinds),
    feature: open(features)
      .nullish()
      .meta({
        description: 'What was used; set on charges and refunds.',
        ...documented({ type: 'string', enum: features }),
      })
      .transform((value) => value ?? null),
    source: CreditSource.nullish()
      .meta(documented({ type: 'string', enum: creditSources }))
      .transform((value) => value ?? null),
    amount: credits.meta({
      description:
        'Signed change of the balance: charge and expiry below zero, refund, grant and top_up above zero, adjustment either.',
    }),
    balanceAfter: optionalCredits,
    occurredAt: Time,
    jobId: optionalId.meta({
      description:
        'The job charged or refunded. Null where the charge belongs to no job (chat, search) or where the service does not know.',
    }),
    agent: z
      .union([AgentSchema, z.null()])
      .optional()
      .transform((value) => value ?? null),
    reverses: optionalId.meta({ description: 'On a refund: the id of the charge that it gives back.' }),
    model: optionalText,
    memo: optionalText,
    expiresAt: optionalTime.meta({ description: 'On a grant, top_up or refund: when these credits lapse.' }),
  })
  .refine(amountFits, { message: 'amount has the wrong sign' })
  .meta({ id: 'CreditTransaction' })

/** A page token or cursor: it has to fit into the address of a request. */
const token = z
  .string()
  .refine((value) => value.length <= 8_192, { message: 'longer than an address' })
  .refine(...isUnicode)

/** The envelope of a page. Each item is parsed on its own, so one bad record never stops the page. */
const page = <Item extends z.ZodType>(item: Item) => ({
  items: z.array(item),
  nextPage: token.nullable(),
  changesCursor: token.nullish().meta({ description: 'On the first page.', ...documented({ type: 'string' }) }),
  total: z.int().nullable().optional(),
})
const changes = <Item extends z.ZodType>(item: Item) => ({
  items: z.array(item),
  nextCursor: token,
  hasMore: z.boolean(),
})

/** The envelopes that the client checks before it parses the items one by one. A last page may leave `nextPage` out. */
export const ListingEnvelope = z.object({ ...page(z.unknown()), nextPage: token.nullish() })
export const ChangesEnvelope = z.object(changes(z.unknown()))

/** The same envelopes with their items, for the OpenAPI document and for the sandbox's own answers. */
export const JobListingSchema = z.object(page(JobSchema)).meta({ id: 'JobListing' })
export const JobChangesSchema = z.object(changes(z.union([JobSchema, DeletedJobSchema]))).meta({ id: 'JobChanges' })
export const TransactionListingSchema = z.object(page(CreditTransactionSchema)).meta({ id: 'TransactionListing' })
export const TransactionChangesSchema = z.object(changes(CreditTransactionSchema)).meta({ id: 'TransactionChanges' })

const serviceErrorCodes = [
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid_request',
  'cursor_expired',
  'rate_limited',
  'internal',
  'unavailable',
] as const
export type ServiceErrorCode = (typeof serviceErrorCodes)[number]
export const ServiceErrorSchema = z
  .object({ error: z.object({ code: z.enum(serviceErrorCodes), message: z.string() }) })
  .meta({ id: 'Error' })

export type Account = z.output<typeof AccountSchema>
export type Job = z.output<typeof JobSchema>
export type JobResult = z.output<typeof ResultSchema>
export type DeletedJob = z.output<typeof DeletedJobSchema>
export type CreditTransaction = z.output<typeof CreditTransactionSchema>
/** The same records in JSON. */
export type WireJob = z.input<typeof JobSchema>
export type WireCreditTransaction = z.input<typeof CreditTransactionSchema>
export type WireAccount = z.input<typeof AccountSchema>

/**
 * A fast path for plainly valid records, with exactly the results of the schemas in schemas.ts; undefined for all other records,
 * about which zod decides. Most records are plain, and zod takes several times as long for them.
 */
import { type Agent, agents } from '../../shared/values.ts'
import { maxCredits } from '../domain/ledger.ts'
import {
  amountFits,
  type CreditTransaction,
  clean,
  isStorableTime,
  type Job,
  type JobResult,
  knownSize,
  maxRequestedResults,
  maxText,
  maxUri,
} from './schemas.ts'

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isUnicode = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest && value.isWellFormed()
const isId = (value: unknown): value is string => isUnicode(value, 128) && value !== ''
const isName = (value: unknown): value is string => isUnicode(value, 64) && value !== ''
const isUri = (value: unknown): value is string => isUnicode(value, maxUri)
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxText
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
const isCredits = (value: unknown): value is number => isWhole(value) && Math.abs(value) <= maxCredits
const isAgent = (value: unknown): value is Agent => (agents as readonly unknown[]).includes(value)
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** A check that also accepts null and undefined. */
const orNothing =
  <T>(check: (value: unknown) => value is T) =>
  (value: unknown): value is T | null | undefined =>
    value === null || value === undefined || check(value)
const isNameOrNothing = orNothing(isName)
const isUriOrNothing = orNothing(isUri)
const isTextOrNothing = orNothing(isText)
const isWholeOrNothing = orNothing(isWhole)
const isCreditsOrNothing = orNothing(isCredits)
const isHashOrNothing = orNothing(isHash)
const isAgentOrNothing = orNothing(isAgent)
const isIdOrNothing = orNothing((value): value is string => isUnicode(value, 128))

const cleanOrNull = (text: string | null | undefined): string | null => (text == null ? null : clean(text))

const utc = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z$/

/** Epoch milliseconds of a time in UTC; undefined for any other text. */
function plainTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || !utc.test(value)) return undefined
  const time = Date.parse(value)
  // The 30th of February would read as the 2nd of March.
  const isDay = new Date(time).getUTCDate() === Number(value.slice(8, 10))
  return isDay && isStorableTime(time) ? time : undefined
}

const plainTimeOrNull = (value: unknown): number | null | undefined =>
  value === null || value === undefined ? null : plainTime(value)

/** A job of `agent`. */
export function plainJob(value: unknown, agent: Agent): Job | undefined {
  if (!isObject(value) || value.agent !== agent) return undefined
  const { id, chatId, chatTitle, chatUrl, kind, model, prompt, status, requestedResults, revision } = value
  if (!isId(id) || !isId(chatId) || !isTextOrNothing(chatTitle) || !isUriOrNothing(chatUrl)) return undefined
  if (!isName(kind) || !isText(model) || !isText(prompt) || !isName(status)) return undefined
  if (!isWhole(requestedResults) || requestedResults < 0 || requestedResults > maxRequestedResults) return undefined
  if (!isWhole(revision) || revision < 1) return undefined
  const failure = plainFailure(value.failure)
  const createdAt = plainTime(value.createdAt)
  const startedAt = plainTimeOrNull(value.startedAt)
  const finishedAt = plainTimeOrNull(value.finishedAt)
  const results = plainResults(value.results)
  if (failure === undefined || createdAt === undefined || startedAt === undefined) return undefined
  if (finishedAt === undefined || results === undefined) return undefined
  return {
    id,
    agent,
    chatId,
    chatTitle: cleanOrNull(chatTitle),
    chatUrl: chatUrl ?? null,
    kind,
    model: clean(model),
    prompt: clean(prompt),
    status,
    failure,
    requestedResults,
    createdAt,
    startedAt,
    finishedAt,
    revision,
    results,
  }
}

function plainFailure(value: unknown): Job['failure'] | undefined {
  if (value === null || value === undefined) return null
  if (!isObject(value)) return undefined
  const { code, origin, message } = value
  if (!isText(code) || !isName(origin) || !isTextOrNothing(message)) return undefined
  return { code: clean(code), origin, message: cleanOrNull(message) }
}

function plainResults(values: unknown): JobResult[] | undefined {
  if (!Array.isArray(values)) return undefined
  const results: JobResult[] = []
  for (const value of values) {
    if (!isObject(value)) return undefined
    const { id, mimeType, url, thumbnailUrl, width, height, durationMs, bytes, sha256 } = value
    if (!isId(id) || !isText(mimeType) || !isUri(url) || !isUriOrNothing(thumbnailUrl)) return undefined
    if (!isWholeOrNothing(width) || !isWholeOrNothing(height) || !isHashOrNothing(sha256)) return undefined
    if (!isWholeOrNothing(durationMs) || !isWholeOrNothing(bytes)) return undefined
    results.push({
      id,
      mimeType: clean(mimeType),
      url,
      thumbnailUrl: thumbnailUrl ?? null,
      width: knownSize(width),
      height: knownSize(height),
      durationMs: knownSize(durationMs),
      bytes: knownSize(bytes),
      sha256: sha256 ?? null,
    })
  }
  return results
}

/** A ledger row. */
export function plainTransaction(value: unknown): CreditTransaction | undefined {
  if (!isObject(value)) return undefined
  const { id, kind, feature, source, amount, balanceAfter, jobId, agent, reverses, model, memo } = value
  if (!isId(id) || !isName(kind) || !isNameOrNothing(feature) || !isNameOrNothing(source)) return undefined
  if (!isCredits(amount) || !amountFits({ kind, amount }) || !isCreditsOrNothing(balanceAfter)) return undefined
  if (!isIdOrNothing(jobId) || !isAgentOrNothing(agent) || !isIdOrNothing(reverses)) return undefined
  if (!isTextOrNothing(model) || !isTextOrNothing(memo)) return undefined
  const occurredAt = plainTime(value.occurredAt)
  const expiresAt = plainTimeOrNull(value.expiresAt)
  if (occurredAt === undefined || expiresAt === undefined) return undefined
  return {
    id,
    kind,
    feature: feature ?? null,
    source: source ?? null,
    amount,
    balanceAfter: balanceAfter ?? null,
    occurredAt,
    jobId: jobId || null,
    agent: agent ?? null,
    reverses: reverses || null,
    model: cleanOrNull(model),
    memo: cleanOrNull(memo),
    expiresAt,
  }
}

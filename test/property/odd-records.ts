/** Records as a hostile or broken service may send them; most stay valid. */
import fc from '../support/fast-check.ts'
import { makeJob, midnight } from '../support/records.ts'

/** Halves of characters, control characters, twins under normalisation, case and compatibility, and words of the contract. */
const pieces = fc.constantFrom(
  ...['\ud83d', '\ude00', '😀', '\0', '\u0001', '\u007f', '\u0085', '\n', ' ', '\u00a0', '\u3000', '\u200b', '\ufeff'],
  ...['한글', '한글'.normalize('NFD'), 'ㅎ', 'é', 'é', 'İ', 'K', 'ﬁ', 'Ａ', 'ß', 'ς'],
  ...['A', '3D', 'a', '"', "'", '\\', '%', '{{x}}', '__proto__', 'constructor', '-', '1e3', 'image', 'chat'],
)
const text = fc.oneof(
  fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
)
const long = fc
  .tuple(text, fc.constantFrom(1, 200, 120_000))
  .map(([part, times]) => part.repeat(times).slice(0, 130_000))
/** Few ids, so that rows name jobs and each other. */
const ids = ['a', 'A', 'é', 'é', 'a ', '한', '한'.normalize('NFD'), '\ud800', 'x\0y', '']
const id = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ids) }, text)
const known = (...values: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, text)
const integer = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(-10, -4, 0, 4, 10) },
  fc.constantFrom(0, -0, 1, -10, 10, 1e9, -1e9, 1e9 + 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, 1.5),
  fc.integer(),
)
const time = fc.oneof(
  fc.integer({ min: -10_000, max: 10_000 }).map((minutes) => new Date(midnight + minutes * 60_000).toISOString()),
  fc.constantFrom(
    '2026-01-28T09:00:00+09:00',
    '2099-12-31T23:59:59.999Z',
    '2100-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '',
  ),
)
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 })

const result = fc.record({ id, mimeType: text, url: text, width: nullable(integer), bytes: nullable(integer) })
/** A few changed values: most records stay valid. */
const changes = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .array(fc.oneof(...Object.entries(fields).map(([key, value]) => value.map((changed) => ({ [key]: changed })))), {
      maxLength: 4,
    })
    .map((some) => Object.assign({}, ...some))
const at = new Date(midnight).toISOString()
const jobId = fc.constantFrom('a', 'A', 'é', 'é', 'b', 'c', 'd', 'e')
export const oddJobs = fc
  .tuple(
    jobId,
    changes({
      id,
      chatId: id,
      chatTitle: nullable(text),
      chatUrl: nullable(text),
      kind: known('image', 'video'),
      model: text,
      prompt: long,
      status: known('succeeded', 'failed', 'running', 'canceled'),
      failure: nullable(fc.record({ code: text, origin: known('system', 'policy', 'user'), message: nullable(text) })),
      requestedResults: integer,
      createdAt: time,
      finishedAt: nullable(time),
      revision: fc.constantFrom(1, 2, 2 ** 53 - 1),
      results: fc.array(result, { maxLength: 2 }),
    }),
  )
  .map(([id, changed]) => ({ ...makeJob({ id }), createdAt: at, ...changed }))
export const oddTransactions = fc
  .tuple(
    fc.integer({ min: 0, max: 60 }),
    jobId,
    changes({
      id,
      kind: known('charge', 'charge', 'refund', 'grant', 'adjustment', 'expiry'),
      feature: nullable(known('image', 'chat', 'video')),
      source: nullable(known('daily_free', 'promotion')),
      amount: integer,
      balanceAfter: nullable(integer),
      occurredAt: time,
      jobId: nullable(id),
      agent: nullable(fc.constantFrom('agent-1', 'agent-2')),
      reverses: nullable(id),
      model: nullable(text),
      memo: nullable(text),
      expiresAt: nullable(time),
    }),
  )
  .map(([number, jobId, changed]) => {
    const id = `row-${number}`
    return { id, kind: 'charge', feature: 'image', amount: -10, occurredAt: at, jobId, ...changed }
  })

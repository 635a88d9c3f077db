/** Records as a hostile or broken service may send them: what the client accepts is stored exactly, and `verify` finds nothing. */

import { expect, it } from 'vitest'
import { createService } from '../../src/core/service/client.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { applyChangesPage } from '../../src/core/sync/pages.ts'
import { sources } from '../../src/core/sync/sources.ts'
import { temporaryFolder, testClock } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { applyListingPage } from '../support/pages.ts'
import { makeAccount, makeJob, midnight } from '../support/records.ts'

const clock = testClock(midnight + 86_400_000)
const { signal } = new AbortController()

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
const job = fc
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
const transaction = fc
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
const account = fc.record({
  jobs: fc.array(job, { minLength: 20, maxLength: 40 }),
  transactions: fc.array(transaction, { minLength: 30, maxLength: 60 }),
})

/** A client whose service answers every request with these items. */
const serviceOf = (items: object[]) =>
  createService({
    api: 'http://service.test',
    secrets: { accessToken: async () => 'token', refresh: async () => null, account: async () => null },
    clock,
    fetch: async (url) =>
      Response.json(
        String(url).includes('/changes')
          ? { items, nextCursor: 'c', hasMore: false }
          : { items, nextPage: null, changesCursor: 'c' },
      ),
  })

/** Reads the items as a snapshot and as a change feed. Returns the records that the client accepted, each id once. */
async function pull(database: Writable, accountId: number, items: object[], stream: string) {
  const source = sources(serviceOf(items)).find((found) => found.stream === stream)
  if (!source) throw new Error(stream)
  const page = await source.listing(null, signal)
  applyListingPage(database, accountId, source, page, clock.time)
  applyChangesPage(database, accountId, source, await source.changes('c', signal), clock.time)
  expect(page.items.length + page.quarantined.length).toBe(items.length)
  return page.items
}

const stored = (database: Readable, table: string, columns: string) =>
  database.prepare<[], { id: string }>(`SELECT ${columns} FROM ${table}`).all()
const firstById = <T extends { id: string }>(records: readonly T[]) =>
  new Map(records.map((record) => [record.id, record]))

it('stores what it accepts exactly, and leaves verify clean', { timeout: 120_000 }, async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(account, async ({ jobs, transactions }) => {
      const folder = temporaryFolder()
      const store = openStore(folder.path)
      try {
        const database = store.writer as Writable
        database.pragma('synchronous = OFF')
        const { accountId } = saveAccount(database, makeAccount(), clock.time)
        const ofAgent1 = (await pull(database, accountId, jobs, 'jobs:agent-1')) as Job[]
        await pull(database, accountId, jobs, 'jobs:agent-2')
        const rows = (await pull(database, accountId, transactions, 'credits')) as CreditTransaction[]
        accepted += ofAgent1.length + rows.length

        const jobColumns =
          'id, prompt, model, kind, status, chat_id AS chatId, chat_title AS chatTitle, chat_url AS chatUrl'
        const storedJobs = firstById(stored(database, `jobs WHERE agent = 'agent-1'`, jobColumns))
        expect([...storedJobs.keys()].sort()).toEqual([...firstById(ofAgent1).keys()].sort())
        for (const record of storedJobs.values()) {
          expect(ofAgent1.filter(({ id }) => id === record.id)).toContainEqual(expect.objectContaining(record))
        }
        const rowColumns = `id, kind, feature, source, amount, balance_after AS balanceAfter, occurred_at AS occurredAt,
          job_id AS jobId, agent, reverses, model, memo, expires_at AS expiresAt`
        const storedRows = firstById(stored(database, 'credit_transactions', rowColumns))
        expect([...storedRows.keys()].sort()).toEqual([...firstById(rows).keys()].sort())
        for (const row of storedRows.values())
          expect(rows.map((sent) => ({ ...sent, amount: sent.amount + 0 }))).toContainEqual(row)

        expect(verifyStore(database, clock.time).filter(({ broken }) => broken > 0)).toEqual([])
      } finally {
        store.close()
        folder.remove()
      }
    }),
    { numRuns: Number(process.env.CARAT_RECORD_RUNS ?? 30) },
  )
  expect(accepted).toBeGreaterThan(100)
})

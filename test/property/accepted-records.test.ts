/** Records as a hostile or broken service may send them: what the client accepts is stored exactly, and `verify` finds nothing. */

import { expect, it } from 'vitest'
import { createService } from '../../src/core/service/client.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { unpackedAddress } from '../../src/core/store/jobs/addresses.ts'
import { textOfRow } from '../../src/core/store/ledger/ledger-texts.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { sources } from '../../src/core/sync/sources.ts'
import { temporaryFolder, testClock } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { applyChangesPage, applyListingPage } from '../support/pages.ts'
import { makeAccount, midnight } from '../support/records.ts'
import { oddJobs, oddTransactions } from './odd-records.ts'

const clock = testClock(midnight + 86_400_000)
const { signal } = new AbortController()

const account = fc.record({
  jobs: fc.array(oddJobs, { minLength: 20, maxLength: 40 }),
  transactions: fc.array(oddTransactions, { minLength: 30, maxLength: 60 }),
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

        const jobColumns = `id, prompt, model, kind, status, chat_id AS chatId, chat_title AS chatTitle,
          ${unpackedAddress('chat_url', 'account_id', 'chat_id')} AS chatUrl`
        const storedJobs = firstById(stored(database, `jobs WHERE agent = 'agent-1'`, jobColumns))
        expect([...storedJobs.keys()].sort()).toEqual([...firstById(ofAgent1).keys()].sort())
        for (const record of storedJobs.values()) {
          expect(ofAgent1.filter(({ id }) => id === record.id)).toContainEqual(expect.objectContaining(record))
        }
        const rowColumns = `id, kind, ${textOfRow('feature')} AS feature, ${textOfRow('source')} AS source, amount, balance_after AS balanceAfter, occurred_at AS occurredAt,
          job_id AS jobId, agent, reverses, ${textOfRow('model')} AS model, memo, expires_at AS expiresAt`
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

/** What ledger rows and cases leave out of the file is the same again when it is read. */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { CreditTransaction } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { migrate } from '../../src/core/store/migrations/index.ts'
import { decideCases } from '../../src/core/store/projections/cases.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { withStore } from '../support/hooks.ts'
import { agent1, agent2, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

const database = withStore()
let accounts = 0

function storeRows(rows: readonly Partial<CreditTransaction>[]): number {
  const { accountId } = saveAccount(database, makeAccount({ id: `account-${++accounts}` }), midnight + accounts)
  const sent = rows.map((row, index) =>
    makeTransaction({ id: `row-${index}`, occurredAt: midnight + index * minute, ...row }),
  )
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>(sent), midnight)
  return accountId
}

const textsOf = (from: Readable, accountId: number) =>
  from
    .prepare('SELECT kind, feature, source, model FROM v_ledger WHERE accountId = ? ORDER BY rowId')
    .all(accountId) as Partial<CreditTransaction>[]
const storedTexts = (from: Readable, accountId: number) =>
  from
    .prepare(
      'SELECT feature, source, model, text_number IS NOT NULL AS shared FROM credit_transactions WHERE account_id = ? ORDER BY row_id',
    )
    .all(accountId)
const broken = (from: Readable) => verifyStore(from, midnight).filter((check) => check.broken > 0)

test('gives any texts of a row back as the service sent them', () => {
  const text = fc.option(fc.constantFrom('', 'null', 'image', '["image"]', '영상', 'm'))
  const rows = fc.array(
    fc.record({ kind: fc.constantFrom('charge', 'grant', 'refund'), feature: text, source: text, model: text }),
  )
  fc.assert(
    fc.property(rows, (sent) => {
      const signed = sent.map((row) => ({ ...row, amount: row.kind === 'charge' ? -1 : 1 }))
      expect(textsOf(database, storeRows(signed))).toEqual(sent)
    }),
  )
  expect(broken(database)).toEqual([])
})

test('stores equal texts once, and those of grants in their rows', () => {
  const texts = { feature: 'image', source: 'subscription', model: 'Z Image' }
  const accountId = storeRows([texts, texts, { ...texts, kind: 'grant', amount: 5 }, { feature: null }])
  const left = { feature: null, source: null, model: null }
  expect(storedTexts(database, accountId)).toEqual([
    { ...left, shared: 1 },
    { ...left, shared: 1 },
    { ...texts, shared: 0 },
    { ...left, shared: 0 },
  ])
  const count = database.prepare('SELECT count(*) FROM ledger_texts WHERE account_id = ?').pluck()
  expect(count.get(accountId)).toBe(1)
})

test('stores texts in their rows once an account has 1,000 combinations', () => {
  const rows = Array.from({ length: 1_001 }, (_, index) => ({ kind: 'charge', model: `model ${index}` }))
  const accountId = storeRows(rows)
  expect(textsOf(database, accountId).map(({ model }) => model)).toEqual(rows.map(({ model }) => model))
  const own = (storedTexts(database, accountId) as { feature: string | null; shared: number }[]).filter(
    ({ shared }) => shared === 0,
  )
  expect(own.map(({ feature }) => feature)).toEqual(['image'])
})

test('finds a ledger row whose shared texts changed or are gone', () => {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  const writer = store.writer as Writable
  const { accountId } = saveAccount(writer, makeAccount(), midnight)
  applyListingPage(writer, accountId, credits, listingPage<{ id: string }>([makeTransaction()]), midnight)
  expect(broken(writer)).toEqual([])
  for (const change of [`UPDATE ledger_texts SET model = 'another'`, 'DELETE FROM ledger_texts']) {
    writer.exec(change)
    expect(broken(writer).map(({ check }) => check)).toContain('row_hashes')
  }
  store.close()
  folder.remove()
})

const job = makeJob({ results: [makeResult('result')], finishedAt: midnight + minute })
const storedCases = (from: Readable) => from.prepare('SELECT reason, since FROM refund_cases').all()
const shownCases = (from: Readable) => from.prepare('SELECT reason, since FROM v_cases').all()

test('reads cases, rows and hashes of a file of the version before, and changes none that is decided again', () => {
  const folder = temporaryFolder()
  const old = new Database(join(folder.path, 'carat.db'))
  old.pragma(`application_id = ${0x43525443}`)
  migrate(old, 27)
  old.close()
  const { writer, close } = openStore(folder.path) as { writer: Writable; close(): void }
  const { accountId } = saveAccount(writer, makeAccount(), midnight)
  const charge = makeTransaction({ jobId: 'job-1', feature: 'image', source: 'paid', model: 'Z Image' })
  applyListingPage(writer, accountId, agent1, listingPage<{ id: string }>([job]), midnight)
  applyListingPage(writer, accountId, agent2, listingPage<{ id: string }>([]), midnight)
  applyListingPage(writer, accountId, credits, listingPage<{ id: string }>([charge]), midnight)
  expect(storedCases(writer)).toEqual([{ reason: '', since: 0 }])
  const shown = [{ reason: 'delivered', since: midnight + minute }]
  expect(shownCases(writer)).toEqual(shown)

  // As version 27 stored them: whole.
  const whole = hash('sha256', JSON.stringify(Object.values(charge)), 'buffer')
  expect(writer.prepare('SELECT hash FROM credit_transactions').pluck().get()).toEqual(whole.subarray(0, 8))
  writer.prepare('UPDATE credit_transactions SET hash = ?').run(whole.subarray(0, 16))
  writer.prepare(`UPDATE refund_cases SET reason = 'delivered', since = ?`).run(midnight + minute)
  writer.exec(`UPDATE credit_transactions SET text_number = NULL, feature = 'image', source = 'paid', model = 'Z Image';
    DELETE FROM ledger_texts`)
  expect(broken(writer)).toEqual([])
  expect(shownCases(writer)).toEqual(shown)
  const caseIds = writer.prepare<[], number>('SELECT case_id FROM refund_cases').pluck().all()
  expect([...decideCases(writer, caseContext(writer, accountId, midnight), caseIds)]).toEqual([])
  writer.prepare('UPDATE credit_transactions SET hash = ?').run(whole.subarray(0, 4))
  expect(broken(writer).map(({ check }) => check)).toEqual(['row_hashes'])
  close()
  folder.remove()
})

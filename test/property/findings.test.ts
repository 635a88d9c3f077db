/** Plants breaks in clean ledgers: each must be found once under its kind, and a clean ledger has no finding. */

import { expect, test } from 'vitest'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { ledgerFindings } from '../../src/core/store/ledger/findings.ts'
import { acceptListing, restartListing } from '../../src/core/sync/snapshots.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { Finding } from '../../src/shared/views.ts'
import fc from '../support/fast-check.ts'
import { withStore } from '../support/hooks.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { chunks, shuffled } from '../support/random.ts'
import { makeAccount, makeTransaction, midnight, minute } from '../support/records.ts'
import { broken, clean, Piece } from './ledger-pieces.ts'

const draws = fc.record({ amount: fc.integer({ min: 4, max: 40 }), apart: fc.integer({ min: 0, max: minute - 1 }) })
const pieces = (kinds: Record<string, (piece: Piece) => void>) =>
  fc.record({ kind: fc.constantFrom(...Object.keys(kinds)), draw: draws })
const histories = (kinds: Record<string, (piece: Piece) => void>) =>
  fc.array(pieces(kinds), { minLength: 1, maxLength: 12 }).map((drawn) =>
    drawn.map(({ kind, draw }, index) => {
      const piece = new Piece(index, draw)
      kinds[kind]?.(piece)
      return piece
    }),
  )

const database = withStore()
let accounts = 0

/** The findings in a history that arrived in a random order and was then listed again without its retracted rows. */
function findingsOf(history: Piece[], seed: number): Finding[] {
  const random = seededRandom(seed)
  const accountId = saveAccount(database, makeAccount({ id: `account ${++accounts}` }), midnight).accountId
  const jobs = history.flatMap((piece) => piece.jobs)
  // A withdrawal is a gap between listed rows, so an older row stays listed.
  const oldest = makeTransaction({
    id: 'oldest',
    kind: 'grant',
    amount: 1,
    feature: null,
    occurredAt: midnight - minute,
  })
  const transactions = [oldest, ...history.flatMap((piece) => piece.transactions)]
  const deliveries = [
    { from: agent1, items: jobs.filter(({ agent }) => agent === 'agent-1') },
    { from: agent2, items: jobs.filter(({ agent }) => agent === 'agent-2') },
    { from: credits, items: transactions },
  ].flatMap(({ from, items }) => chunks(shuffled<{ id: string }>(items, random), 3).map((page) => ({ from, page })))
  for (const from of [agent1, agent2, credits])
    applyListingPage(database, accountId, from, listingPage<{ id: string }>([]), midnight)
  for (const { from, page } of shuffled(deliveries, random)) {
    applyChangesPage(database, accountId, from, changesPage(page), midnight)
  }
  const retracted = new Set(history.flatMap((piece) => piece.retracted))
  restartListing(database, accountId, credits)
  const listed = transactions.filter(({ id }) => !retracted.has(id))
  applyListingPage(database, accountId, credits, listingPage(listed), midnight)
  acceptListing(database, accountId, credits, midnight)
  return ledgerFindings(database, { ids: [accountId], nameOf: () => null }, midnight)
}

const told = (findings: Finding[]) =>
  findings.map(({ kind, amount, transactionIds }) => [kind, amount, transactionIds.toSorted()] as const)
const inOrder = <Row>(rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort()

test('finds each planted break with its kind, credits and rows, and names no row twice', {
  timeout: 120_000,
}, () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(histories({ ...clean, ...broken }), fc.integer(), (history, seed) => {
      const findings = findingsOf(history, seed)
      expect(inOrder(told(findings))).toEqual(inOrder(history.flatMap((piece) => piece.found)))
      const named = findings.flatMap(({ transactionIds }) => transactionIds)
      expect(new Set(named).size).toBe(named.length)
      for (const { kind } of findings) reached.add(kind)
    }),
    { numRuns: 150, examples: [[everyOne(), 1]] },
  )
  expect([...reached].sort()).toEqual(['double_charge', 'double_refund', 'refund_without_charge', 'withdrawn_charge'])
})

/** A piece of every kind, clean and broken. */
const everyOne = () =>
  Object.values({ ...clean, ...broken }).map((make, index) => {
    const piece = new Piece(index, { amount: 10, apart: minute - 1 })
    make(piece)
    return piece
  })

test('finds nothing in a clean ledger', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(histories(clean), fc.integer(), (history, seed) => {
      expect(findingsOf(history, seed)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

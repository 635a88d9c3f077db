/** Histories of which the service lists only a part: no refund that the balance proves may be called missing. */
import { expect, test } from 'vitest'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { checkCases } from '../../src/core/store/checks/cases.ts'
import { storedReach } from '../../src/core/store/ledger/balance-jumps.ts'
import fc from '../support/fast-check.ts'
import { withStore } from '../support/hooks.ts'
import { agent1, applyChangesPage, applyListingPage, changesPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

const database = withStore()
const hour = 60 * minute
let accounts = 0

/** Events at Carat, an hour or more apart: a failed job with its charge, its refund, or a chat. */
const events = fc.array(
  fc.record({
    what: fc.constantFrom('job', 'job', 'refund', 'silent refund', 'chat', 'chat'),
    which: fc.nat(9),
    hours: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 3, maxLength: 14 },
)
/** The share of the history that a sync is shown; the rest lags. */
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 })

/** Amounts of which no sum equals another, so that nothing hides behind a coincidence. */
const amountOf = (index: number) => 2 ** index

interface Life {
  rows: CreditTransaction[]
  jobs: Job[]
  /** The balance after each event, and when it happened. */
  balances: { at: number; balance: number }[]
  /** When each job got its credits back, by a row or silently. */
  refundedAt: Map<string, number>
}

function live(happenings: typeof events extends fc.Arbitrary<infer Value> ? Value : never): Life {
  const life: Life = { rows: [], jobs: [], balances: [], refundedAt: new Map() }
  let at = midnight
  let balance = 1_000_000
  const write = (partial: Partial<CreditTransaction>) => {
    balance += partial.amount as number
    const row = { id: `row ${life.rows.length}`, occurredAt: at, balanceAfter: balance, ...partial }
    life.rows.push(makeTransaction(row))
  }
  write({ kind: 'grant', feature: null, amount: 0 })
  for (const [index, { what, which, hours }] of happenings.entries()) {
    at += hours * hour
    const open = life.jobs.filter(({ id }) => !life.refundedAt.has(id))
    const job = open[which % Math.max(1, open.length)]
    if (what === 'job') {
      const id = `job ${index}`
      const failure = { code: 'x', origin: 'system', message: null } as const
      life.jobs.push(makeJob({ id, status: 'failed', failure, createdAt: at, finishedAt: at }))
      write({ amount: -amountOf(index), jobId: id, agent: 'agent-1' })
    } else if (what === 'chat') write({ feature: 'chat', amount: -amountOf(index) })
    else if (job) {
      const charge = life.rows.find(({ jobId }) => jobId === job.id) as CreditTransaction
      life.refundedAt.set(job.id, at)
      if (what === 'silent refund') balance -= charge.amount
      else write({ kind: 'refund', amount: -charge.amount, jobId: job.id, agent: 'agent-1' })
    }
    life.balances.push({ at, balance })
  }
  return life
}

const statuses = (accountId: number) =>
  database
    .prepare<[number], { jobId: string; refundStatus: string }>(
      'SELECT jobId, refundStatus FROM v_cases WHERE accountId = ?',
    )
    .all(accountId)

test('calls no refund missing that the stated balance counts, and finds every verdict again', {
  timeout: 120_000,
}, () => {
  const seen = { missing: 0, doubted: 0, ended: 0 }
  fc.assert(
    fc.property(events, shares, (happenings, shown) => {
      const { rows, jobs, balances, refundedAt } = live(happenings)
      const id = `account ${++accounts}`
      let accountId = 0
      let delivered = 0
      let before = 0
      for (const share of [...shown.toSorted(), 1]) {
        // The sync comes some time after an event; the history that it gets ends earlier.
        const event = balances[Math.ceil(share * (balances.length - 1))] as Life['balances'][number]
        const now = Math.max(event.at + 45 * minute, before + 1)
        before = now
        const account = makeAccount({ id, balance: event.balance, balanceAsOf: now })
        accountId = saveAccount(database, account, now).accountId
        const happened = rows.filter(({ occurredAt }) => occurredAt <= event.at)
        const listed = Math.max(delivered, Math.ceil(share * happened.length))
        const page = rows.slice(delivered, listed)
        if (delivered === 0) {
          applyListingPage(database, accountId, agent1, listingPage<{ id: string }>([]), now)
          applyListingPage(database, accountId, credits, listingPage<{ id: string }>([]), now)
        }
        delivered = listed
        const known: { id: string }[] = jobs.filter(({ createdAt }) => createdAt <= event.at)
        applyChangesPage(database, accountId, agent1, changesPage(known, { requestedAt: now }), now)
        applyChangesPage(database, accountId, credits, changesPage<{ id: string }>(page, { requestedAt: now }), now)
        expect(checkCases(database, accountId, now).examples).toEqual([])
        const { historyEndsAt } = storedReach(database, accountId)
        if (historyEndsAt !== null) seen.ended++
        // A history that ends early speaks for the time until its end; a charge after it can hide a later refund.
        const readUntil = historyEndsAt ?? event.at
        for (const { jobId, refundStatus } of statuses(accountId)) {
          if (refundStatus === 'cannot_tell') seen.doubted++
          if (refundStatus !== 'refund_missing') continue
          seen.missing++
          expect(refundedAt.get(jobId) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(readUntil)
        }
      }
    }),
    { numRuns: 400 },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
})

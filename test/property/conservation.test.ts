/** No credit is lost or counted twice: the sums of a large account balance after every page, in any order of pages. */
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { evaluateCases } from '../../src/core/store/cases/due-cases.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { restartListing } from '../../src/core/sync/snapshots.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { Agent } from '../../src/shared/values.ts'
import { temporaryFolder } from '../support/core.ts'
import { brokenInvariants } from '../support/invariants.ts'
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
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'
import { expectedCases, expectedLinks } from './ledger-model.ts'
import { storedCases, storedLinks } from './stored-cases.ts'

const jobCount = 4_800
const transactionCount = 20_000
const pageSize = 1_000
const now = midnight + jobCount * minute
const policy = { refundGraceMs: 10 * minute, generationLimitMs: 30 * minute }

test(`counts every credit of ${transactionCount} generated transactions once`, { timeout: 300_000 }, () => {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  try {
    const database = store.writer as Writable
    // This test does not need to survive a power cut.
    database.pragma('synchronous = OFF')
    const accountId = saveAccount(database, makeAccount(), midnight).accountId
    const random = seededRandom(20_260_128)
    const jobs = makeJobs(random)
    const transactions = makeTransactions(jobs, random)

    /** The sum of all stored charges and refunds that are not retracted, counted page by page. */
    let delivered = 0
    const booked = database
      .prepare<[], number>(
        `SELECT coalesce((SELECT sum(charged - refunded) FROM refund_cases), 0) -
           coalesce((SELECT sum(amount) FROM credit_transactions WHERE case_id IS NULL AND retracted_at IS NULL
             AND kind IN ('charge', 'refund', 'grant', 'adjustment', 'top_up')), 0)`,
      )
      .pluck()
    const balanced = () => booked.get() === -delivered

    const seen = new Set<string>()
    const duplicates = transactions.filter(() => random() < 0.05)
    const pages = [
      ...chunks(shuffled([...transactions, ...duplicates], random), pageSize).map((items) => ({
        from: credits,
        items,
      })),
      ...(['agent-1', 'agent-2'] as const).flatMap((agent) => {
        const own = jobs.filter((job) => job.agent === agent)
        return chunks(shuffled(own, random), pageSize).map((items) => ({
          from: agent === 'agent-1' ? agent1 : agent2,
          items: items as { id: string }[],
        }))
      }),
    ]
    for (const from of [agent1, agent2, credits]) {
      applyListingPage(database, accountId, from, listingPage<{ id: string }>([]), now)
    }
    for (const { from, items } of shuffled(pages, random)) {
      // As in a long sync: the streams are read to their end after the last page.
      applyChangesPage(database, accountId, from, changesPage(items, { requestedAt: now, hasMore: true }), now)
      for (const row of from === credits ? (items as CreditTransaction[]) : []) {
        if (seen.has(row.id) || !mayCount(row)) continue
        seen.add(row.id)
        delivered += row.amount
      }
      if (!balanced()) throw new Error(`unbalanced after a page of ${from.stream}`)
    }
    for (const from of [agent1, agent2, credits]) {
      applyChangesPage(database, accountId, from, changesPage<{ id: string }>([], { requestedAt: now }), now)
    }
    expect(seen.size).toBe(transactions.filter(mayCount).length)

    // A new snapshot without one row in fifty.
    const retracted = new Set(transactions.filter(() => random() < 0.02).map((row) => row.id))
    const listed = chunks(
      transactions.filter((row) => !retracted.has(row.id)),
      pageSize,
    )
    restartListing(database, accountId, credits)
    for (const [index, items] of listed.entries()) {
      const last = index + 1 === listed.length
      const page = listingPage(items, { nextPage: last ? null : `page ${index + 1}` })
      applyListingPage(database, accountId, credits, page, now)
      if (last) {
        for (const row of transactions) if (retracted.has(row.id) && mayCount(row)) delivered -= row.amount
      }
      if (!balanced()) throw new Error(`unbalanced after page ${index} of the new listing`)
    }

    expect(brokenInvariants(database)).toEqual([])
    evaluateCases(database, caseContext(database, accountId, now))
    const known = { jobs, transactions, retracted, endSeenAt: now, creditsRead: true }
    const readUntil = { 'jobs:agent-1': now, 'jobs:agent-2': now, credits: now }
    expect(differences(storedLinks(database, accountId), expectedLinks(known))).toEqual([])
    expect(differences(storedCases(database, accountId), expectedCases(known, policy, readUntil, now))).toEqual([])
  } finally {
    store.close()
    folder.remove()
  }
})

/** Whether rows of a kind may count in a case. */
const mayCount = ({ kind }: CreditTransaction) => ['charge', 'refund', 'grant', 'adjustment', 'top_up'].includes(kind)

/** The names whose values differ, at most ten to keep a failure readable. */
function differences<Value>(stored: Map<string, Value>, expected: Map<string, Value>): string[] {
  const names = new Set([...stored.keys(), ...expected.keys()])
  const differs = (name: string) => stored.has(name) !== expected.has(name)
  return [...names]
    .filter((name) => differs(name) || !isDeepStrictEqual(stored.get(name), expected.get(name)))
    .slice(0, 10)
}

/** Jobs a minute apart; every third id exists in both agents. */
function makeJobs(random: () => number): Job[] {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value
  return Array.from({ length: jobCount }, (_, index) => {
    const agent: Agent = index % 3 === 1 ? 'agent-2' : 'agent-1'
    const createdAt = midnight + index * minute
    const status = pick(['queued', 'running', 'succeeded', 'succeeded', 'succeeded', 'failed', 'canceled', 'paused'])
    return makeJob({
      id: `job-${index % 3 === 1 ? index - 1 : index}`,
      agent,
      createdAt,
      status,
      failure: status === 'failed' ? { code: 'x', origin: pick(['system', 'policy', 'user']), message: null } : null,
      finishedAt: pick([null, createdAt + 5 * minute]),
      results: status === 'succeeded' && random() < 0.9 ? [makeResult('one')] : [],
    })
  })
}

/** Charges of every kind; full, partial and excess refunds, by job, by charge, and of unknown charges. */
function makeTransactions(jobs: readonly Job[], random: () => number): CreditTransaction[] {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value
  const rows: CreditTransaction[] = []
  const add = (partial: Partial<CreditTransaction>) =>
    rows.push(makeTransaction({ ...partial, id: `transaction-${rows.length}` }))
  while (rows.length < transactionCount) {
    const job = pick(jobs)
    const occurredAt = job.createdAt + Math.floor(random() * minute)
    const amount = 1 + Math.floor(random() * 40)
    const agent = pick([job.agent, job.agent, null])
    const draw = random()
    if (draw < 0.1) {
      add({ kind: pick(['grant', 'top_up', 'adjustment']), feature: null, amount, occurredAt })
    } else if (draw < 0.2) {
      add({ feature: pick(['chat', 'web_search', 'file_analysis', 'code']), amount: -amount, occurredAt })
    } else {
      const jobId = pick([job.id, job.id, job.id, job.id, null, `lost-${job.id}`])
      add({ feature: pick(['image', 'video', null]), amount: -amount, occurredAt, jobId, agent })
    }
    if (random() > 0.3) continue
    const charge = rows.at(-1) as CreditTransaction
    const given = random() < 0.7 ? amount : Math.ceil(amount / 3)
    const way = pick(['reverses', 'job', 'both', 'nothing'])
    add({
      kind: 'refund',
      feature: charge.feature,
      amount: given,
      occurredAt: occurredAt + minute,
      agent: charge.agent,
      jobId: way === 'job' || way === 'both' ? charge.jobId : null,
      reverses: way === 'reverses' || way === 'both' ? charge.id : way === 'nothing' ? 'unknown' : null,
    })
  }
  return rows
}

/** Charges in the case of a job are not in the index by job: they are found by their case. */
import { expect, test } from 'vitest'
import { scopeOfAll } from '../../src/core/store/accounts/account-scope.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { listLedger } from '../../src/core/store/ledger/ledger-queries.ts'
import { applyPages } from '../../src/core/sync/pages.ts'
import { withNewStores } from '../support/hooks.ts'
import { agent1, agent2, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

const end = midnight + 60 * minute
let database: Writable
withNewStores(end, (opened) => {
  database = opened
})

const page = (...items: { id: string }[]) => listingPage<{ id: string }>(items)
const agentOfCase = (id: string) =>
  database
    .prepare('SELECT j.agent FROM credit_transactions t JOIN jobs j ON j.row_id * 2 = t.case_id WHERE t.id = ?')
    .pluck()
    .get(id)

test('a charge without an agent moves from the job of Agent 2.0 to the job of Agent 1.0 that has the same id', () => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  applyListingPage(database, accountId, agent2, page(makeJob({ id: 'same', agent: 'agent-2' })), end)
  const charges = [null, 'agent-2' as const].map((agent) =>
    makeTransaction({ id: `charge of ${agent}`, jobId: 'same', agent, occurredAt: midnight + minute }),
  )
  applyListingPage(database, accountId, credits, page(...charges), end)
  expect(charges.map(({ id }) => agentOfCase(id))).toEqual(['agent-2', 'agent-2'])
  applyListingPage(database, accountId, agent1, page(makeJob({ id: 'same', createdAt: midnight + 2 * minute })), end)
  expect(charges.map(({ id }) => agentOfCase(id))).toEqual(['agent-1', 'agent-2'])
})

test('a charge counts in its job if both come in one round, whichever page is first', () => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const charge = makeTransaction({ id: 'charge', jobId: 'job-1', agent: null, occurredAt: midnight + minute })
  applyPages(
    database,
    accountId,
    [
      { source: credits, page: page(charge) },
      { source: agent1, page: page(makeJob({ id: 'job-1' })) },
    ],
    end,
  )
  expect(agentOfCase('charge')).toBe('agent-1')
  const facet = database.prepare(`SELECT f.agent FROM credit_transactions t JOIN ledger_facets f USING (facet_id)`)
  expect(facet.pluck().all()).toEqual(['agent-1'])
})

test('a charge without an agent counts in a known job of Agent 1.0, also if one of Agent 2.0 comes in its round', () => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  applyListingPage(database, accountId, agent1, page(makeJob({ id: 'same' })), end)
  const charges = [null, 'agent-2' as const].map((agent) =>
    makeTransaction({ id: `charge of ${agent}`, jobId: 'same', agent, occurredAt: midnight + minute }),
  )
  const round = [
    { source: agent2, page: page(makeJob({ id: 'same', agent: 'agent-2', createdAt: midnight + 2 * minute })) },
    { source: credits, page: page(...charges) },
  ]
  applyPages(database, accountId, round, end)
  expect(charges.map(({ id }) => agentOfCase(id))).toEqual(['agent-1', 'agent-2'])
})

test('a search of the ledger finds the rows of a job by its id, with and without a job that we have', () => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  applyListingPage(database, accountId, agent1, page(makeJob({ id: 'known' })), end)
  const rows = ['known', 'unknown'].flatMap((jobId, index) => [
    makeTransaction({ id: `charge ${jobId}`, jobId, occurredAt: midnight + index * minute }),
    makeTransaction({ id: `refund ${jobId}`, kind: 'refund', amount: 5, jobId, occurredAt: midnight + index * minute }),
  ])
  applyListingPage(database, accountId, credits, page(...rows), end)
  const found = (text: string) => {
    const { items } = listLedger(database, scopeOfAll(database), { text }, Number.MAX_SAFE_INTEGER, 10)
    return items.map(({ id }) => id).sort()
  }
  expect(found('known')).toEqual(['charge known', 'refund known'])
  expect(found('unknown')).toEqual(['charge unknown', 'refund unknown'])
})

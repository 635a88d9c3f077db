/** A new revision of a job decides cases again if anything changed on which they depend. `verify` compares them after each test. */
import { expect, test } from 'vitest'
import type { Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { withNewStores } from '../support/hooks.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

const end = midnight + 600 * minute
let database: Writable
withNewStores(end, (opened) => {
  database = opened
})

const failed = {
  status: 'failed',
  failure: { code: 'x', origin: 'system', message: null },
  finishedAt: midnight + minute,
}
const delivered = { finishedAt: midnight + minute, results: [makeResult('result')] }
const charged = { jobId: 'job-1', agent: 'agent-1' } as const

/** What changed, the job before, the changes, and what names its charge. */
const revisions: [string, Partial<Job>, Partial<Job>, Partial<typeof charged>][] = [
  ['status', { ...delivered, status: 'failed' }, { status: 'succeeded' }, charged],
  ['origin of the failure', failed, { failure: { code: 'x', origin: 'policy', message: null } }, charged],
  ['end, within the grace', failed, { finishedAt: end - minute }, charged],
  ['number of results', delivered, { results: [] }, charged],
  ['number of requested results', delivered, { requestedResults: 2 }, charged],
  ['creation, within the limit', { status: 'running' }, { createdAt: end - minute }, charged],
  ['model', failed, { model: 'Other' }, charged],
  ['kind', failed, { kind: 'video' }, charged],
  ['model, which is no longer that of a charge without a job', delivered, { model: 'Other' }, {}],
]

test.each(revisions)('%s', (_, before, after, names) => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const page = (...items: { id: string }[]) => listingPage<{ id: string }>(items)
  const charge = makeTransaction({ ...names, model: 'Z Image' })
  for (const [stream, items] of [
    [agent1, [makeJob(before)]],
    [agent2, []],
    [credits, [charge]],
  ] as const) {
    applyListingPage(database, accountId, stream, page(...items), end)
    applyChangesPage(database, accountId, stream, changesPage<{ id: string }>([], { requestedAt: end }), end)
  }
  const storedCases = () =>
    database.prepare('SELECT facet_id, reason, charged, refunded, deadline_at FROM refund_cases ORDER BY case_id').all()
  const stored = storedCases()
  const revised = makeJob({ ...before, ...after, revision: 2 })
  applyChangesPage(database, accountId, agent1, changesPage<{ id: string }>([revised], { requestedAt: end }), end)
  expect(storedCases()).not.toEqual(stored)
})

/** Histories as services really write them: refunds without ids or of another kind, and jobs with several rows. */
import { expect, test } from 'vitest'
import type { Page } from '../support/fake-service.ts'
import { at, results, systemFailure, withHistory } from '../support/odd-history.ts'

const { bench, job, failed, row, syncedCase } = withHistory()

test('does not call a refund missing if a refund of the amount names nothing', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('refund', 33, { occurredAt: at(12), memo: 'Refund: video generation' })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_refund', outstanding: 0 })
  expect(found.possible.refunds.map(({ id }) => id)).toEqual(['refund'])
  expect(found.evidence.map(({ claim }) => claim)).toContain('possible_refund')
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

test.each([
  ['a grant', { kind: 'grant', source: 'promotion', memo: 'compensation' }],
  ['a grant without a source', { kind: 'grant' }],
  ['an adjustment', { kind: 'adjustment' }],
] as const)('does not call a refund missing if %s of the amount names nothing', async (_, more) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { ...more, feature: undefined, occurredAt: at(12) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_refund', outstanding: 0 })
  expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'possible_refund_as', detail: more.kind }))
})

test.each(['other', 'compensation'])(
  'does not call a refund missing if a refund names only the feature %s',
  async (feature) => {
    failed('a')
    row('charge', -33, { jobId: 'a' })
    row('refund', 33, { feature, occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_refund' })
  },
)

test.each(['chat', 'image'])('calls a refund missing although a refund of %s has its amount', async (feature) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('refund', 33, { feature, occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', outstanding: 33 })
})

test.each([
  ['comes with the plan', { kind: 'grant', source: 'subscription' }],
  ['comes every day', { kind: 'grant', source: 'daily_free' }],
  ['was bought', { kind: 'top_up', source: 'top_up' }],
] as const)('calls a refund missing although an equal amount %s', async (_, more) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('other', 33, { ...more, feature: undefined, occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', outstanding: 33 })
})

test.each(['refund', 'grant', 'adjustment'] as const)(
  'counts a %s that names nothing once if two cases have its amount',
  async (kind) => {
    for (const id of ['a', 'b']) {
      failed(id)
      row(`charge-${id}`, -33, { jobId: id })
    }
    row('refund', 33, { kind, occurredAt: at(12) })
    const found = await syncedCase('job:agent-1:a')
    const other = await bench.ask('refunds.get', { case: 'job:agent-1:b' })
    for (const one of [found, other])
      expect(one).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_refund' })
    expect(found.outstanding + other.outstanding).toBe(33)
    expect(found.possible.cases.map((rival) => rival.case)).toEqual(['job:agent-1:b'])
    expect(await bench.ask('refunds.counts', {})).toMatchObject({ attention: 2, attentionCredits: 33 })
  },
)

test('calls a refund missing again if the refund that names nothing is retracted', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('refund', 33, { occurredAt: at(12) })
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund' })
  bench.fake.transactions.delete('refund')
  bench.fake.trimLog()
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', outstanding: 33 })
})

test('names the uncharged job near a charge without a job', async () => {
  job('a')
  row('charge', -33, { model: 'Kling' })
  const found = await syncedCase('charge:charge')
  expect(found).toMatchObject({ refundStatus: 'needs_review', reason: 'possible_job' })
  expect(found.possible.jobs.map(({ jobId }) => jobId)).toEqual(['a'])
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:a' })).toMatchObject({ refundStatus: 'not_charged' })
})

test('says that the job of a charge was deleted before it was read', async () => {
  row('old', -1, { occurredAt: at(1), feature: 'chat' })
  await bench.sync()
  row('charge', -33, { jobId: 'a', agent: 'agent-1' })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
  failed('a')
  bench.fake.deleteJob('a')
  bench.fake.fault('/v1/jobs/changes', {
    body: (page: Page) => ({ ...page, items: page.items.filter((item) => item.deleted === true) }),
  })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'needs_review', reason: 'job_deleted' })
})

test('counts a refund that names nothing for the charge near a failed job, not for an older one near a delivered job', async () => {
  for (const [id, minutes] of [
    ['a', 10],
    ['b', 70],
  ] as const) {
    const times = { chatId: id, createdAt: at(minutes), finishedAt: at(minutes + 1) }
    if (id === 'a') job(id, times)
    else failed(id, times)
    row(`charge-${id}`, -33, { occurredAt: at(minutes) })
  }
  row('refund', 33, { occurredAt: at(73) })
  expect(await syncedCase('charge:charge-b')).toMatchObject({ reason: 'possible_refund', outstanding: 0 })
  expect(await bench.ask('refunds.get', { case: 'charge:charge-a' })).toMatchObject({ outstanding: 33 })
  bench.fake.reviseJob('a', { status: 'failed', failure: systemFailure, results: [] })
  expect(await syncedCase('charge:charge-a')).toMatchObject({ reason: 'possible_refund', outstanding: 0 })
})

test('calls the job of a charge missing again once another charge names the job near it', async () => {
  job('a')
  row('charge', -33)
  expect(await syncedCase('charge:charge')).toMatchObject({ reason: 'possible_job' })
  row('late', -33, { jobId: 'a' })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
})

test('calls it missing again also if credits were taken for that job before the charge of the job came', async () => {
  job('a')
  row('charge', -33)
  row('taken', -33, { kind: 'adjustment', feature: undefined, jobId: 'a', occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ charged: 33 })
  expect(await syncedCase('charge:charge')).toMatchObject({ reason: 'possible_job' })
  row('late', -33, { jobId: 'a' })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'result_missing', reason: 'no_job' })
})

test.each([
  ['a grant that names the job', { kind: 'grant', source: 'promotion', jobId: 'a', memo: 'compensation' }],
  ['an adjustment that reverses the charge', { kind: 'adjustment', reverses: 'charge' }],
  ['a top-up that names the job', { kind: 'top_up', source: 'top_up', jobId: 'a' }],
  ['a top-up that reverses the charge', { kind: 'top_up', source: 'top_up', reverses: 'charge' }],
] as const)('counts %s as given back', async (_, more) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { ...more, feature: undefined, occurredAt: at(12) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'refunded', reason: 'refund_posted', outstanding: 0 })
  expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'refunded_as', detail: more.kind }))
})

test.each([
  ['the job', { jobId: 'a' }],
  ['the refund', { reverses: 'back' }],
])('opens a case again if a refund is taken back by an adjustment that names %s', async (_, more) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { jobId: 'a', occurredAt: at(12) })
  row('taken', -33, { ...more, kind: 'adjustment', feature: undefined, occurredAt: at(13) })
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'refund_missing', charged: 33, refunded: 0, outstanding: 33 })
  expect(found.evidence.map(({ claim }) => claim)).toContain('taken_back')
})

test.each([
  ['nothing', {}],
  ['a job that we do not have', { jobId: 'lost' }],
  ['a charge that we do not have', { reverses: 'lost' }],
])('does not call a refund missing while a record that names %s and may be it cannot be read', async (_, names) => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('later', -33, { occurredAt: at(60), jobId: 'b' })
  failed('b', { createdAt: at(60), finishedAt: at(61) })
  row('back', 33, { ...names, occurredAt: at(12) })
  const breakIt = {
    body: (page: Page) => ({
      ...page,
      items: page.items.map((item) => (item.id === 'back' ? { ...item, amount: '33' } : item)),
    }),
  }
  bench.fake.fault('/v1/credits/transactions', breakIt)
  const found = await syncedCase('job:agent-1:a')
  expect(found).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'], unreadable: ['credits'] })
  expect(found.evidence.map(({ claim }) => claim)).toContain('record_unreadable')
  // Written before its charge, the record cannot be the refund of this case.
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:b' })).toMatchObject({ refundStatus: 'refund_missing' })
  bench.fake.trimLog()
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', unreadable: [] })
})

test('decides again once the job is known that a record names which cannot be read', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { jobId: 'late', occurredAt: at(12) })
  const breakIt = (page: Page) => ({
    ...page,
    items: page.items.map((item) => (item.id === 'back' ? { ...item, amount: '33' } : item)),
  })
  bench.fake.fault('/v1/credits/transactions', { body: breakIt })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'cannot_tell', unreadable: ['credits'] })
  failed('late', { createdAt: at(600), finishedAt: at(601) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', reason: 'system_failure' })
})

test('counts refunds of the single charges of a job that name nothing', async () => {
  failed('a')
  row('first', -33, { jobId: 'a' })
  row('back first', 33, { occurredAt: at(11) })
  row('second', -33, { jobId: 'a', occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: 33 })
  row('back second', 33, { occurredAt: at(13) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: 0 })
})

test('counts a refund of all charges that names nothing after one of a single charge', async () => {
  failed('a', { failure: { code: 'x', origin: 'policy' } })
  row('first', -12, { jobId: 'a' })
  row('back', 12, { occurredAt: at(12) })
  row('second', -12, { jobId: 'a', occurredAt: at(13) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: 12 })
  row('all', 24, { occurredAt: at(14) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: -12 })
})

test('calls a refund missing again if the refund that names nothing is taken again', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: 0 })
  row('taken', -33, { kind: 'adjustment', reverses: 'back', feature: undefined, occurredAt: at(13) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', outstanding: 33 })
  expect(await bench.ask('credits.findings', { days: 30 })).toEqual([])
})

test('counts a whole refund that names nothing after a part came back', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('part', 10, { jobId: 'a', occurredAt: at(11) })
  row('back', 33, { occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: -10 })
})

test.each([
  [4, 132, 66],
  [3, 50, 17],
])(
  'counts the share of the results missing of %i if its refund names nothing',
  async (requestedResults, price, share) => {
    job('a', { requestedResults, results: results(2) })
    row('charge', -price, { jobId: 'a' })
    row('back', share, { occurredAt: at(12) })
    expect(await syncedCase('job:agent-1:a')).toMatchObject({ reason: 'possible_refund', outstanding: price - share })
  },
)

test('takes credits again from the charge to which their refund went', async () => {
  failed('a')
  row('charge', -33)
  row('back', 33, { reverses: 'charge', jobId: 'a', occurredAt: at(12) })
  row('taken', -33, { kind: 'adjustment', jobId: 'a', feature: undefined, occurredAt: at(13) })
  row('again', 33, { reverses: 'charge', jobId: 'a', occurredAt: at(14) })
  expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'refunded', charged: 33, outstanding: 0 })
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:a' })).toMatchObject({ refundStatus: 'not_charged' })
})

test.each([
  ['names the job', { jobId: 'a' }],
  ['reverses the refund', { reverses: 'b-back' }],
])('takes credits again if the row %s and has the time of the refund and a lower id', async (_, more) => {
  failed('a')
  row('c-charge', -33, { jobId: 'a', agent: 'agent-2' })
  row('b-back', 33, { reverses: 'c-charge', jobId: 'a', occurredAt: at(12) })
  row('a-taken', -33, { kind: 'adjustment', feature: undefined, occurredAt: at(12), ...more })
  expect(await syncedCase('charge:c-charge')).toMatchObject({ refundStatus: 'result_missing', outstanding: 33 })
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:a' })).toMatchObject({ refundStatus: 'not_charged' })
})

test('gives credits back again through rows that reverse each other, in any order of their times', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a' })
  row('back', 33, { reverses: 'charge', occurredAt: at(13) })
  row('taken', -33, { kind: 'adjustment', reverses: 'back', feature: undefined, occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing', outstanding: 33 })
  row('again', 33, { kind: 'grant', reverses: 'taken', feature: undefined, occurredAt: at(12) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refunded', outstanding: 0 })
})

test('says that refunded credits had expired when they came', async () => {
  failed('a')
  row('charge', -33, { jobId: 'a', source: 'daily_free' })
  row('back', 33, { jobId: 'a', source: 'daily_free', occurredAt: at(600), expiresAt: at(599) })
  row('expired', -33, { kind: 'expiry', source: 'daily_free', feature: undefined, occurredAt: at(600) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refunded', reason: 'refund_lapsed' })
})

test('waits anew for the refund of a charge that comes long after the failure', async () => {
  failed('a')
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'not_charged' })
  const now = bench.clock.now()
  row('late', -33, { jobId: 'a', occurredAt: new Date(now - 30_000).toISOString() })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_pending', since: now - 30_000 })
  bench.clock.time += 11 * 60_000
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing' })
})

test('counts the wait from when the failure was first seen if Carat does not state its time', async () => {
  job('a', { status: 'queued', results: [], finishedAt: null })
  row('charge', -33, { jobId: 'a' })
  await bench.sync()
  const seen = bench.clock.now()
  bench.fake.reviseJob('a', { status: 'failed', failure: systemFailure, finishedAt: null })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_pending', since: seen })
  bench.clock.time += 5 * 60_000
  bench.fake.reviseJob('a', { prompt: 'corrected' })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_pending', since: seen })
  bench.clock.time += 6 * 60_000
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'refund_missing' })
})

test('shows two charges of a delivered job as one price', async () => {
  job('a')
  row('reserved', -1_505, { jobId: 'a' })
  row('settled', -5_102, { jobId: 'a', occurredAt: at(11) })
  expect(await syncedCase('job:agent-1:a')).toMatchObject({ refundStatus: 'completed', charged: 6_607, refunded: 0 })
})

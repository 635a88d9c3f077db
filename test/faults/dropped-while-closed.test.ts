/** The app was closed for longer than the service lists records: what came and went in between was never listed. */
import { describe, expect, test } from 'vitest'
import type { ProofStream } from '../../src/shared/values.ts'
import { failure, type LoggedRequest, type Page } from '../support/fake-service.ts'
import { at, results, withHistory } from '../support/odd-history.ts'
import { errorsOf } from '../support/sync-bench.ts'

const { bench, job, failed, row, syncedCase } = withHistory({ maxPage: 2 })
const laterPage = (path: string) => (request: LoggedRequest) =>
  request.path === path && request.query.page !== undefined
const day = 1_440
const missing = { refundStatus: 'result_missing', reason: 'no_job', jobsListedFrom: null }
const open = { status: 'running', results: [], finishedAt: null }
const jobOn = (id: string, days: number, more: object = {}) =>
  job(id, { createdAt: at(days * day), finishedAt: at(days * day + 1), results: results(1), ...more })
const failedOn = (id: string, days: number, more: object = {}) =>
  failed(id, { createdAt: at(days * day), finishedAt: at(days * day + 1), ...more })
const rowOn = (id: string, amount: number, days: number, more: object = {}) =>
  row(id, amount, { occurredAt: at(days * day), ...more })
const ask = (name: string) => bench.ask('refunds.get', { case: name })

/** Sets the clock to the noon of a day of the history. */
const goTo = (days: number) => {
  bench.clock.time = Date.parse(at(days * day + 720))
}

/** The service stops listing the records of a stream from before a day, and forgets its cursors. */
function drop(stream: ProofStream, before: number): void {
  const isOld = (time: string) => time < at(before * day)
  for (const { id, createdAt } of [...bench.fake.jobs.values()])
    if (stream !== 'credits' && isOld(createdAt)) bench.fake.jobs.delete(id)
  for (const { id, occurredAt } of [...bench.fake.transactions.values()])
    if (stream === 'credits' && isOld(occurredAt)) bench.fake.transactions.delete(id)
  bench.fake.trimLog()
}

describe('jobs that were listed and dropped while the app was closed', () => {
  /** Read on day 0 with a job; then a job of day 20 comes and goes, and the list of day 60 begins on day 50. */
  async function closeForSixtyDays(): Promise<void> {
    jobOn('first', 0)
    rowOn('charge-first', -33, 0, { jobId: 'first' })
    rowOn('lost-before', -33, -1, { jobId: 'x' })
    expect(await syncedCase('charge:lost-before')).toMatchObject(missing)
    rowOn('charge-dropped', -33, 20, { jobId: 'dropped' })
    jobOn('new', 50)
    rowOn('charge-new', -33, 50, { jobId: 'new' })
    rowOn('again', -33, 55, { jobId: 'dropped' })
    rowOn('lost-after', -33, 52, { jobId: 'y' })
    goTo(60)
    drop('jobs:agent-1', 50)
    await bench.restart()
  }

  test('leave no charge missing, and the charges before and after it stay missing', async () => {
    await closeForSixtyDays()
    const found = await syncedCase('charge:charge-dropped')
    const from = Date.parse(at(50 * day))
    expect(found).toMatchObject({ refundStatus: 'cannot_tell', reason: 'no_job', jobsListedFrom: from })
    expect(found.unread).toEqual(['jobs:agent-1'])
    expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'jobs_begin', at: from }))
    // It repeats the charge for the job that came and went.
    expect(await ask('charge:again')).toMatchObject({ refundStatus: 'cannot_tell', jobsListedFrom: from })
    expect(await ask('charge:lost-before')).toMatchObject(missing)
    expect(await ask('charge:lost-after')).toMatchObject(missing)
    expect(await ask('job:agent-1:first')).toMatchObject({ refundStatus: 'completed' })
  })

  test('leave no charge missing if the program dies in the middle of the shorter list', async () => {
    await closeForSixtyDays()
    for (const count of [1, 2, 3]) {
      jobOn(`other-${count}`, 50 + count)
    }
    bench.fake.fault(laterPage('/v1/jobs'), failure(503, 'unavailable'), 20)
    expect(errorsOf(await bench.sync())).not.toEqual({})
    await bench.restart()
    bench.fake.clearFaults()
    expect(await syncedCase('charge:charge-dropped')).toMatchObject({ refundStatus: 'cannot_tell' })
  })

  test.each([
    ['the first list', false],
    ['a later list', true],
  ])('leave no charge missing if %s showed no job at all', async (_, isRead) => {
    rowOn('old', -1, -1, { feature: 'chat' })
    if (isRead) {
      jobOn('gone', 0)
      await bench.sync()
      bench.fake.deleteJob('gone')
      await bench.sync()
    }
    goTo(60)
    bench.fake.trimLog()
    await bench.restart()
    rowOn('charge', -33, 20, { jobId: 'dropped' })
    jobOn('kept', 30)
    const isListing = ({ path }: LoggedRequest) => path === '/v1/jobs'
    bench.fake.fault(isListing, { body: (page: Page) => ({ ...page, items: [], total: 0, nextPage: null }) }, 2)
    expect(await syncedCase('charge:charge')).toMatchObject(missing)
    // The list lacked this job, so it may have lacked an older one.
    bench.fake.reviseJob('kept', { chatTitle: 'Renamed' })
    expect(await syncedCase('charge:charge')).toMatchObject({ refundStatus: 'cannot_tell', reason: 'no_job' })
  })

  test('count again once the service lists them again', async () => {
    await closeForSixtyDays()
    expect(await syncedCase('charge:charge-dropped')).toMatchObject({ refundStatus: 'cannot_tell' })
    jobOn('dropped', 20)
    bench.fake.trimLog()
    expect(await syncedCase('job:agent-1:dropped')).toMatchObject({ refundStatus: 'completed' })
    // The list now reaches back to day 20, so the charge of a later day is lost.
    rowOn('lost-between', -33, 30, { jobId: 'z' })
    expect(await syncedCase('charge:lost-between')).toMatchObject(missing)
    rowOn('unsure', -33, 10, { jobId: 'z' })
    expect(await syncedCase('charge:unsure')).toMatchObject({ refundStatus: 'cannot_tell' })
  })

  test('leave no charge missing if only a record that cannot be read shows that the list was longer', async () => {
    jobOn('first', 0)
    const breakIt = (page: { items: object[] }) => ({
      ...page,
      items: page.items.map((item) => ({ ...item, kind: 7 })),
    })
    bench.fake.fault('/v1/jobs', { body: breakIt }, 2)
    await bench.sync()
    expect(bench.database.prepare('SELECT record, listing_epoch FROM quarantined_records').raw().all()).toEqual([
      ['first', 1],
    ])
    rowOn('charge-dropped', -33, 20, { jobId: 'dropped' })
    jobOn('new', 50)
    goTo(60)
    drop('jobs:agent-1', 50)
    await bench.restart()
    expect(await syncedCase('charge:charge-dropped')).toMatchObject({
      refundStatus: 'cannot_tell',
      jobsListedFrom: Date.parse(at(50 * day)),
    })
  })

  test.each([
    ['cannot_tell', 'if a changed job shows that the list was cut', 2],
    ['result_missing', 'if a new job is only late', 1],
  ])('leave a charge %s although the only older job was deleted, %s', async (refundStatus, _, revision) => {
    jobOn('first', 0)
    await bench.sync()
    bench.fake.deleteJob('first')
    await bench.sync()
    rowOn('charge-dropped', -33, 20, { jobId: 'dropped' })
    jobOn('new', 50)
    goTo(60)
    bench.fake.trimLog()
    await bench.restart()
    // The user may have made nothing else.
    expect(await syncedCase('charge:charge-dropped')).toMatchObject(missing)
    jobOn('older', 10, { revision })
    const found = await syncedCase('charge:charge-dropped')
    const jobsListedFrom = revision === 1 ? null : Date.parse(at(50 * day))
    expect(found).toMatchObject({ refundStatus, reason: 'no_job', jobsListedFrom })
    rowOn('lost-after', -33, 52, { jobId: 'y' })
    expect(await syncedCase('charge:lost-after')).toMatchObject(missing)
  })

  test('prove what they did not finish only until they were listed last', async () => {
    for (const id of ['stuck', 'running']) jobOn(id, 0, open)
    rowOn('charge-stuck', -33, 0, { jobId: 'stuck' })
    expect(await syncedCase('job:agent-1:stuck')).toMatchObject({ refundStatus: 'result_missing', reason: 'stuck' })
    failedOn('other', 1)
    jobOn('running-now', 1, open)
    rowOn('charge-now', -33, 1, { jobId: 'running-now' })
    bench.clock.time = Date.parse(at(day + 10))
    expect(await syncedCase('job:agent-1:running-now')).toMatchObject({ refundStatus: 'in_progress' })
    for (const days of [10, 11]) jobOn(`new-${days}`, days)
    goTo(20)
    drop('jobs:agent-1', 5)
    await bench.restart()
    expect(await syncedCase('job:agent-1:stuck')).toMatchObject({ refundStatus: 'result_missing', reason: 'stuck' })
    const found = await ask('job:agent-1:running-now')
    expect(found).toMatchObject({ refundStatus: 'cannot_tell', reason: 'stuck', unread: ['jobs:agent-1'] })
    expect(found.evidence).toContainEqual(
      expect.objectContaining({ claim: 'jobs_begin', at: Date.parse(at(10 * day)) }),
    )
  })

  test('hide nothing if the list still reaches back to the last reading', async () => {
    jobOn('old', 0)
    jobOn('known', 9)
    rowOn('charge-known', -33, 9, { jobId: 'known' })
    goTo(10)
    expect(await syncedCase('job:agent-1:known')).toMatchObject({ refundStatus: 'completed' })
    rowOn('lost', -33, 15, { jobId: 'x' })
    jobOn('new', 20)
    goTo(25)
    drop('jobs:agent-1', 5)
    await bench.restart()
    expect(await syncedCase('charge:lost')).toMatchObject(missing)
  })
})

describe('credits that were listed and dropped while the app was closed', () => {
  const unproven = { refundStatus: 'cannot_tell', reason: 'system_failure', unread: ['credits'] }

  /** A failed job was read on day 0; the history of day 60 begins on day 50. */
  async function closeForSixtyDays(): Promise<void> {
    for (const [id, days] of [
      ['early', -45],
      ['late', 0],
    ] as const) {
      failedOn(id, days)
      rowOn(`charge-${id}`, -33, days, { jobId: id })
    }
    await syncedCase('job:agent-1:late')
    expect(await ask('job:agent-1:early')).toMatchObject({ refundStatus: 'refund_missing' })
    expect(await ask('job:agent-1:late')).toMatchObject({ refundStatus: 'refund_missing' })
    for (const days of [50, 52]) {
      failedOn(`job-${days}`, days)
      rowOn(`charge-${days}`, -33, days, { jobId: `job-${days}` })
    }
    goTo(60)
    drop('credits', 50)
    await bench.restart()
  }

  test('leave no refund missing that may have been one of them', async () => {
    await closeForSixtyDays()
    const found = await syncedCase('job:agent-1:late')
    const from = Date.parse(at(50 * day))
    expect(found).toMatchObject({ ...unproven, creditsListedFrom: from })
    expect(found.evidence).toContainEqual(expect.objectContaining({ claim: 'credits_begin', at: from }))
    // The refund of a charge comes within 30 days, and before the next reading or after the beginning of the history.
    expect(await ask('job:agent-1:early')).toMatchObject({ refundStatus: 'refund_missing' })
    expect(await ask('job:agent-1:job-52')).toMatchObject({ refundStatus: 'refund_missing' })
  })

  test.each([
    ['cannot_tell', 'if rows were listed late before'],
    ['refund_missing', 'unless rows were listed late before'],
  ])('leave a refund %s that is older than the last reading, %s', async (refundStatus) => {
    rowOn('chat-1', -1, 0, { feature: 'chat' })
    goTo(1)
    expect(errorsOf(await bench.sync())).toEqual({})
    // Half a day before the last reading, or after it.
    rowOn('chat-2', -1, refundStatus === 'cannot_tell' ? 1 : 1.6, { feature: 'chat' })
    failedOn('late', 2)
    rowOn('charge-late', -33, 2, { jobId: 'late' })
    for (const days of [3.25, 3.3, 3.4]) rowOn(`chat-${days}`, -1, days, { feature: 'chat' })
    goTo(3)
    expect(await syncedCase('job:agent-1:late')).toMatchObject({ refundStatus: 'refund_missing' })
    // A refund of day 3.1 comes, and is dropped before the next reading.
    goTo(10)
    drop('credits', 3.2)
    expect(await syncedCase('job:agent-1:late')).toMatchObject({ refundStatus })
  })

  test('leave no refund missing while the user is asked about a list of less than half', async () => {
    for (const id of ['a', 'b', 'c']) rowOn(`chat-${id}`, -1, 0, { feature: 'chat' })
    await closeForSixtyDays()
    const asked = async () => {
      expect(errorsOf(await bench.sync())).toEqual({ credits: 'listing_shrunk' })
      return await ask('job:agent-1:late')
    }
    expect(await asked()).toMatchObject({ ...unproven, creditsListedFrom: Date.parse(at(50 * day)) })
    // The same list proves no more the second time.
    expect(await asked()).toMatchObject(unproven)
    expect(await ask('job:agent-1:early')).toMatchObject({ refundStatus: 'refund_missing' })
    await bench.ask('sync.acceptListing', { stream: 'credits' })
    expect(await syncedCase('job:agent-1:late')).toMatchObject(unproven)
    expect(await ask('job:agent-1:job-52')).toMatchObject({ refundStatus: 'refund_missing' })
  })

  test('are no doubt any more once a list that came back empty is whole again', async () => {
    failedOn('late', 0)
    rowOn('charge-late', -33, 0, { jobId: 'late' })
    rowOn('chat', -1, 1, { feature: 'chat' })
    goTo(2)
    expect(await syncedCase('job:agent-1:late')).toMatchObject({ refundStatus: 'refund_missing' })
    const listed = [...bench.fake.transactions]
    bench.fake.transactions.clear()
    bench.fake.trimLog()
    goTo(3)
    expect(errorsOf(await bench.sync())).toEqual({ credits: 'listing_shrunk' })
    expect(await ask('job:agent-1:late')).toMatchObject(unproven)
    for (const [id, transaction] of listed) bench.fake.transactions.set(id, transaction)
    expect(await syncedCase('job:agent-1:late')).toMatchObject({ refundStatus: 'refund_missing' })
  })

  test('may be the charge of a job of which too much came back', async () => {
    jobOn('between', 20)
    await closeForSixtyDays()
    rowOn('back', 20, 51, { jobId: 'between' })
    const found = await syncedCase('job:agent-1:between')
    expect(found).toMatchObject({ refundStatus: 'cannot_tell', reason: 'over_refunded', unread: ['credits'] })
    expect(found).toMatchObject({ creditsListedFrom: Date.parse(at(50 * day)), charged: 0, refunded: 20 })
    jobOn('after', 51)
    rowOn('back-after', 20, 52, { jobId: 'after' })
    await syncedCase('job:agent-1:after')
    expect(await ask('job:agent-1:after')).toMatchObject({ refundStatus: 'needs_review', reason: 'over_refunded' })
  })
})

describe('a refund without its charge', () => {
  const over = { reason: 'over_refunded', refunded: 20 }

  test.each([
    [3, 'cannot_tell'],
    [2, 'needs_review'],
  ])('may be for a charge from before the history if %i jobs are older than it', async (count, refundStatus) => {
    for (let index = 0; index < count; index++) jobOn(`job-${index}`, index)
    goTo(20)
    rowOn('back', 20, 10, { jobId: 'job-0' })
    expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ ...over, refundStatus })
    // An older row shows that the history reaches back, and a job of its time has all its charges.
    rowOn('old', -1, -1, { feature: 'chat' })
    expect(await syncedCase('job:agent-1:job-0')).toMatchObject({ ...over, refundStatus: 'needs_review' })
  })

  test('may be for a charge that is still to be read', async () => {
    jobOn('job', 0)
    for (const [index, amount] of [-33, -1, 20, 20].entries())
      rowOn(`row-${index}`, amount, index, { jobId: 'job', ...(amount === -1 && { feature: 'chat' }) })
    bench.fake.fault(laterPage('/v1/credits/transactions'), failure(503, 'unavailable'), 20)
    goTo(20)
    expect(errorsOf(await bench.sync())).toEqual({ credits: 'service_failed' })
    expect(await ask('job:agent-1:job')).toMatchObject({ refundStatus: 'cannot_tell', reason: 'over_refunded' })
    bench.fake.clearFaults()
    expect(await syncedCase('job:agent-1:job')).toMatchObject({ refundStatus: 'needs_review', charged: 33 })
  })
})

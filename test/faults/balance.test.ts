/**
 * The balance of the account as a witness against a history that lags, stands still, or has fewer rows than the
 * balance.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { storedReach } from '../../src/core/store/balance-jumps.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { CaseDetail } from '../../src/shared/views.ts'
import { withBench } from '../support/hooks.ts'
import { makeResult, minute } from '../support/records.ts'
import { errorsOf } from '../support/sync-bench.ts'

const bench = withBench()
const noon = Date.UTC(2026, 0, 28, 12)
const hour = 60 * minute
const day = 24 * hour
const at = (time: number) => new Date(time).toISOString()
const name = 'job:agent-1:failed'

/** A failed job with its charge: from 100 credits, 67 are left. Failed at noon; the refund grace is 10 minutes. */
function failAtNoon(balanceAfter: number | null = 67): void {
  bench.fake.addJob({
    id: 'failed',
    status: 'failed',
    failure: { code: 'render_timeout', origin: 'system', message: null },
    results: [],
    createdAt: at(noon - minute),
    startedAt: at(noon - minute),
    finishedAt: at(noon),
  })
  addRow('charge', -33, noon - minute, balanceAfter, { jobId: 'failed', agent: 'agent-1' })
}

function addRow(id: string, amount: number, time: number, balanceAfter: number | null, more: object = {}): void {
  const kind = amount < 0 ? 'charge' : 'grant'
  bench.fake.addTransaction({ id, kind, feature: 'video', amount, occurredAt: at(time), balanceAfter, ...more })
}
const chat = (id: string, amount: number, time: number, balanceAfter: number | null) =>
  addRow(id, amount, time, balanceAfter, { feature: 'chat' })
const refund = (time: number, balanceAfter: number | null) =>
  addRow('refund', 33, time, balanceAfter, { kind: 'refund', jobId: 'failed', agent: 'agent-1' })

/** Syncs at a time at which the account states this balance. The file must stay sound. */
async function syncAt(time: number, balance: number): Promise<void> {
  bench.clock.time = time
  Object.assign(bench.fake.account, { balance, balanceAsOf: at(time) })
  await bench.sync()
  expect(verifyStore(bench.database, time).filter(({ broken }) => broken > 0)).toEqual([])
}

const theCase = (): Promise<CaseDetail> => bench.ask('refunds.get', { case: name })
const claims = ({ evidence }: CaseDetail) => evidence.map(({ claim }) => claim)
const creditsEnd = async () =>
  (await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === 'credits')?.historyEndsAt

beforeEach(() => {
  addRow('grant', 100, noon - hour, 100)
  failAtNoon()
})

describe('a history that lags', () => {
  test('proves nothing from its last row on, and resolves by itself when the refund is listed', async () => {
    await syncAt(noon - minute, 67)
    for (const time of [noon + 30 * minute, noon + 3 * hour]) {
      await syncAt(time, 100)
      const found = await theCase()
      expect(found).toMatchObject({ refundStatus: 'cannot_tell', reason: 'system_failure', unread: ['credits'] })
      expect(found.historyEndsAt).toBe(noon - minute)
      expect(found.evidence.find(({ claim }) => claim === 'history_ends')).toMatchObject({
        stream: 'credits',
        readAt: time,
        at: noon - minute,
      })
      expect(claims(found)).not.toContain('still_to_read')
      expect(await creditsEnd()).toBe(noon - minute)
    }
    const { id } = await bench.ask('support.save', {
      cases: [name],
      subject: 'Where is my refund?',
      text: 'It failed.',
    })
    refund(noon + 3 * minute, 100)
    await syncAt(noon + 6.5 * hour, 100)
    expect(await theCase()).toMatchObject({ refundStatus: 'refunded', unread: [], historyEndsAt: null })
    expect(await creditsEnd()).toBeNull()
    expect((await bench.ask('support.list', {})).find((entry) => entry.id === id)).toMatchObject({
      state: 'resolved',
      closedBy: 'refund',
    })
  })

  test('leaves open whether a share of a job with some of its results came back', async () => {
    bench.fake.reviseJob('failed', {
      status: 'succeeded',
      failure: null,
      requestedResults: 2,
      results: [makeResult('a')],
    })
    await syncAt(noon + 30 * minute, 67)
    expect(await theCase()).toMatchObject({ refundStatus: 'needs_review', reason: 'partly_delivered' })
    await syncAt(noon + 3 * hour, 50)
    expect(await theCase()).toMatchObject({
      refundStatus: 'cannot_tell',
      reason: 'partly_delivered',
      unread: ['credits'],
    })
  })

  test('stands still while the balance falls: cases before its end keep their proof, later ones do not', async () => {
    chat('later', -5, noon + hour, 62)
    await syncAt(noon + 2 * hour, 62)
    expect((await theCase()).refundStatus).toBe('refund_missing')
    bench.fake.addJob({
      id: 'second',
      status: 'failed',
      failure: { code: 'x', origin: 'system', message: null },
      results: [],
      createdAt: at(noon + hour),
      finishedAt: at(noon + hour + minute),
    })
    chat('last', -2, noon + hour + minute, 60)
    addRow('second charge', -10, noon + hour + 2 * minute, 50, { jobId: 'second', agent: 'agent-1' })
    for (const [days, balance] of [
      [1, 45],
      [5, 20],
      [10, 7],
    ] as const) {
      await syncAt(noon + days * day, balance)
      expect(await creditsEnd()).toBe(noon + hour + 2 * minute)
      expect((await theCase()).refundStatus).toBe('refund_missing')
      expect(await bench.ask('refunds.get', { case: 'job:agent-1:second' })).toMatchObject({
        refundStatus: 'cannot_tell',
        unread: ['credits'],
        historyEndsAt: noon + hour + 2 * minute,
        surplus: 0,
      })
    }
  })

  test.each<[string, () => void, number]>([
    ['the balance agrees with the newest row', () => {}, 67],
    ['a row at the time of the balance shows that it goes on', () => chat('now', -5, noon + hour, 62), 100],
    ['a row without a balance adds up', () => chat('silent', -5, noon + minute, null), 62],
    [
      'one order of rows of one millisecond agrees',
      () => {
        chat('a', -5, noon + minute, 58)
        chat('b', -4, noon + minute, 63)
      },
      58,
    ],
    [
      'a row that was written late states its balance out of order',
      () => {
        addRow('late', 20, noon + 2 * minute, 82)
        chat('earlier', -5, noon + 3 * minute, 62)
      },
      82,
    ],
  ])('is not assumed if %s', async (_, write, balance) => {
    write()
    await syncAt(noon + hour, balance)
    expect(await creditsEnd()).toBeNull()
    expect(await theCase()).toMatchObject({ refundStatus: 'refund_missing', unread: [] })
  })

  test('ends at rows without a balance that do not add up to it', async () => {
    chat('silent', -5, noon + 2 * minute, null)
    await syncAt(noon + hour, 67)
    expect(await creditsEnd()).toBe(noon + 2 * minute)
    expect((await theCase()).refundStatus).toBe('cannot_tell')
  })

  test('is not assumed while the history was not read after the balance changed', async () => {
    await syncAt(noon + hour, 67)
    bench.fake.fault(/credits/, { status: 503, body: '' }, Number.POSITIVE_INFINITY)
    await syncAt(noon + 2 * hour, 50)
    bench.fake.clearFaults()
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
    chat('spent', -17, noon + 1.5 * hour, 50)
    await syncAt(noon + 3 * hour, 50)
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('is not assumed if the account cannot be read but newer rows arrive', async () => {
    await syncAt(noon + hour, 67)
    bench.fake.fault('/v1/me', { status: 503, body: '' }, Number.POSITIVE_INFINITY)
    chat('spent', -17, noon + 1.5 * hour, 50)
    await syncAt(noon + 2 * hour, 50)
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('is not assumed because of an expiry without a row, or a retracted row, before newer rows', async () => {
    addRow('retracted', -8, noon + minute, 59)
    await syncAt(noon + 2 * minute, 59)
    bench.fake.retractTransaction('retracted')
    bench.fake.trimLog()
    // 20 credits lapsed without a row.
    chat('after', -7, noon + hour, 40)
    await syncAt(noon + 2 * hour, 40)
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })
})

describe('a history that states no balances', () => {
  beforeEach(() => {
    bench.fake.transactions.clear()
    bench.fake.jobs.clear()
    bench.fake.trimLog()
    addRow('grant', 100, noon - hour, null)
  })

  test('is followed from the balance that was stated before', async () => {
    await syncAt(noon - 2 * minute, 100)
    failAtNoon(null)
    for (const time of [noon + 30 * minute, noon + 3 * hour]) {
      await syncAt(time, 100)
      expect(await theCase()).toMatchObject({ refundStatus: 'cannot_tell', historyEndsAt: noon - minute, surplus: 33 })
    }
    refund(noon + 3 * minute, null)
    await syncAt(noon + 6.5 * hour, 100)
    expect(await theCase()).toMatchObject({ refundStatus: 'refunded' })
    expect(await creditsEnd()).toBeNull()
  })

  test('proves a missing refund if the rows add up to each stated balance', async () => {
    await syncAt(noon - 2 * minute, 100)
    failAtNoon(null)
    await syncAt(noon + 30 * minute, 67)
    chat('after', -7, noon + hour, null)
    await syncAt(noon + 2 * hour, 60)
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('stands still once the balance changes without a row, and goes on with the next row', async () => {
    failAtNoon(null)
    await syncAt(noon + minute, 67)
    await syncAt(noon + hour, 60)
    await syncAt(noon + 2 * hour, 41)
    expect(await creditsEnd()).toBe(noon - minute)
    expect((await theCase()).refundStatus).toBe('cannot_tell')
    chat('now', -1, noon + 3 * hour, null)
    await syncAt(noon + 3 * hour, 40)
    expect(await creditsEnd()).toBeNull()
    expect((await theCase()).refundStatus).toBe('refund_missing')
    await syncAt(noon + 4 * hour, 40)
    expect(await creditsEnd()).toBeNull()
  })
})

describe('a balance that holds more than the rows', () => {
  test('leaves open whether the refund was booked without a row', async () => {
    await syncAt(noon + hour, 100)
    const found = await theCase()
    expect(found).toMatchObject({ refundStatus: 'cannot_tell', surplus: 33 })
    expect(claims(found)).toContain('balance_holds_more')
  })

  test('leaves that open even if newer rows arrive and every stream is read', async () => {
    chat('after', -5, noon + hour, 95)
    await syncAt(noon + 2 * hour, 95)
    const found = await theCase()
    expect(found).toMatchObject({
      refundStatus: 'cannot_tell',
      reason: 'system_failure',
      unread: [],
      historyEndsAt: null,
      surplus: 33,
    })
    expect(found.evidence.find(({ claim }) => claim === 'balance_holds_more')).toMatchObject({ amount: 33 })
  })

  test.each<[string, number, string]>([
    ['less than is missing', 94, 'refund_missing'],
    ['more than is missing', 96, 'cannot_tell'],
  ])('counts only if it is not %s', async (_, balance, status) => {
    chat('after', -5, noon + hour, balance)
    await syncAt(noon + 2 * hour, balance)
    expect((await theCase()).refundStatus).toBe(status)
  })

  test('does not count credits from before the charge', async () => {
    addRow('earlier', -10, noon - 3 * day, 500)
    addRow('grant before', 5, noon - 2 * day, 999)
    chat('after', -5, noon + hour, 62)
    await syncAt(noon + 2 * hour, 62)
    expect(storedReach(bench.database, 1).jumps.some(({ amount }) => amount > 33)).toBe(true)
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('is not explained away by credits that lapsed on another day', async () => {
    chat('after', -5, noon + hour, 95)
    chat('lapsed', -5, noon + 2 * day, 50)
    await syncAt(noon + 3 * day, 50)
    expect(await theCase()).toMatchObject({ refundStatus: 'cannot_tell', surplus: 33 })
  })

  test('becomes a missing refund again if the balance is corrected, and refunded if a row comes late', async () => {
    await syncAt(noon + hour, 67)
    expect((await theCase()).refundStatus).toBe('refund_missing')
    await syncAt(noon + 2 * hour, 100)
    expect((await theCase()).refundStatus).toBe('cannot_tell')
    await syncAt(noon + 3 * hour, 67)
    expect((await theCase()).refundStatus).toBe('refund_missing')
    await syncAt(noon + 4 * hour, 100)
    refund(noon + 3.5 * hour, 100)
    await syncAt(noon + 5 * hour, 100)
    expect((await theCase()).refundStatus).toBe('refunded')
  })

  test.each([
    ['a job that never ended', { status: 'running', finishedAt: null, failure: null }, 'stuck'],
    ['a job without a result', { status: 'succeeded', failure: null }, 'no_result'],
  ] as const)('speaks for %s, too', async (_, change, reason) => {
    bench.fake.reviseJob('failed', change)
    chat('after', -5, noon + 2 * hour, 95)
    await syncAt(noon + 3 * hour, 95)
    expect(await theCase()).toMatchObject({ refundStatus: 'cannot_tell', reason, unread: [], surplus: 33 })
  })

  test('leaves the same open for a charge without a job', async () => {
    addRow('alone', -20, noon + minute, 47)
    chat('after', -5, noon + 2 * hour, 62)
    await syncAt(noon + 3 * hour, 62)
    const alone = await bench.ask('refunds.get', { case: 'charge:alone' })
    expect(alone).toMatchObject({ refundStatus: 'cannot_tell', reason: 'no_job', unread: [], surplus: 20 })
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('does not count credits of a retracted refund', async () => {
    refund(noon + minute, 100)
    await syncAt(noon + 2 * minute, 100)
    expect((await theCase()).refundStatus).toBe('refunded')
    bench.fake.retractTransaction('refund')
    bench.fake.trimLog()
    chat('after', -5, noon + hour, 95)
    await syncAt(noon + 2 * hour, 95)
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })
})

describe('credits that are reset every day', () => {
  const days = [0, 1, 2]
  beforeEach(() => {
    bench.fake.account.plan = 'free'
    for (const row of [...bench.fake.transactions.keys()]) bench.fake.retractTransaction(row)
    bench.fake.trimLog()
  })
  /** 100 free credits each morning, of which the day's uses leave 1. */
  function spendDay(index: number): void {
    chat(`use ${index}`, -66, noon + index * day, 34)
    addRow(`use more ${index}`, -33, noon + index * day + hour, 1, index === 2 ? { jobId: 'failed' } : {})
  }

  test('neither end the history nor excuse a missing refund', async () => {
    for (const index of days) spendDay(index)
    bench.fake.reviseJob('failed', {
      createdAt: at(noon + 2 * day + hour),
      finishedAt: at(noon + 2 * day + hour + minute),
    })
    await syncAt(noon + 3 * day - 3 * hour, 100)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedReach(bench.database, 1)).toMatchObject({
      historyEndsAt: null,
      jumps: [
        { amount: 99, cause: 'daily_reset' },
        { amount: 99, cause: 'daily_reset' },
        { amount: 99, cause: 'daily_reset' },
      ],
    })
    expect((await theCase()).refundStatus).toBe('refund_missing')
  })

  test('are not recognised on a plan without daily credits', async () => {
    bench.fake.account.plan = 'plus'
    for (const index of days) spendDay(index)
    await syncAt(noon + 3 * day - 3 * hour, 100)
    expect(storedReach(bench.database, 1).jumps.map(({ cause }) => cause)).toEqual([null, null, null])
  })
})

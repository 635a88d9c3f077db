/** A history that lags behind the balance of the account, or states none. */
import { beforeEach, describe, expect, test } from 'vitest'
import { makeResult, minute } from '../support/records.ts'
import { at, claims, day, hour, name, noon, withStatedBalance } from './stated-balance.ts'

const { bench, failAtNoon, addRow, chat, refund, syncAt, theCase } = withStatedBalance()
const creditsEnd = async () =>
  (await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === 'credits')?.historyEndsAt

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

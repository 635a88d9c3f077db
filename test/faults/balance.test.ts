/** A balance of the account that holds more than the rows of the history. */
import { beforeEach, describe, expect, test } from 'vitest'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { storedReach } from '../../src/core/store/ledger/balance-jumps.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { minute } from '../support/records.ts'
import { errorsOf } from '../support/sync-bench.ts'
import { at, claims, day, hour, noon, withStatedBalance } from './stated-balance.ts'

const { bench, addRow, chat, refund, syncAt, theCase } = withStatedBalance()

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

test('a jump follows the rows of an import that is added, undone and redone', async () => {
  await syncAt(noon + hour, 67)
  const database = bench.database as Writable
  const jumps = () => {
    expect(verifyStore(bench.database, noon + hour).filter(({ broken }) => broken > 0)).toEqual([])
    return storedReach(bench.database, 1).jumps.map(({ amount }) => amount)
  }
  expect(jumps()).toEqual([])
  const imported = makeImported({ occurredAt: noon - day, amount: -20, balanceAfter: 500 })
  const { batchId } = addTable(database, 1, makeTable([imported]), noon + hour)
  expect(jumps()).toEqual([-500])
  undoBatch(database, batchId, noon + hour)
  expect(jumps()).toEqual([])
  redoBatch(database, batchId, noon + hour)
  expect(jumps()).toEqual([-500])
})

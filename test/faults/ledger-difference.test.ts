/** The explanations of a difference between the balance and the history, and the words if nothing explains it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { Reconciliation } from '../../src/shared/views.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf } from '../support/sync-bench.ts'

const bench = withBench()
const day = 24 * 60 * 60_000
const start = Date.UTC(2025, 2, 1, 12)
const end = start + 320 * day
const time = (at: number) => new Date(at).toISOString()

let balance = 0
beforeEach(() => {
  balance = 0
})

/** Adds a row that states the balance after it. */
function add(id: string, amount: number, at: number, more: object = {}): void {
  balance += amount
  const kind = amount < 0 ? 'charge' : 'grant'
  bench.fake.addTransaction({
    id,
    kind,
    feature: 'chat',
    amount,
    occurredAt: time(at),
    balanceAfter: balance,
    ...more,
  })
}

async function reconciledAt(at: number, stated: number): Promise<Reconciliation> {
  bench.clock.time = at
  Object.assign(bench.fake.account, { balance: stated, balanceAsOf: time(at) })
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(verifyStore(bench.database, at).filter(({ broken }) => broken > 0)).toEqual([])
  return (await bench.ask('credits.reconcile', {})) as Reconciliation
}
const named = ({ candidates }: Reconciliation) =>
  candidates.filter(({ explains }) => explains).map(({ kind, amount, at }) => ({ kind, amount, at }))

test('begins at the first of the rows of one time if every row with a balance shares its time', async () => {
  for (const [id, amount] of [
    ['c', 100],
    ['a', -30],
    ['b', -20],
  ] as const)
    add(id, amount, start)
  expect(await reconciledAt(end, 45)).toMatchObject({ opening: 0, ledger: 50, difference: -5 })
})

test('knows no difference if the balances of rows of one time fit no order', async () => {
  add('a', 100, start)
  add('b', -30, start, { balanceAfter: 400 })
  expect(await reconciledAt(end, 45)).toMatchObject({ opening: null, difference: null })
})

describe('ten monthly grants of 1,000 that are valid for 31 days', () => {
  /** Spends each grant in charges of 100; of the grant `of`, `left` credits are left when it expires. */
  function tenMonths({ of = -1, left = 0, lapsesInRows = true } = {}): void {
    for (let month = 0; month < 10; month++) {
      const at = start + month * 31 * day
      add(`grant ${month}`, 1_000, at, { expiresAt: time(at + 31 * day) })
      const charges = month === of ? (1_000 - left) / 100 : 10
      for (let use = 1; use <= charges; use++) add(`charge ${month}.${use}`, -100, at + use * day)
      // The service takes the rest away without a row.
      if (month === of && lapsesInRows) balance -= left
    }
    add('top-up', 800, start + 310 * day, { kind: 'top_up', expiresAt: time(Date.UTC(2027, 0, 1)) })
  }

  test('explain nothing once all of them are spent: 500 credits stay unexplained', async () => {
    tenMonths()
    const found = await reconciledAt(end, 300)
    expect(found).toMatchObject({ difference: -500, unexplained: -500 })
    expect(named(found)).toEqual([])
  })

  test.each([
    ['the rows after it count that', true],
    ['no row counts that yet', false],
  ])('name the date at which 500 credits were left, if %s', async (_, lapsesInRows) => {
    tenMonths({ of: 4, left: 500, lapsesInRows })
    const found = await reconciledAt(end, 800)
    expect(found).toMatchObject({ difference: -500, unexplained: 0 })
    expect(named(found)).toEqual([{ kind: 'expired_unlisted', amount: -500, at: start + 5 * 31 * day }])
  })

  test('explain only what was left of a larger shortage', async () => {
    tenMonths({ of: 4, left: 300 })
    const found = await reconciledAt(end, 600)
    expect(found).toMatchObject({ difference: -500, unexplained: -200 })
    expect(named(found)).toEqual([{ kind: 'expired_unlisted', amount: -300, at: start + 5 * 31 * day }])
  })

  test('explain nothing if the expiry is on record', async () => {
    tenMonths({ of: 4, left: 500, lapsesInRows: false })
    balance = 800
    add('expiry', -500, start + 5 * 31 * day, { kind: 'expiry' })
    const found = await reconciledAt(end, 300)
    expect(found).toMatchObject({ difference: -500, unexplained: -500 })
    expect(named(found)).toEqual([])
  })

  test('do not explain a balance that holds more', async () => {
    tenMonths({ of: 4, left: 500 })
    const found = await reconciledAt(end, 1_400)
    expect(found).toMatchObject({ difference: 100, unexplained: 100 })
    expect(named(found)).toEqual([])
  })
})

test('a grant that ran out since the last row neither ends the history nor stays unexplained', async () => {
  add('grant', 1_000, start, { expiresAt: time(start + 31 * day) })
  add('charge', -400, start + day)
  const found = await reconciledAt(start + 40 * day, 0)
  expect(found).toMatchObject({ difference: -600, unexplained: 0 })
  expect(named(found)).toEqual([{ kind: 'expired_unlisted', amount: -600, at: start + 31 * day }])
  const { streams } = await bench.ask('sync.state', {})
  expect(streams.find(({ stream }) => stream === 'credits')?.historyEndsAt).toBeNull()
})

test('a refund that came without a row is named with the case that misses it', async () => {
  add('grant', 100, start)
  bench.fake.addJob({
    id: 'failed',
    status: 'failed',
    failure: { code: 'x', origin: 'system', message: null },
    results: [],
    createdAt: time(start + 1),
    finishedAt: time(start + 1),
  })
  add('charge', -33, start + 1, { feature: 'video', jobId: 'failed', agent: 'agent-1' })
  const found = await reconciledAt(start + day, 100)
  expect(found).toMatchObject({ difference: 33, unexplained: 0 })
  expect(named(found)).toEqual([{ kind: 'unlisted_refund', amount: 33, at: null }])
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:failed' })).toMatchObject({
    refundStatus: 'cannot_tell',
    surplus: 33,
  })
})

describe('daily credits that are filled up without a row', () => {
  beforeEach(() => {
    bench.fake.account.plan = 'free'
  })
  /** Uses credits on some days; each morning, 100 are there again. */
  function spend(...uses: number[]): void {
    for (const [index, use] of uses.entries()) {
      balance = 100
      add(`first ${index}`, -10, start + index * day)
      add(`more ${index}`, 10 - use, start + index * day + 60_000)
    }
  }

  test('are named as the daily reset, whatever was used on a day', async () => {
    spend(99, 40, 100, 73)
    const found = await reconciledAt(start + 4 * day - 60_000, 100)
    expect(found).toMatchObject({ difference: 312, unexplained: 0 })
    expect(named(found)).toEqual([{ kind: 'daily_reset', amount: 312, at: null }])
  })

  test('do not hide a loss', async () => {
    spend(99, 99, 99)
    const found = await reconciledAt(start + 2 * day + 3_600_000, 1 - 50)
    expect(found).toMatchObject({ difference: 2 * 99 - 50, unexplained: -50 })
    expect(named(found)).toEqual([{ kind: 'daily_reset', amount: 198, at: null }])
  })

  test('are not seen in a single jump', async () => {
    spend(99, 99)
    const found = await reconciledAt(start + day + 3_600_000, 1)
    expect(found).toMatchObject({ difference: 99, unexplained: 99 })
    expect(named(found)).toEqual([])
  })
})

test('a balance below zero adds up', async () => {
  balance = -1_883
  add('top-up', 250, start, { kind: 'top_up' })
  add('automatic top-up', 500, start + day, { kind: 'top_up' })
  add('chat', -36, start + day + 60_000)
  add('voided', -464, start + 2 * day, { kind: 'adjustment', memo: 'top-up voided' })
  const found = await reconciledAt(start + 3 * day, -1_633)
  expect(found).toMatchObject({ opening: -1_883, difference: 0, unexplained: 0, candidates: [] })
})

import { describe, expect, test } from 'vitest'
import { type BatchTransaction, type ListedTransaction, mergeTransactions } from '../../src/core/domain/import/merge.ts'
import { makeImported } from '../support/imports.ts'
import { midnight, minute } from '../support/records.ts'

/** Rows of one import, in the order of its table. */
const batch = (batchId: number, rows: ReturnType<typeof makeImported>[]): BatchTransaction[] =>
  rows.map((row, position) => ({ ...row, batchId, position }))
const listed = (partial: Partial<ListedTransaction>): ListedTransaction => ({
  id: 'real',
  occurredAt: midnight,
  amount: -33,
  kind: 'charge',
  feature: 'image',
  ...partial,
})
const beginningOfDay = midnight - 9 * 60 * minute
const merged = (rows: BatchTransaction[], service: ListedTransaction[] = []) =>
  mergeTransactions(rows, service).transactions.map(({ amount, precision, feature }) => [amount, precision, feature])

describe('rows of one table', () => {
  test('are different ledger rows even if they are equal', () => {
    const { transactions, ids } = mergeTransactions(batch(1, [makeImported(), makeImported()]), [])
    expect(transactions).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })

  test('keep the order of the table if their times are equal', () => {
    const rows = [-1, -3, -2].map((amount) => makeImported({ amount }))
    expect(merged(batch(1, rows)).map(([amount]) => amount)).toEqual([-1, -3, -2])
  })
})

describe('rows of two tables', () => {
  test('are the same if they are equal: the table that shows more of them decides', () => {
    const rows = [...batch(1, [makeImported()]), ...batch(2, [makeImported(), makeImported()])]
    expect(mergeTransactions(rows, []).transactions).toHaveLength(2)
  })

  test('are the same if the less exact time contains the more exact one', () => {
    const exact = makeImported({ occurredAt: midnight + 7_000, precision: 'second' })
    const toDay = makeImported({ occurredAt: beginningOfDay, precision: 'day' })
    const tables = [[exact], [makeImported()], [toDay]]
    for (const order of [tables, tables.toReversed()]) {
      expect(merged(order.flatMap((rows, index) => batch(index, rows)))).toEqual([[-33, 'second', 'image']])
    }
  })

  test('are the same if one of them states no feature, and different if the features differ', () => {
    const feature = (name: string | null) => batch(name ? name.length : 0, [makeImported({ feature: name })])
    expect(merged([...feature(null), ...feature('image')])).toEqual([[-33, 'minute', 'image']])
    expect(merged([...feature('video'), ...feature('image'), ...feature(null)])).toHaveLength(2)
  })

  test('differ if the amount, the kind or the stated time does', () => {
    const other = [{ amount: -34 }, { kind: 'adjustment' }, { occurredAt: midnight + minute }]
    for (const partial of other) {
      expect(merged([...batch(1, [makeImported()]), ...batch(2, [makeImported(partial)])])).toHaveLength(2)
    }
  })

  test('are never the same if both have an id and the ids differ', () => {
    const [one, two] = [makeImported({ id: 'a' }), makeImported({ id: 'b' })]
    expect(mergeTransactions([...batch(1, [one]), ...batch(2, [two])], []).ids).toEqual(['a', 'b'])
    expect(mergeTransactions([...batch(1, [one]), ...batch(2, [one])], []).ids).toEqual(['a', 'a'])
    expect(mergeTransactions([...batch(1, [one]), ...batch(2, [makeImported()])], []).ids).toEqual(['a', 'a'])
  })
})

describe('a row of the service', () => {
  test('takes the place of one imported row, the first of equal ones', () => {
    const rows = batch(1, [makeImported(), makeImported()])
    const { transactions, ids } = mergeTransactions(rows, [listed({ occurredAt: midnight + 59_999 })])
    expect(ids[0]).toBe('real')
    expect(transactions.map(({ id }) => id)).toEqual([ids[1]])
    expect(ids[1]).toMatch(/:2$/)
  })

  test('takes no place outside the stated time', () => {
    for (const occurredAt of [midnight - 1, midnight + minute]) {
      expect(mergeTransactions(batch(1, [makeImported()]), [listed({ occurredAt })]).transactions).toHaveLength(1)
    }
  })

  test('takes no place of an imported row that has another id of the service', () => {
    const rows = batch(1, [makeImported({ id: 'other' })])
    expect(mergeTransactions(rows, [listed({})]).ids).toEqual(['other'])
    expect(mergeTransactions(batch(1, [makeImported({ id: 'real' })]), [listed({})]).transactions).toEqual([])
  })
})

test('merges 20,000 equal rows of two tables without comparing each with each', () => {
  const rows = Array.from({ length: 20_000 }, () => makeImported())
  expect(mergeTransactions([...batch(1, rows), ...batch(2, rows)], []).transactions).toHaveLength(20_000)
})

test('a row of the service is the same whatever kind and feature the words of a table suggest', () => {
  const service = ['refund', 'grant'].map((kind) => listed({ id: kind, kind, amount: 33 }))
  const idsOf = (partial: Parameters<typeof makeImported>[0], known = service) =>
    mergeTransactions(batch(1, [makeImported({ amount: 33, ...partial })]), known).ids
  expect(idsOf({ kind: 'adjustment', feature: 'video' })).toEqual(['grant'])
  // One of its own kind is more likely.
  expect(idsOf({ kind: 'refund' })).toEqual(['refund'])
  expect(idsOf({ kind: 'grant', feature: 'audio' }, service.slice(0, 1))).toEqual(['refund'])
})

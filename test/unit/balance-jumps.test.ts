import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BalanceStep, endsOf, jumpRow, jumpsOf } from '../../src/core/domain/balance-jumps.ts'

describe('the row that dates a jump', () => {
  /** Rows one millisecond apart, as amounts with the balances after them. */
  const rows = (...pairs: [amount: number, balanceAfter: number | null][]) =>
    pairs.map(([amount, balanceAfter], index) => [{ rowId: index + 1, amount, balanceAfter }])

  test('is the first that states the changed balance', () => {
    expect(jumpRow(rows([-5, 95], [-5, 90], [-5, 118], [-5, 113]), 100, 33)).toBe(3)
    expect(jumpRow(rows([-5, 128]), 100, 33)).toBe(1)
  })

  test('is unknown if the balance changed twice, or if a row states none', () => {
    expect(jumpRow(rows([-5, 105], [-5, 123]), 100, 33)).toBeNull()
    expect(jumpRow(rows([-5, 95], [-5, null]), 100, 33)).toBeNull()
  })

  test('may follow rows that state no balance', () => {
    expect(jumpRow(rows([-5, null], [-5, 123]), 100, 33)).toBe(2)
  })
})

describe('the balances before and after rows of one millisecond', () => {
  const rows = (...pairs: [amount: number, balanceAfter: number | null][]) =>
    pairs.map(([amount, balanceAfter], index) => ({ rowId: index + 1, amount, balanceAfter }))

  test('are known although a balance occurs twice', () => {
    expect(endsOf(rows([-24, -48], [-12, -60], [12, -48]))).toEqual({ before: -24, after: -48 })
  })

  test('are unknown if the rows end where they began, or if a row states no balance', () => {
    expect(endsOf(rows([-12, 88], [12, 100]))).toEqual({ before: null, after: null })
    expect(endsOf(rows([-12, 88], [12, null]))).toEqual({ before: null, after: null })
  })

  test('are the same in every order of the rows', () => {
    const amounts = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 8 })
    const shuffled = amounts.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(
          list.map((_, at) => at),
          { minLength: list.length },
        ),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([list, order]) => {
        const written = list.map((amount, at) => [amount, list.slice(0, at + 1).reduce((sum, each) => sum + each, 100)])
        const sum = list.reduce((total, amount) => total + amount, 0)
        const found = endsOf(rows(...order.map((at) => written[at] as [number, number])))
        expect(found).toEqual(sum === 0 ? { before: null, after: null } : { before: 100, after: 100 + sum })
      }),
    )
  })
})

describe('resets of daily credits', () => {
  const steps = (...days: [amount: number, used: number][]): BalanceStep[] =>
    days.map(([amount, used], index) => ({ rowId: index + 1, amount, used, retracted: 0 }))
  const causes = (...days: [number, number][]) => jumpsOf(steps(...days), 0, true).map(({ cause }) => cause)

  test('fill up exactly what was used, or the daily amount that came twice', () => {
    expect(causes([30, 30], [50, 70], [50, 90])).toEqual(['daily_reset', 'daily_reset', 'daily_reset'])
  })

  test('are not the reason of a greater rise that came once', () => {
    expect(causes([30, 30], [40, 40], [62, 70])).toEqual(['daily_reset', 'daily_reset', null])
    expect(causes([30, 30], [62, 70])).toEqual([null, null])
  })
})

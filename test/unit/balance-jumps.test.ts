import { describe, expect, test } from 'vitest'
import { type BalanceStep, jumpRow, jumpsOf } from '../../src/core/domain/balance-jumps.ts'

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

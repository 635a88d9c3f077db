import { describe, expect, it } from 'vitest'
import { layoutDays } from '../../src/renderer/parts/credits/day-chart-layout.ts'
import type { DayTotals } from '../../src/shared/views.ts'

const days = (...amounts: [charged: number, refunded: number][]): DayTotals[] =>
  amounts.map(([charged, refunded], index) => ({ day: `2026-01-${10 + index}`, charged, refunded }))

const values = (...amounts: [number, number][]) =>
  layoutDays(days(...amounts), 300, 170).ticks.map((tick) => tick.value)

describe('the chart of days', () => {
  it.each([
    [178, [0, 100, 200]],
    [100, [0, 50, 100]],
    [101, [0, 100, 200]],
    [40, [0, 20, 40]],
    [3, [0, 2, 4]],
    [1, [0, 1]],
    [9_999, [0, 5_000, 10_000]],
    [0, [0]],
  ])('draws round grid lines above %i credits a day', (charged, ticks) => {
    expect(values([charged, 5])).toEqual(ticks)
  })

  it('draws charges and refunds on one scale within its height', () => {
    const { columns, baseline } = layoutDays(days([200, 0], [100, 50]), 300, 170)
    const [first, second] = columns
    expect(first?.chargedHeight).toBeCloseTo(2 * (second?.chargedHeight ?? 0))
    expect(second?.chargedHeight).toBeCloseTo(2 * (second?.refundedHeight ?? 0))
    expect(baseline - (first?.chargedHeight ?? 0)).toBeGreaterThanOrEqual(0)
    expect(baseline + (second?.refundedHeight ?? 0)).toBeLessThanOrEqual(170 - 24)
  })

  it('shows a bar for one credit beside thousands, and none for zero', () => {
    const { columns } = layoutDays(days([5_000, 0], [1, 1]), 300, 170)
    expect(columns[1]).toMatchObject({ chargedHeight: 2, refundedHeight: 2 })
    expect(columns[0]?.refundedHeight).toBe(0)
  })

  it('leaves room for the amounts on its left', () => {
    const left = (charged: number) => layoutDays(days([charged, 0]), 300, 170).left
    expect(left(100)).toBe(34)
    expect(left(20_000)).toBeGreaterThanOrEqual(8 + '20,000'.length * 7)
  })

  it('fits its width and labels only dates that fit, always including today', () => {
    const month = days(...Array.from({ length: 30 }, (): [number, number] => [10, 1]))
    for (const width of [250, 288, 652, 1_200]) {
      const { columns } = layoutDays(month, width, 170)
      const last = columns.at(-1)
      expect((last?.slot.x ?? 0) + (last?.slot.width ?? 0)).toBeCloseTo(width)
      expect(last?.labelled).toBe(true)
      const places = columns.filter((column) => column.labelled).map((column) => column.slot.x)
      const gaps = places.slice(1).map((x, index) => x - (places[index] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(64)
    }
  })
})

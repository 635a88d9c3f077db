import { describe, expect, it } from 'vitest'
import {
  adjacentDay,
  dayAtShare,
  layOutScrubber,
  needsScrubber,
  shareOf,
} from '../../src/renderer/gallery/scrubber-layout.ts'
import fc from '../support/fast-check.ts'

const msPerDay = 86_400_000
/** Midnight in Korea. */
const korean = (date: string) => Date.parse(`${date}T00:00:00+09:00`)
const daysTo = (last: string, ago: readonly number[]) =>
  ago.map((count) => ({ day: korean(last) - count * msPerDay, amount: 10, highlighted: count % 2 }))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

const histories = fc.uniqueArray(fc.nat(3_000), { minLength: 2, maxLength: 60 }).map((ago) =>
  daysTo(
    '2026-01-28',
    ago.sort((a, b) => a - b),
  ),
)

describe('the scrubber', () => {
  it('adds every day to one bucket, without gaps between the buckets', () => {
    fc.assert(
      fc.property(histories, (days) => {
        const { buckets, newest, oldest } = layOutScrubber(days)
        const sum = (of: 'amount' | 'highlighted', rows: readonly Record<'amount' | 'highlighted', number>[]) =>
          rows.reduce((total, row) => total + row[of], 0)
        expect([sum('amount', buckets), sum('highlighted', buckets)]).toEqual([
          sum('amount', days),
          sum('highlighted', days),
        ])
        expect([buckets[0]?.to, buckets.at(-1)?.from]).toEqual([newest, oldest])
        for (const [index, bucket] of buckets.slice(1).entries()) expect(bucket.to).toBe(buckets[index]?.from)
        expect(buckets.length).toBeLessThanOrEqual(110)
      }),
    )
  })

  it('maps a height to a day and back', () => {
    fc.assert(
      fc.property(histories, fc.nat(59), (days, index) => {
        const layout = layOutScrubber(days)
        const day = days[index % days.length]
        if (!day) return
        expect(dayAtShare(days, layout, shareOf(layout, day.day + msPerDay / 2))).toBe(day)
        expect([dayAtShare(days, layout, 0), dayAtShare(days, layout, 1)]).toEqual([days[0], days.at(-1)])
      }),
    )
  })

  it('has a tick per month, and as many labels as fit', () => {
    const labels = (count: number) => {
      const ticks = layOutScrubber(daysTo('2026-01-28', upTo(count))).ticks.filter((tick) => tick.isLabelled)
      return ticks.map(
        ({ at, isYear }) => `${new Date(at + msPerDay / 2).toISOString().slice(0, 7)}${isYear ? ' year' : ''}`,
      )
    }
    expect(labels(100)).toEqual(['2025-11', '2025-12', '2026-01 year'])
    expect(labels(800)).toEqual([
      '2024-01 year',
      '2024-04',
      '2024-07',
      '2024-10',
      '2025-01 year',
      '2025-04',
      '2025-07',
      '2025-10',
      '2026-01 year',
    ])
    expect(labels(1_480)).toEqual(['2023-01 year', '2024-01 year', '2025-01 year', '2026-01 year'])
  })

  it('moves by day and by month with keys, and stops at the ends', () => {
    const days = daysTo('2026-01-28', [0, 1, 10, 29, 31, 70])
    const go = (from: number, ...how: [direction: 'newer' | 'older', page: boolean]) =>
      days.indexOf(adjacentDay(days, days[from] as (typeof days)[number], ...how))
    expect([0, 1, 5].map((from) => go(from, 'older', false))).toEqual([1, 2, 5])
    expect([0, 5].map((from) => go(from, 'newer', false))).toEqual([0, 4])
    expect([0, 4, 5].map((from) => go(from, 'older', true))).toEqual([4, 5, 5])
    expect([5, 4, 0].map((from) => go(from, 'newer', true))).toEqual([4, 1, 0])
  })

  it('is shown only for long histories', () => {
    expect(needsScrubber(daysTo('2026-01-28', upTo(61)))).toBe(true)
    expect(needsScrubber(daysTo('2026-01-28', upTo(50)))).toBe(false)
    expect(needsScrubber(daysTo('2026-01-28', [0, 100]))).toBe(false)
  })
})

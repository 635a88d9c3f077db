import { describe, expect, test } from 'vitest'
import { beginningOf, dayOf, daysOf, koreanDayOf, lastDays, wholeDays } from '../../src/core/domain/days.ts'
import fc from '../support/fast-check.ts'

const zones = [
  'Asia/Seoul',
  'UTC',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'Africa/Casablanca',
  'Africa/Cairo',
]
const zone = fc.constantFrom(...zones)
// Within the accepted years of records.
const anyTime = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2100, 0, 1) - 1 })

/** The local day from the platform's own calendar. */
function slowDay(time: number, timeZone: string): string {
  const options = { timeZone, calendar: 'iso8601', year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const parts = new Intl.DateTimeFormat('en', options).formatToParts(time)
  const part = (type: string) => parts.find((found) => found.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')}`
}

test.each([
  ['2026-01-28T14:59:59.999Z', 'Asia/Seoul', '2026-01-28'],
  ['2026-01-28T15:00:00.000Z', 'Asia/Seoul', '2026-01-29'],
  ['2026-01-01T03:29:59.999Z', 'America/St_Johns', '2025-12-31'],
  ['2026-01-01T03:30:00.000Z', 'America/St_Johns', '2026-01-01'],
  ['2026-02-28T18:14:59.999Z', 'Asia/Kathmandu', '2026-02-28'],
  ['2026-02-28T18:15:00.000Z', 'Asia/Kathmandu', '2026-03-01'],
  ['2028-02-29T12:00:00.000Z', 'UTC', '2028-02-29'],
  ['2026-12-31T09:59:59.999Z', 'Pacific/Kiritimati', '2026-12-31'],
  ['2026-12-31T10:00:00.000Z', 'Pacific/Kiritimati', '2027-01-01'],
])('%s in %s is %s', (time, timeZone, day) => {
  expect(dayOf(Date.parse(time), timeZone)).toBe(day)
})

test('matches the platform at any time in any zone', () => {
  fc.assert(
    fc.property(anyTime, zone, (time, timeZone) => {
      expect(dayOf(time, timeZone)).toBe(slowDay(time, timeZone))
    }),
    { numRuns: 2_000 },
  )
})

test('refuses an unknown zone', () => {
  expect(() => dayOf(0, 'Moon/Tranquility')).toThrow(RangeError)
  expect(() => lastDays(0, 7, '')).toThrow(RangeError)
})

describe('a range of days', () => {
  const isWhole = ({ days, from, to }: { days: string[]; from: number; to: number }, timeZone: string) => {
    expect(dayOf(from, timeZone)).toBe(days[0])
    expect(dayOf(from - 1, timeZone) < (days[0] as string)).toBe(true)
    expect(dayOf(to - 1, timeZone)).toBe(days.at(-1))
    expect(dayOf(to, timeZone) > (days.at(-1) as string)).toBe(true)
  }

  test('ends today, has no gap and covers each day to the millisecond', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 1, max: 40 }), zone, (now, count, timeZone) => {
        const range = lastDays(now, count, timeZone)
        expect(range.days).toHaveLength(count)
        expect(range.days.at(-1)).toBe(dayOf(now, timeZone))
        for (const [index, day] of range.days.entries()) {
          const next = range.days[index + 1]
          if (next) expect(Date.parse(next) - Date.parse(day)).toBe(86_400_000)
        }
        expect(now >= range.from && now < range.to).toBe(true)
        isWhole(range, timeZone)
      }),
      { numRuns: 500 },
    )
  })

  test('covers the real length of a day on which the clocks change', () => {
    const spring = lastDays(Date.parse('2026-03-29T12:00:00Z'), 1, 'Europe/Berlin')
    expect(spring.to - spring.from).toBe(23 * 3_600_000)
    const autumn = lastDays(Date.parse('2026-10-25T12:00:00Z'), 1, 'Europe/Berlin')
    expect(autumn.to - autumn.from).toBe(25 * 3_600_000)
    const halfHour = lastDays(Date.parse('2026-04-05T00:00:00Z'), 1, 'Australia/Lord_Howe')
    expect(halfHour.to - halfHour.from).toBe(24.5 * 3_600_000)
  })

  test('lists each day of some times once, in order', () => {
    const times = ['2026-01-30T00:00:00Z', '2026-01-28T15:00:00Z', '2026-01-28T16:00:00Z'].map((time) =>
      Date.parse(time),
    )
    const range = daysOf(times, 'Asia/Seoul')
    expect(range.days).toEqual(['2026-01-29', '2026-01-30'])
    isWhole(range, 'Asia/Seoul')
    expect(daysOf([], 'Asia/Seoul')).toEqual({ days: [], from: 0, to: 0 })
  })
})

test('splits a range into whole Korean days and the rest before and after, without overlap', () => {
  const ranges = fc.tuple(anyTime, fc.oneof(fc.integer({ min: 0, max: 200_000_000 }), fc.integer({ min: 0, max: 3 })))
  const atMidnight = anyTime.map((time) => beginningOf(koreanDayOf(time)))
  fc.assert(
    fc.property(fc.oneof(ranges, fc.tuple(atMidnight, fc.integer({ min: 0, max: 3 }))), ([from, length]) => {
      const to = from + length
      const { day, end, before, after } = wholeDays(from, to)
      const parts = [before, { from: beginningOf(day), to: beginningOf(end) }, after].filter((one) => one.from < one.to)
      expect(parts[0]?.from ?? to).toBe(from)
      expect(parts.at(-1)?.to ?? from).toBe(to)
      for (const [index, part] of parts.slice(1).entries()) expect(part.from).toBe(parts[index]?.to)
      expect(koreanDayOf(beginningOf(day))).toBe(day)
      expect(dayOf(beginningOf(day), 'Asia/Seoul')).not.toBe(dayOf(beginningOf(day) - 1, 'Asia/Seoul'))
    }),
  )
})

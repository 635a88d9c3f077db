import { describe, expect, test } from 'vitest'
import {
  beginningOf,
  dayOf,
  daysOf,
  isKoreanDay,
  koreanDayOf,
  type LocalDay,
  lastDays,
  wholeDays,
} from '../../src/core/domain/days.ts'
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
  const isWhole = ({ day, from, to }: LocalDay, timeZone: string) => {
    expect(dayOf(from, timeZone)).toBe(day)
    expect(dayOf(from - 1, timeZone) < day).toBe(true)
    expect(dayOf(to - 1, timeZone)).toBe(day)
    expect(dayOf(to, timeZone) > day).toBe(true)
  }

  test('ends today, has no gap and covers each day to the millisecond', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 1, max: 40 }), zone, (now, count, timeZone) => {
        const days = lastDays(now, count, timeZone)
        expect(days).toHaveLength(count)
        const today = days.at(-1) as LocalDay
        expect(today.day).toBe(dayOf(now, timeZone))
        expect(now >= today.from && now < today.to).toBe(true)
        for (const [index, one] of days.entries()) {
          const next = days[index + 1]
          if (next) expect(Date.parse(next.day) - Date.parse(one.day)).toBe(86_400_000)
          if (next) expect(next.from).toBe(one.to)
          isWhole(one, timeZone)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('covers the real length of a day on which the clocks change', () => {
    const hoursOf = (now: string, timeZone: string) =>
      lastDays(Date.parse(now), 1, timeZone).map(({ from, to }) => (to - from) / 3_600_000)
    expect(hoursOf('2026-03-29T12:00:00Z', 'Europe/Berlin')).toEqual([23])
    expect(hoursOf('2026-10-25T12:00:00Z', 'Europe/Berlin')).toEqual([25])
    expect(hoursOf('2026-04-05T00:00:00Z', 'Australia/Lord_Howe')).toEqual([24.5])
  })

  test('gives a day that a zone left out no time', () => {
    const days = lastDays(Date.parse('2011-12-31T00:00:00Z'), 3, 'Pacific/Apia')
    expect(days.map(({ day, from, to }) => [day, (to - from) / 3_600_000])).toEqual([
      ['2011-12-29', 24],
      ['2011-12-30', 0],
      ['2011-12-31', 24],
    ])
  })

  test('lists each day of some times once, in order', () => {
    const times = ['2026-01-30T00:00:00Z', '2026-01-28T15:00:00Z', '2026-01-28T16:00:00Z'].map((time) =>
      Date.parse(time),
    )
    const days = daysOf(times, 'Asia/Seoul')
    expect(days.map(({ day }) => day)).toEqual(['2026-01-29', '2026-01-30'])
    for (const day of days) isWhole(day, 'Asia/Seoul')
    expect(daysOf([], 'Asia/Seoul')).toEqual([])
  })

  test('is a day in Korea where the clocks are those of Korea', () => {
    const areKorean = (timeZone: string) => lastDays(0, 3, timeZone).every(isKoreanDay)
    expect(['Asia/Seoul', 'Asia/Tokyo', 'UTC', 'Australia/Adelaide'].map(areKorean)).toEqual([true, true, false, false])
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

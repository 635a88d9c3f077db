/** Local days and Korean days of times in epoch milliseconds. */

export const minuteMs = 60_000
/** In milliseconds, like the other units. */
export const quarterHour = 15 * minuteMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

const formats = new Map<string, Intl.DateTimeFormat>()
const cache = new Map<string, Map<number, string>>()
/** The cache of a zone is cleared at this size: 40,000 quarter hours are about 14 months. */
const maxCachedQuarters = 40_000

/**
 * The local day of a time as `YYYY-MM-DD`. Throws `RangeError` for an unknown time zone. Time zones shift by whole quarter
 * hours, so the day is formatted once per quarter hour and cached.
 */
export function dayOf(time: number, timeZone: string): string {
  const quarter = Math.floor(time / quarterHour)
  const days = cache.get(timeZone) ?? new Map<number, string>()
  if (days.size > maxCachedQuarters) days.clear()
  cache.set(timeZone, days)
  const found = days.get(quarter)
  if (found) return found
  // The Swedish locale writes dates as ISO 8601 does.
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  const day = format.format(quarter * quarterHour)
  days.set(quarter, day)
  return day
}

/** A local day as `YYYY-MM-DD`, and the time range that it covers, in epoch milliseconds; `to` is exclusive. */
export interface LocalDay {
  day: string
  from: number
  to: number
}

/** The `count` local days that end with the day of `now`, oldest first. */
export function lastDays(now: number, count: number, timeZone: string): LocalDay[] {
  const today = dayOf(now, timeZone)
  return withTimes(
    Array.from({ length: count }, (_, index) => dayAfter(today, index + 1 - count)),
    timeZone,
  )
}

/** The local days of some times, each day once, oldest first. */
export const daysOf = (times: readonly number[], timeZone: string): LocalDay[] =>
  withTimes([...new Set(times.map((time) => dayOf(time, timeZone)))].sort(), timeZone)

function withTimes(days: readonly string[], timeZone: string): LocalDay[] {
  let last = Number.NEGATIVE_INFINITY
  return days.map((day) => {
    const from = startOfDay(day, timeZone, last)
    const to = startOfDay(dayAfter(day, 1), timeZone, from + dayMs)
    last = to
    return { day, from, to }
  })
}

const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + count * dayMs).toISOString().slice(0, 10)

/** The first time of a local day, or of the next one if the zone leaves it out. Formats few times if `guess` is right. */
function startOfDay(day: string, timeZone: string, guess: number): number {
  const isBefore = (time: number) => dayOf(time, timeZone) < day
  if (Number.isFinite(guess) && !isBefore(guess) && isBefore(guess - quarterHour)) return guess
  // No zone is a whole day from UTC.
  let before = Math.floor(Date.parse(`${day}T00:00:00Z`) / quarterHour) - dayMs / quarterHour
  let start = before + (2 * dayMs) / quarterHour
  while (start - before > 1) {
    const middle = Math.floor((before + start) / 2)
    if (isBefore(middle * quarterHour)) before = middle
    else start = middle
  }
  return start * quarterHour
}

/** Korea's offset from UTC in milliseconds; it has no daylight saving time. */
export const koreanOffset = 9 * hourMs

/** The Korean day of a time, counted from 1 January 1970. Carat and most of its users are in Korea. */
export const koreanDayOf = (time: number): number => Math.floor((time + koreanOffset) / dayMs)

/** The first time of a Korean day. */
export const beginningOf = (koreanDay: number): number => koreanDay * dayMs - koreanOffset

/** Splits a time range into whole Korean days, from `day` to below `end`, and the rest before and after them. */
export function wholeDays(from: number, to: number): { day: number; end: number; before: TimeRange; after: TimeRange } {
  const day = koreanDayOf(from - 1) + 1
  const end = Math.max(day, koreanDayOf(to))
  const before = { from, to: Math.min(to, beginningOf(day)) }
  return { day, end, before, after: { from: Math.max(before.to, beginningOf(end)), to } }
}

/** Whether a local day covers exactly one Korean day. */
export const isKoreanDay = ({ from, to }: LocalDay): boolean =>
  beginningOf(koreanDayOf(from)) === from && to - from === dayMs

interface TimeRange {
  from: number
  to: number
}

export const quarterHour = 15 * 60_000
export const minuteMs = 60_000
export const hourMs = 60 * 60_000
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

/** Local days in order, and the time range that they cover, in epoch milliseconds; `to` is exclusive. */
export interface DateRange {
  days: string[]
  from: number
  to: number
}

/** The `count` local days that end with the day of `now`, oldest first. */
export function lastDays(now: number, count: number, timeZone: string): DateRange {
  const today = dayOf(now, timeZone)
  return dateRangeOf(
    Array.from({ length: count }, (_, index) => dayAfter(today, index + 1 - count)),
    timeZone,
  )
}

/** The local days of some times, each day once. */
export const daysOf = (times: readonly number[], timeZone: string): DateRange =>
  dateRangeOf([...new Set(times.map((time) => dayOf(time, timeZone)))].sort(), timeZone)

function dateRangeOf(days: string[], timeZone: string): DateRange {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return { days, from: 0, to: 0 }
  return { days, from: startOfDay(first, timeZone), to: startOfDay(dayAfter(last, 1), timeZone) }
}

const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + count * dayMs).toISOString().slice(0, 10)

function startOfDay(day: string, timeZone: string): number {
  let time = Math.floor((Date.parse(`${day}T00:00:00Z`) - dayMs) / quarterHour) * quarterHour
  while (dayOf(time, timeZone) < day) time += quarterHour
  return time
}

/** Korea's offset from UTC in milliseconds; it has no daylight saving time. */
export const koreanOffset = 9 * hourMs

/** The Korean day of a time, counted from 1 January 1970. Carat and most of its users are in Korea. */
export const koreanDayOf = (time: number): number => Math.floor((time + koreanOffset) / dayMs)
export const beginningOf = (koreanDay: number): number => koreanDay * dayMs - koreanOffset

/** Splits a time range into whole Korean days, from `day` to below `end`, and the rest before and after them. */
export function wholeDays(from: number, to: number): { day: number; end: number; before: TimeRange; after: TimeRange } {
  const day = koreanDayOf(from - 1) + 1
  const end = Math.max(day, koreanDayOf(to))
  const before = { from, to: Math.min(to, beginningOf(day)) }
  return { day, end, before, after: { from: Math.max(before.to, beginningOf(end)), to } }
}

interface TimeRange {
  from: number
  to: number
}

/** Local days. A time zone shifts by whole quarter hours, so the day is looked up once per quarter hour. */
export const quarterHour = 15 * 60_000
export const hourMs = 60 * 60_000
export const dayMs = 24 * hourMs
const formats = new Map<string, Intl.DateTimeFormat>()
const known = new Map<string, Map<number, string>>()
const mostKnown = 40_000

/** The local day of a moment as `YYYY-MM-DD`. Throws `RangeError` for an unknown time zone. */
export function dayOf(time: number, timeZone: string): string {
  const quarter = Math.floor(time / quarterHour)
  const days = known.get(timeZone) ?? new Map<number, string>()
  if (days.size > mostKnown) days.clear()
  known.set(timeZone, days)
  const found = days.get(quarter)
  if (found) return found
  // The Swedish locale writes dates as ISO 8601 does.
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  const day = format.format(quarter * quarterHour)
  days.set(quarter, day)
  return day
}

/** Local days in order, and the span from the first moment of the first to the last of the last, `to` exclusive. */
export interface DaySpan {
  days: string[]
  from: number
  to: number
}

/** The `count` local days that end with the day of `now`, oldest first. */
export function lastDays(now: number, count: number, timeZone: string): DaySpan {
  const today = dayOf(now, timeZone)
  return spanOf(
    Array.from({ length: count }, (_, index) => dayAfter(today, index + 1 - count)),
    timeZone,
  )
}

/** The local days on which some moments fall. */
export const daysOf = (times: readonly number[], timeZone: string): DaySpan =>
  spanOf([...new Set(times.map((time) => dayOf(time, timeZone)))].sort(), timeZone)

function spanOf(days: string[], timeZone: string): DaySpan {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return { days, from: 0, to: 0 }
  return { days, from: firstMoment(first, timeZone), to: firstMoment(dayAfter(last, 1), timeZone) }
}

const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + count * dayMs).toISOString().slice(0, 10)

function firstMoment(day: string, timeZone: string): number {
  let moment = Math.floor((Date.parse(`${day}T00:00:00Z`) - dayMs) / quarterHour) * quarterHour
  while (dayOf(moment, timeZone) < day) moment += quarterHour
  return moment
}

/** Milliseconds that Korea is ahead of UTC, all year round. */
export const koreanOffset = 9 * hourMs

/** A day in Korea, where Carat and most of its users are, counted from 1 January 1970. */
export const koreanDayOf = (time: number): number => Math.floor((time + koreanOffset) / dayMs)
export const beginningOf = (koreanDay: number): number => koreanDay * dayMs - koreanOffset

/** The whole Korean days within a span, `day` to below `end`, and what is left of it before and after them. */
export function wholeDays(from: number, to: number): { day: number; end: number; before: Moments; after: Moments } {
  const day = koreanDayOf(from - 1) + 1
  const end = Math.max(day, koreanDayOf(to))
  const before = { from, to: Math.min(to, beginningOf(day)) }
  return { day, end, before, after: { from: Math.max(before.to, beginningOf(end)), to } }
}

interface Moments {
  from: number
  to: number
}

/** Local days. A time zone shifts by whole quarter hours, so the day is looked up once per quarter hour. */
const quarterHour = 15 * 60_000
const dayMs = 24 * 60 * 60_000
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

/** The `count` local days that end with the day of `now`, oldest first, and the first moment of the oldest. */
export function lastDays(now: number, count: number, timeZone: string): { days: string[]; from: number } {
  const today = Date.parse(`${dayOf(now, timeZone)}T12:00:00Z`)
  const days = Array.from({ length: count }, (_, index) =>
    new Date(today - (count - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
  const first = days[0] as string
  let from = Math.floor((Date.parse(`${first}T00:00:00Z`) - dayMs) / quarterHour) * quarterHour
  while (dayOf(from, timeZone) < first) from += quarterHour
  return { days, from }
}

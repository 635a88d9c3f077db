import { dayMs, quarterHour } from '../days.ts'

/** Fields as a clock on the wall shows them; `month` is 1 to 12. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()
/** The cache of a zone is cleared at this size: 40,000 quarter hours are about 14 months. */
const maxCachedQuarters = 40_000

/** Whether the runtime knows a zone by this IANA name. */
export const isZone = (zone: string): boolean => canonicalZone(zone) !== null

/** A zone in the spelling of the runtime, such as `America/New_York` or `-05:00`; null if it knows none of this name. */
export function canonicalZone(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

/** The wall time as if it were in UTC, in milliseconds. */
export const asUtc = ({ year, month, day, hour, minute, second, ms }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second, ms)

/**
 * The time at which clocks in a zone showed a wall time. A wall time that occurs twice is the earlier one; one that a clock
 * change skips is read with the offset before the change. Throws `RangeError` for an unknown zone.
 */
export function toEpoch(wall: WallTime, zone: string): number {
  const utc = asUtc(wall)
  const first = utc - offsetAt(utc - dayMs, zone)
  if (offsetAt(first, zone) === utc - first) return first
  const second = utc - offsetAt(utc + dayMs, zone)
  return offsetAt(second, zone) === utc - second ? second : first
}

/** The wall time of a time in a zone. */
export function toWall(time: number, zone: string): WallTime {
  const date = new Date(time + offsetAt(time, zone))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    ms: date.getUTCMilliseconds(),
  }
}

/** The offset of a zone from UTC in milliseconds. Zones shift by whole quarter hours, so it is cached for each. */
function offsetAt(time: number, zone: string): number {
  const quarter = Math.floor(time / quarterHour)
  let known = offsets.get(zone)
  if (!known || known.size > maxCachedQuarters) {
    known = new Map()
    offsets.set(zone, known)
  }
  const found = known.get(quarter)
  if (found !== undefined) return found
  const start = quarter * quarterHour
  const parts = new Map(
    formatOf(zone)
      .formatToParts(start)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const [year, month, day] = [parts.get('year') ?? 0, parts.get('month') ?? 1, parts.get('day') ?? 1]
  const wall = Date.UTC(
    year,
    month - 1,
    day,
    parts.get('hour') ?? 0,
    parts.get('minute') ?? 0,
    parts.get('second') ?? 0,
  )
  const offset = wall - start
  known.set(quarter, offset)
  return offset
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

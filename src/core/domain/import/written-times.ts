/** Reads times as people and programs write them, in any of many formats. An unreadable text gives null, never a guess. */
import type { Precision } from '../../../shared/imports.ts'
import { dayMs } from '../days.ts'
import { dayHalfPattern, hourOfDay, namedOffsets, weekdayPattern } from './time-words.ts'
import {
  checkedDate,
  readDate,
  type TimeContext,
  type WrittenDate,
  type WrittenTime,
  written,
} from './written-dates.ts'
import { toEpoch, toWall, type WallTime } from './zones.ts'

/**
 * Reads one text. Numbers are Excel serials (Korean wall time, as every cell is wall time) or epoch seconds or milliseconds.
 * Null if the text is no time, or names a day that does not exist.
 */
export function readTime(text: string, context: TimeContext): WrittenTime | null {
  const usualForm = readUsual(text)
  if (usualForm !== undefined) return usualForm
  const rest = normal(text)
  if (rest.length === 0 || rest.length > 80) return null
  return readNumber(rest) ?? readAgo(rest, context) ?? readParts(rest, context)
}

const spaces = /[\s\u00A0\u202F\u2009\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]+/g
export const normal = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(spaces, ' ')
    .replace(/[‐‑‒–−]/g, '-')
    .trim()
    .toLowerCase()

const iso =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?\s*$/i
const korean = /^\s*(\d{4})[./] ?(\d{1,2})[./] ?(\d{1,2})\.?(?: (?:(오전|오후) )?(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/

/** A fast path for the usual forms. Undefined if the text has another form. */
function readUsual(text: string): WrittenTime | null | undefined {
  const match = iso.exec(text)
  if (match) {
    const [, year, month, day, hour, minute, second, fraction, zone] = match
    const clock = hour === undefined ? null : checkedClock(Number(hour), Number(minute), second, fraction)
    return usual(checkedDate(Number(year), Number(month), Number(day)), clock, zone)
  }
  const local = korean.exec(text)
  if (!local) return undefined
  const [, year, month, day, half, hour, minute, second] = local
  const inDay = half ? hourOfDay(Number(hour), half) : Number(hour)
  if (hour !== undefined && inDay === null) return null
  const clock = hour === undefined ? null : checkedClock(inDay ?? 0, Number(minute), second)
  return usual(checkedDate(Number(year), Number(month), Number(day)), clock)
}

function usual(date: WrittenDate | null, clock: WrittenTime['clock'] | undefined, zone?: string): WrittenTime | null {
  const offset = zone === undefined ? null : offsetOf(zone.toLowerCase())
  if (!date || clock === undefined || (zone !== undefined && offset === null)) return null
  return written({ date, clock, offset, order: 'year_first' })
}

/** Undefined if there is no such time of day. 24:00 is the end of the day. */
function checkedClock(
  hour: number,
  minute: number,
  second?: string,
  fraction?: string,
): WrittenTime['clock'] | undefined {
  const seconds = second === undefined ? 0 : Number(second)
  const isEnd = hour === 24 && minute === 0 && seconds === 0
  if ((hour > 23 && !isEnd) || minute > 59 || seconds > 59) return undefined
  // Fewer than three digits state no millisecond.
  const isExact = fraction !== undefined && fraction.length >= 3
  const ms = isExact ? Number(fraction.slice(0, 3)) : 0
  const precision = second === undefined ? 'minute' : isExact ? 'millisecond' : 'second'
  return { hour, minute, second: seconds, ms, precision }
}

/** Minutes east of UTC of an offset or its name, in lower case: `utc`, `kst`, `+09:00`. Null for other texts. */
export function offsetOf(text: string): number | null {
  const named = Object.hasOwn(namedOffsets, text) ? namedOffsets[text] : undefined
  if (named !== undefined) return named
  const match = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(text)
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return minutes > 14 * 60 ? null : (match[1] === '-' ? -1 : 1) * minutes
}

const excelEpoch = Date.UTC(1899, 11, 30)

function readNumber(text: string): WrittenTime | null {
  if (!/^\d+(?:\.\d+)?$/.test(text)) return null
  const value = Number(text)
  const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text)
  const date = compact && checkedDate(Number(compact[1]), Number(compact[2]), Number(compact[3]))
  if (compact && date) {
    const clock = compact[4] === undefined ? null : checkedClock(Number(compact[4]), Number(compact[5]), compact[6])
    return clock === undefined ? null : written({ date, clock, order: 'year_first' })
  }
  if (/^\d{10}(?:\.\d+)?$/.test(text)) return ofUtc(Math.floor(value) * 1000, 0, 'second')
  if (/^\d{13}(?:\d{3})?$/.test(text)) return ofUtc(Number(text.slice(0, 13)), 0, 'millisecond')
  // 1 January 2000 to 31 December 2099. Seconds come back rounded from a fraction of a day.
  if (value < 36_526 || value >= 73_051) return null
  const wall = ofUtc(excelEpoch + Math.round(value * 86_400) * 1000, null, 'second')
  return Number.isInteger(value) && wall ? { ...wall, clock: null } : wall
}

function ofUtc(time: number, offset: number | null, precision: 'second' | 'millisecond'): WrittenTime | null {
  const { hour, minute, second, ms, ...day } = toWall(time, 'UTC')
  const date = checkedDate(day.year, day.month, day.day)
  return (
    date &&
    written({
      date,
      clock: { hour, minute, second, ms, precision },
      offset,
      order: 'year_first',
    })
  )
}

const units: Record<string, number> = {
  초: 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: dayMs,
  w: 7 * dayMs,
  second: 1000,
  sec: 1000,
  분: 60_000,
  minute: 60_000,
  min: 60_000,
  시간: 3_600_000,
  hour: 3_600_000,
  hr: 3_600_000,
  일: dayMs,
  day: dayMs,
  주: 7 * dayMs,
  주일: 7 * dayMs,
  week: 7 * dayMs,
}
const ago =
  /^(?:약 ?|about )?(\d+|an?) ?(초|분|시간|일|주일|주|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w) ?(?:전|ago)$/
const justNow = /^(?:방금(?: 전)?|몇 ?초 전|just now|now|a few seconds ago|moments? ago)$/

function readAgo(text: string, { now, zone }: TimeContext): WrittenTime | null {
  const match = justNow.test(text) ? ['', '0', '초'] : ago.exec(text)
  if (!match) return null
  const [, count = '', name = ''] = match
  const unit = units[name] ?? units[name.replace(/s$/, '')] ?? 0
  const { hour, minute, ...wall } = toWall(now - (/\d/.test(count) ? Number(count) : 1) * unit, zone)
  const date = { year: wall.year, month: wall.month, day: wall.day }
  const clock = unit >= dayMs ? null : { hour, minute, second: 0, ms: 0, precision: 'minute' as const }
  return written({ date, clock, order: 'year_first' })
}

const clockPattern = new RegExp(
  `(?:(${dayHalfPattern}) ?)?(?<!\\d)(\\d{1,2})(?::(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?|[시時] ?(?:(\\d{1,2}) ?[분分] ?(?:(\\d{1,2}) ?[초秒])?|(반))?)(?!\\d)(?: ?(${dayHalfPattern})(?![a-z]))?`,
)
const bareHour = /(?<!\d)(\d{1,2}) ?(a\.?m\.?|p\.?m\.?)(?![a-z])/
const offsetPattern =
  / ?\(?(z|(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|kst|jst|sgt|e[sd]t|p[sd]t|cest|cet|(?:대한민국|한국) 표준시|korean? standard time)\)?$/

/** A zone that a program writes behind an offset: `GMT+0900 (Korean Standard Time)`, `+01:00[Europe/Paris]`. */
const zoneNames = / ?((?:utc|gmt)?[+-]\d{2}:?\d{2}) ?(?:\([^)]*\)|\[[^\]]*\])$/
/** `wed jan 28 14:21:33 kst 2026`, as Unix writes it. */
const yearLast = /^([a-z]{3} [a-z]{3} +\d{1,2}) (\d\d:\d\d:\d\d(?: [a-z]{3,4})?) (\d{4})$/

/** `20260128 142133`, `2026-01-28_14-21-33`, `2026-01-28 14.21`. */
const packed = /^(\d{4})([-.]?)(\d\d)\2(\d\d)[ _t](\d\d)([-.]?)(\d\d)(?:\6(\d\d))?$/
const packedTime = (_: string, year: string, _mark: string, month: string, day: string, ...clock: string[]): string => {
  const [hour, , minute, second] = clock as (string | undefined)[]
  return `${year}-${month}-${day} ${[hour, minute, second].filter((part) => part !== undefined).join(':')}`
}

/** A date and a clock in any order, with nothing else but weekdays and small words. */
function readParts(text: string, context: TimeContext): WrittenTime | null {
  let rest = text
    .replace(zoneNames, ' $1')
    .replace(yearLast, '$1 $3 $2')
    .replace(packed, packedTime)
    .replace(weekdayPattern, ' ')
    .replace(/ +/g, ' ')
    .trim()
  let clock: WrittenTime['clock'] = null
  let offset: number | null = null
  const zone = /\d|정오|자정/.test(rest) ? offsetPattern.exec(rest) : null
  // Without a clock, "-0100" is the end of a date.
  if (zone && /:|시|時/.test(rest)) {
    offset = offsetOf(zone[1] as string)
    if (offset === null) return null
    rest = rest.slice(0, zone.index).trim()
  }
  const found = findClock(rest)
  if (found) {
    if (found.clock === undefined) return null
    clock = found.clock
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found.length)}`
  }
  rest = rest
    .replace(/(?<![a-z])(?:at|um|uhr|on|t)(?![a-z])/g, ' ')
    .replace(/^[ ,·_]+|[ ,|·_]+$/g, '')
    .replace(/ +/g, ' ')
  if (rest === '') return clock && written({ clock, offset })
  const date = readDate(rest, context)
  return date && { ...date, clock, offset }
}

function findClock(text: string): { clock: WrittenTime['clock'] | undefined; index: number; length: number } | null {
  const noon = /정오|자정|(?<![a-z])(?:noon|midnight)(?![a-z])/.exec(text)
  const match = clockPattern.exec(text)
  if (match) {
    const [all, before, hour, minute, second, fraction, minutes, seconds, half, after] = match
    const word = before ?? after
    const inDay = word === undefined ? Number(hour) : hourOfDay(Number(hour), word)
    if (inDay === null || (before && after)) return { clock: undefined, index: 0, length: 0 }
    const clock = checkedClock(inDay, half ? 30 : Number(minute ?? minutes ?? 0), second ?? seconds, fraction)
    return { clock, index: match.index, length: all.length }
  }
  const bare = bareHour.exec(text)
  if (bare) {
    const hour = hourOfDay(Number(bare[1]), bare[2] as string)
    return { clock: hour === null ? undefined : checkedClock(hour, 0), index: bare.index, length: bare[0].length }
  }
  if (!noon) return null
  const hour = /정오|noon/.test(noon[0]) ? 12 : 0
  return { clock: checkedClock(hour, 0), index: noon.index, length: noon[0].length }
}

/** The time of a date, and of a clock if there is one, in the zone unless the text states an offset. */
export function timeOf(
  date: WrittenDate,
  clock: WrittenTime['clock'],
  offset: number | null,
  zone: string,
): { time: number; precision: Precision } {
  const wall: WallTime = { ...date, hour: 0, minute: 0, second: 0, ms: 0, ...clock }
  const time =
    offset === null
      ? toEpoch(wall, zone)
      : Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.ms) - offset * 60_000
  return { time, precision: clock?.precision ?? 'day' }
}

/** When a file was made, according to its metadata or its name. Local times without a zone are read as Korean time. */
import type { MadeEvidence } from '../../shared/folders.ts'
import { dayMs, koreanOffset, minuteMs } from './days.ts'

/** A time in epoch ms, with its evidence. */
export interface MadeTime {
  madeAt: number
  evidence: MadeEvidence
}

/** Earlier times come from clocks that were never set. */
const earliest = Date.UTC(2000, 0, 1)

/** Best evidence first. */
const evidenceOrder: readonly MadeEvidence[] = ['embedded', 'embedded_no_zone', 'name']

/** The earliest of the times with the best evidence; `savedAt` if no time is possible, or `now` if it is not possible either. All times are epoch ms. */
export function bestTime(times: readonly (MadeTime | null)[], savedAt: number, now: number): MadeTime {
  const [best] = times
    .filter((time) => time !== null)
    .filter(({ madeAt }) => madeAt >= earliest && madeAt <= now + dayMs)
    .sort((a, b) => evidenceOrder.indexOf(a.evidence) - evidenceOrder.indexOf(b.evidence) || a.madeAt - b.madeAt)
  // Files out of a ZIP are often of 1980: the file was there by now.
  return best ?? { madeAt: savedAt < earliest ? now : Math.min(savedAt, now), evidence: 'saved' }
}

const embedded =
  /^\s*(\d{4})[-:.](\d{2})[-:.](\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?/

/**
 * Reads a time of EXIF, XMP or PNG, such as `2026:01:28 14:21:33`; null if it is none. `offset` is the offset from UTC in a
 * field of its own, such as `+09:00`.
 */
export function embeddedTime(text: string, offset = ''): MadeTime | null {
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone = offset] = embedded.exec(text) ?? []
  const wall = wallTime([year, month, day, hour, minute, second].map(Number), Number(fraction.padEnd(3, '0')))
  if (wall === null) return null
  const offsetMs = zoneOffset(zone)
  return offsetMs === null
    ? { madeAt: wall - koreanOffset, evidence: 'embedded_no_zone' }
    : { madeAt: wall - offsetMs, evidence: 'embedded' }
}

/** The milliseconds of `+09:00`, `-0530` or `Z`; null for anything else. */
function zoneOffset(zone: string): number | null {
  if (zone.trim() === 'Z') return 0
  const [, sign, hours, minutes] = /^\s*([+-])(\d{2}):?(\d{2})/.exec(zone) ?? []
  if (sign === undefined) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

const dateInName = String.raw`(?<year>20\d\d)[-_.]?\s?(?<month>\d\d)[-_.]?\s?(?<day>\d\d)`
const hourAndMinute = String.raw`(?<hour>\d{1,2})(?:[-_.:h시]\s?)?(?<minute>\d\d)`
const secondAndMs = String.raw`(?:(?:[-_.:m분]\s?)?(?<second>\d\d))?(?:[-_.]?(?<ms>\d{3}))?`
const timeInName = new RegExp(
  String.raw`(?<!\d)${dateInName}(?:[-_. T]|\s?at\s|\s)*(?<before>오전|오후|AM|PM)?\s?${hourAndMinute}${secondAndMs}\s?(?<after>AM|PM)?(?!\d)`,
  'i',
)
const epochInName = /(?<!\d)(1[5-9]\d{8})(\d{3})?(?!\d)/

/** The time in the name of a file, such as `carat_20260128_142133.png`; null if it has none. A day alone is no time. */
export function nameTime(path: string): MadeTime | null {
  const name = path.slice(path.lastIndexOf('/') + 1).normalize()
  const { year, month, day, before, hour, minute, second = '0', ms = '0', after } = timeInName.exec(name)?.groups ?? {}
  const half = (before ?? after)?.toUpperCase()
  const hours = Number(hour)
  const fits = half === undefined ? hour?.length === 2 : hours >= 1 && hours <= 12
  const shift = half === '오후' || half === 'PM' ? 12 : 0
  const clock = half === undefined ? hours : (hours % 12) + shift
  const wall = fits
    ? wallTime([Number(year), Number(month), Number(day), clock, Number(minute), Number(second)], Number(ms))
    : null
  if (wall !== null) return { madeAt: wall - koreanOffset, evidence: 'name' }
  const [, seconds, milliseconds = '0'] = epochInName.exec(name) ?? []
  return seconds === undefined ? null : { madeAt: Number(seconds) * 1_000 + Number(milliseconds), evidence: 'name' }
}

/** A wall time as if it were UTC, in ms; null if there is no such time. */
function wallTime(parts: readonly number[], millisecond: number): number | null {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number]
  const time = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  const date = new Date(time)
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return isReal ? time : null
}

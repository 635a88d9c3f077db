/** When a file was made, as its metadata or its name writes it. Local times without a zone are read as Korean time. */
import type { MadeEvidence } from '../../shared/folders.ts'
import { dayMs, koreanOffset } from './days.ts'

/** A time in epoch ms with what it rests on. */
export interface MadeTime {
  madeAt: number
  evidence: MadeEvidence
}

/** Earlier files are no results of Carat: clocks that were never set write such times. */
const earliest = Date.UTC(2000, 0, 1)

/** The best of several times: those of the best evidence, and the earliest of them. Times that cannot be are left out. */
export function bestTime(times: readonly (MadeTime | null)[], savedAt: number, now: number): MadeTime {
  const possible = times.filter((time) => time !== null && time.madeAt >= earliest && time.madeAt <= now + dayMs)
  const saved: MadeTime = { madeAt: Math.max(0, Math.min(savedAt, now)), evidence: 'saved' }
  return (
    (['embedded', 'embedded_no_zone', 'name'] as const)
      .map((evidence) =>
        possible.reduce<MadeTime | null>(
          (first, time) => (time?.evidence === evidence && (!first || time.madeAt < first.madeAt) ? time : first),
          null,
        ),
      )
      .find((time) => time !== null) ?? saved
  )
}

const embedded =
  /^\s*(\d{4})[-:.](\d{2})[-:.](\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?/

/** A time as EXIF, XMP and PNG write it, such as `2026:01:28 14:21:33`, with the offset that stands elsewhere; null if it is none. */
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
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

const inName =
  /(?<!\d)(20\d\d)[-_.]?\s?(\d\d)[-_.]?\s?(\d\d)(?:[-_. T]|\s?at\s|\s)*(오전|오후|AM|PM)?\s?(\d{1,2})(?:[-_.:h시]\s?)?(\d\d)(?:(?:[-_.:m분]\s?)?(\d\d))?(?:[-_.]?(\d{3}))?\s?(AM|PM)?(?!\d)/i
const epoch = /(?<!\d)(1[5-9]\d{8})(\d{3})?(?!\d)/

/** The time in the name of a file, such as `carat_20260128_142133.png`; null if it has none. A day alone is no time. */
export function nameTime(path: string): MadeTime | null {
  const name = path.slice(path.lastIndexOf('/') + 1).normalize()
  const [, year, month, day, before, hour, minute, second = '0', fraction = '0', after] = inName.exec(name) ?? []
  const half = (before ?? after)?.toUpperCase()
  const hours = Number(hour)
  const fits = half === undefined ? hour?.length === 2 : hours >= 1 && hours <= 12
  const shift = half === '오후' || half === 'PM' ? 12 : 0
  const clock = half === undefined ? hours : (hours % 12) + shift
  const wall = fits
    ? wallTime([Number(year), Number(month), Number(day), clock, Number(minute), Number(second)], Number(fraction))
    : null
  if (wall !== null) return { madeAt: wall - koreanOffset, evidence: 'name' }
  const [, seconds, milliseconds = '0'] = epoch.exec(name) ?? []
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

import type { JobDay } from '../../shared/views.ts'
import { msPerDay } from './list-page.ts'
import { firstFit } from './lower-bound.ts'

/** A span of the history: from its first moment up to but without its last, and the credits of its jobs. */
export interface Span {
  from: number
  to: number
  charged: number
  lost: number
}

/** The history from its newest moment, at the top, to its oldest. Heights are shares of the whole, from the top. */
export interface ScrubberLayout {
  newest: number
  oldest: number
  spans: Span[]
  marks: Mark[]
}

export interface Mark {
  /** The beginning of a month in Korea. */
  at: number
  isYear: boolean
  isLabelled: boolean
}

/** A shorter history is scrolled through as fast as one jumps in it. */
const fewestDays = 60
const fewestDaysWithJobs = 20

export const isWorthScrubbing = (days: readonly JobDay[]): boolean =>
  days.length >= fewestDaysWithJobs && (days[0]?.day ?? 0) - (days.at(-1)?.day ?? 0) >= fewestDays * msPerDay

/** Up to so many days are shown week by week, longer histories month by month. */
const mostDaysByWeek = 740
/** A label every so many months, for histories of up to so many months; years alone for longer ones. */
const labelSteps = [
  { months: 14, step: 1 },
  { months: 40, step: 3 },
]
/** Nearer to an end than this there is no room for a label. */
const edge = 0.012

/** `days`: newest first, at least one. */
export function layOutScrubber(days: readonly JobDay[]): ScrubberLayout {
  const newest = (days[0]?.day ?? 0) + msPerDay
  const oldest = days.at(-1)?.day ?? 0
  const months = monthsBetween(oldest, newest)
  const isByWeek = newest - oldest <= mostDaysByWeek * msPerDay
  const starts = isByWeek ? weeksBetween(oldest, newest) : [oldest, ...months.filter((at) => at > oldest)].reverse()
  const spans = starts.map((from, index): Span => ({ from, to: starts[index - 1] ?? newest, charged: 0, lost: 0 }))
  for (const { day, charged, lost } of days) {
    const span = spans[firstFit(spans.length, (index) => (spans[index]?.from ?? 0) <= day)]
    if (!span) continue
    span.charged += charged
    span.lost += lost
  }
  const step = labelSteps.find((one) => months.length <= one.months)?.step ?? 12
  const marks = months.map((at): Mark => {
    const month = new Date(at + koreanOffset).getUTCMonth()
    const share = shareOf({ newest, oldest }, at)
    return { at, isYear: month === 0, isLabelled: month % step === 0 && share > edge && share < 1 - edge }
  })
  return { newest, oldest, spans, marks }
}

/** How far down a moment is. */
export const shareOf = ({ newest, oldest }: Pick<ScrubberLayout, 'newest' | 'oldest'>, at: number): number =>
  Math.min(1, Math.max(0, (newest - at) / (newest - oldest)))

/** The newest day with jobs that began at or before a share of the history, else the oldest. */
export function dayAtShare(days: readonly JobDay[], { newest, oldest }: ScrubberLayout, share: number): JobDay | null {
  const at = newest - share * (newest - oldest)
  return dayBefore(days, at) ?? days.at(-1) ?? null
}

/** The newest day that began before a moment. */
export const dayBefore = (days: readonly JobDay[], at: number): JobDay | null =>
  days[firstFit(days.length, (index) => (days[index]?.day ?? 0) < at)] ?? null

/** The day to which a key leads from another one: the next with jobs, with `page` one that is about a month away. */
export function dayBeside(days: readonly JobDay[], from: JobDay, direction: 'newer' | 'older', page: boolean): JobDay {
  const index = days.indexOf(from)
  if (!page) return days[direction === 'older' ? index + 1 : index - 1] ?? from
  const goal = from.day + (direction === 'older' ? -monthDays : monthDays) * msPerDay
  if (direction === 'older')
    return days[firstFit(days.length, (one) => (days[one]?.day ?? 0) <= goal)] ?? days.at(-1) ?? from
  return days[firstFit(days.length, (one) => (days[one]?.day ?? 0) < goal) - 1] ?? days[0] ?? from
}

const monthDays = 30
/** Milliseconds that Korea is ahead of UTC, all year round. */
const koreanOffset = 9 * 3_600_000

/** The beginnings of the months in Korea from after `from` up to `to`, oldest first. */
function monthsBetween(from: number, to: number): number[] {
  const first = new Date(from + koreanOffset)
  const months: number[] = []
  for (let month = first.getUTCMonth(); ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), month) - koreanOffset
    if (at >= to) return months
    if (at >= from) months.push(at)
  }
}

/** The beginnings of weeks that end with the newest day, newest first; the oldest may be shorter. */
function weeksBetween(from: number, to: number): number[] {
  const week = 7 * msPerDay
  return Array.from({ length: Math.ceil((to - from) / week) }, (_, index) => Math.max(from, to - (index + 1) * week))
}

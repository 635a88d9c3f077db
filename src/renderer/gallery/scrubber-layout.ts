import { msPerDay } from './list-page.ts'
import { lowerBound } from './lower-bound.ts'

/**
 * A day of the history with the numbers of its bar: an amount, and the highlighted share of it. `day` begins the day.
 */
export interface ScrubberDay {
  day: number
  amount: number
  highlighted: number
}

/** A week or month of the history, `to` exclusive, with the sums of its days. */
export interface Bucket {
  from: number
  to: number
  amount: number
  highlighted: number
}

/** The history from its newest time, at the top, to its oldest. */
interface ScrubberLayout {
  newest: number
  oldest: number
  buckets: Bucket[]
  ticks: Tick[]
}

interface Tick {
  /** The beginning of a month. */
  at: number
  isYear: boolean
  isLabelled: boolean
}

/** In a shorter history scrolling is as fast as jumping. */
const minDays = 60
const minDaysWithItems = 20

export const needsScrubber = (days: readonly ScrubberDay[]): boolean =>
  days.length >= minDaysWithItems && (days[0]?.day ?? 0) - (days.at(-1)?.day ?? 0) >= minDays * msPerDay

/** Histories of up to this many days have a bar per week, longer ones a bar per month. */
const maxDaysByWeek = 740
/** Histories of up to `months` months have a label every `step` months, longer ones a label per year. */
const labelSteps = [
  { months: 14, step: 1 },
  { months: 40, step: 3 },
]
/** There is no room for a label nearer to an end than this share of the height. */
const edge = 0.012

/** `days`: newest first, at least one. */
export function layOutScrubber(days: readonly ScrubberDay[]): ScrubberLayout {
  const newest = (days[0]?.day ?? 0) + msPerDay
  const oldest = days.at(-1)?.day ?? 0
  const months = monthsBetween(oldest, newest)
  const isByWeek = newest - oldest <= maxDaysByWeek * msPerDay
  const starts = isByWeek ? weeksBetween(oldest, newest) : [oldest, ...months.filter((at) => at > oldest)].reverse()
  const buckets = starts.map(
    (from, index): Bucket => ({ from, to: starts[index - 1] ?? newest, amount: 0, highlighted: 0 }),
  )
  for (const { day, amount, highlighted } of days) {
    const bucket = buckets[lowerBound(buckets.length, (index) => (buckets[index]?.from ?? 0) <= day)]
    if (!bucket) continue
    bucket.amount += amount
    bucket.highlighted += highlighted
  }
  const step = labelSteps.find((one) => months.length <= one.months)?.step ?? 12
  const ticks = months.map((at): Tick => {
    const month = new Date(at + zoneOffsetOf(oldest)).getUTCMonth()
    const share = shareOf({ newest, oldest }, at)
    return { at, isYear: month === 0, isLabelled: month % step === 0 && share > edge && share < 1 - edge }
  })
  return { newest, oldest, buckets, ticks }
}

/** The share of the height at which a time is, from the top. */
export const shareOf = ({ newest, oldest }: Pick<ScrubberLayout, 'newest' | 'oldest'>, at: number): number =>
  Math.min(1, Math.max(0, (newest - at) / (newest - oldest)))

/** The newest day that began at or before a share of the height, else the oldest day. */
export function dayAtShare(
  days: readonly ScrubberDay[],
  { newest, oldest }: ScrubberLayout,
  share: number,
): ScrubberDay | null {
  const at = newest - share * (newest - oldest)
  return dayBefore(days, at) ?? days.at(-1) ?? null
}

/** The newest day that began before a time. */
export const dayBefore = (days: readonly ScrubberDay[], at: number): ScrubberDay | null =>
  days[lowerBound(days.length, (index) => (days[index]?.day ?? 0) < at)] ?? null

/** The day to which a key leads: the next one in the list or, with `page`, one that is about a month away. */
export function adjacentDay(
  days: readonly ScrubberDay[],
  from: ScrubberDay,
  direction: 'newer' | 'older',
  page: boolean,
): ScrubberDay {
  const index = days.indexOf(from)
  if (!page) return days[direction === 'older' ? index + 1 : index - 1] ?? from
  const goal = from.day + (direction === 'older' ? -monthDays : monthDays) * msPerDay
  if (direction === 'older')
    return days[lowerBound(days.length, (one) => (days[one]?.day ?? 0) <= goal)] ?? days.at(-1) ?? from
  return days[lowerBound(days.length, (one) => (days[one]?.day ?? 0) < goal) - 1] ?? days[0] ?? from
}

const monthDays = 30
/**
 * Milliseconds by which the zone of the days is ahead of UTC: a day begins at midnight there. Zones reach from -12 to
 * +14 hours.
 */
function zoneOffsetOf(day: number): number {
  const offset = msPerDay - (day % msPerDay)
  return offset > 14 * 3_600_000 ? offset - msPerDay : offset
}

/** The beginnings of the months from `from`, which begins a day, to below `to`, oldest first. */
function monthsBetween(from: number, to: number): number[] {
  const offset = zoneOffsetOf(from)
  const first = new Date(from + offset)
  const months: number[] = []
  for (let month = first.getUTCMonth(); ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), month) - offset
    if (at >= to) return months
    if (at >= from) months.push(at)
  }
}

/** The beginnings of weeks that end with the newest day, newest first; the oldest week may be shorter. */
function weeksBetween(from: number, to: number): number[] {
  const week = 7 * msPerDay
  return Array.from({ length: Math.ceil((to - from) / week) }, (_, index) => Math.max(from, to - (index + 1) * week))
}

/** Dates as people write them, with or without a year, and with the month as a number or a name. */
import type { DateOrder, Precision } from '../../../shared/imports.ts'
import { dayMs } from '../days.ts'
import { monthOf, monthPattern } from './time-words.ts'
import { toWall } from './zones.ts'

export interface WrittenDate {
  year: number
  month: number
  day: number
}

/** A written time. `date` or `clock` is missing in a text that states only the other. */
export interface WrittenTime {
  date: WrittenDate | null
  clock: { hour: number; minute: number; second: number; ms: number; precision: Exclude<Precision, 'day'> } | null
  /** Minutes east of UTC, if the text says so. */
  offset: number | null
  /** The order of a date whose form decides it; null if the column has to. */
  order: DateOrder | null
  /** The three numbers as written, if the form of the date does not decide their order. */
  numbers: readonly [number, number, number] | null
  /** Whether the text names no year, so that the latest one before the future was assumed. */
  assumedYear: boolean
}

export interface TimeContext {
  now: number
  zone: string
  /** The order of dates whose form does not decide it. */
  dateOrder: DateOrder
}

const firstYear = 2000
/** The most years between two days of 29 February. */
const leapYearGap = 8
const lastYear = 2099

export const written = (parts: Partial<WrittenTime>): WrittenTime => ({
  date: null,
  clock: null,
  offset: null,
  order: null,
  numbers: null,
  assumedYear: false,
  ...parts,
})

/** A day of this century; null if there is no such day. */
export function checkedDate(year: number, month: number, day: number): WrittenDate | null {
  if (year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1) return null
  return day > new Date(Date.UTC(year, month, 0)).getUTCDate() ? null : { year, month, day }
}

const named = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?[. -]*(?:of )?(${monthPattern})[.,]*(?:[ -]*'?(\\d{4}|\\d{2}))?$`)
const namedFirst = new RegExp(`^(${monthPattern})[. -]*(\\d{1,2})(?:st|nd|rd|th)?(?:[, ]+'?(\\d{4}))?$`)
/** `Jan 28, '26`. */
const shortYear = /'(\d{2})$/
const yearNamed = new RegExp(`^(\\d{4})[ -](${monthPattern})[ -](\\d{1,2})$`)
const days: Record<string, number> = { 오늘: 0, today: 0, 어제: 1, yesterday: 1, 그제: 2, 그저께: 2, 엊그제: 2 }

/** Reads a text that is only a date, in lower case and after NFKC. Null if there is no such day. */
export function readDate(text: string, context: TimeContext): WrittenTime | null {
  const before = Object.hasOwn(days, text) ? days[text] : undefined
  if (before !== undefined) {
    const today = toWall(context.now, context.zone)
    const day = toWall(Date.UTC(today.year, today.month - 1, today.day - before), 'UTC')
    return written({ date: { year: day.year, month: day.month, day: day.day }, order: 'year_first' })
  }
  const whole = /^(\d{4}) ?[.\-/년年] ?(\d{1,2}) ?[.\-/월月] ?(\d{1,2}) ?[.일日]?$/.exec(text)
  if (whole) return fixed(Number(whole[1]), Number(whole[2]), Number(whole[3]))
  const korean =
    /^(\d{2}) ?년 ?(\d{1,2}) ?월 ?(\d{1,2}) ?일$/.exec(text) ?? /^(\d{2})\. (\d{1,2})\. (\d{1,2})\.$/.exec(text)
  if (korean) return fixed(2000 + Number(korean[1]), Number(korean[2]), Number(korean[3]))
  const dayFirst = named.exec(text)
  if (dayFirst) return fixed(wholeYear(dayFirst[3]), monthOf(dayFirst[2] as string), Number(dayFirst[1]), context)
  const monthFirst = namedFirst.exec(text.replace(shortYear, '20$1'))
  if (monthFirst) return fixed(monthFirst[3], monthOf(monthFirst[1] as string), Number(monthFirst[2]), context)
  const withName = yearNamed.exec(text)
  if (withName) return fixed(Number(withName[1]), monthOf(withName[2] as string), Number(withName[3]))
  const compact = /^(\d{2})(\d{2})(\d{4})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (compact) return byOrder(Number(compact[1]), Number(compact[2]), Number(compact[3]), '', context)
  const three = /^(\d{1,4}) ?([.\-/]) ?(\d{1,2}) ?\2 ?(\d{1,4})\.?$/.exec(text)
  if (three) return byOrder(Number(three[1]), Number(three[3]), Number(three[4]), three[2] as string, context)
  const two = /^(\d{1,2}) ?월 ?(\d{1,2}) ?일$/.exec(text) ?? /^(\d{1,2}) ?[.\-/] ?(\d{1,2})\.?$/.exec(text)
  return two && fixed(undefined, Number(two[1]), Number(two[2]), context)
}

const wholeYear = (year: string | undefined) => (year?.length === 2 ? `20${year}` : year)

/** A date whose form decides its order. Without a year it is the latest such day up to tomorrow. */
function fixed(
  year: string | number | undefined,
  month: number,
  day: number,
  context?: TimeContext,
): WrittenTime | null {
  if (year !== undefined) {
    const date = checkedDate(Number(year), month, day)
    return date && written({ date, order: 'year_first' })
  }
  if (!context) return null
  const tomorrow = context.now + dayMs
  const thisYear = toWall(tomorrow, context.zone).year
  for (let candidate = thisYear; candidate > firstYear; candidate--) {
    const date = checkedDate(candidate, month, day)
    if (date && Date.UTC(candidate, month - 1, day) <= tomorrow + dayMs / 2) {
      return written({ date, order: 'year_first', assumedYear: true })
    }
    if (candidate < thisYear - leapYearGap) return null
  }
  return null
}

/** A date of three numbers: a number above 31 is the year, and one above 12 is no month. Else the column decides the order. */
function byOrder(a: number, b: number, c: number, mark: string, { dateOrder }: TimeContext): WrittenTime | null {
  if (a > 31) return fixed(a < 100 ? 2000 + a : a, b, c)
  const candidates: DateOrder[] = c > 31 ? ['day_first', 'month_first'] : ['year_first', 'day_first', 'month_first']
  const possible = candidates.filter((order) => inOrder(a, b, c, order) !== null)
  // Wherever dates are written with dots and end with the year, they begin with the day.
  const dotted = mark === '.' && possible.includes('day_first') && c > 31 ? 'day_first' : null
  const decided = dotted ?? (possible.length === 1 ? possible[0] : null)
  const order = decided ?? (possible.includes(dateOrder) ? dateOrder : possible[0])
  const date = order && inOrder(a, b, c, order)
  return date ? written({ date, order: decided ?? null, numbers: [a, b, c] }) : null
}

function inOrder(a: number, b: number, c: number, order: DateOrder): WrittenDate | null {
  if (order === 'year_first') return checkedDate(2000 + a, b, c)
  const year = c < 100 ? 2000 + c : c
  return order === 'day_first' ? checkedDate(year, b, a) : checkedDate(year, a, b)
}

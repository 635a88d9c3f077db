import type { TFunction } from 'i18next'
import type { Precision } from '../../shared/imports.ts'

export type { Precision }

export type FormatLanguage = 'ko' | 'en'

interface FormatOptions {
  language: FormatLanguage
  /** Translates the `format.*` words into `language`. */
  words: TFunction
  /** The wall clock, epoch milliseconds. */
  now: () => number
  /** IANA name; defaults to the system's zone. */
  timeZone?: string
}

export type Format = ReturnType<typeof createFormat>

/** Options of a text that is drawn with its line breaks: in `both`, the Korean begins on a new line. */
export const lines = { separator: '\n' }

/** Separates the pieces of a line. Its no-break space keeps the dot from starting the next line. */
export const middleDot = '\u00a0· '

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** The name of a zone, which may be an offset such as `+05:30`. */
export const zoneLabel = (zone: string): string => (/^[+-]/.test(zone) ? `UTC${zone}` : zone.replaceAll('_', ' '))

/** A table that states only the day means the day in Korea, wherever the app runs. */
const zoneOfDays = 'Asia/Seoul'

/** How exact a stated time is. A time of an imported table stands for a span of `precisionMs`: a minute, or a day. */
export function precisionOf(precisionMs: number): Precision {
  if (precisionMs >= day) return 'day'
  return precisionMs >= minute ? 'minute' : 'second'
}

const monthFormatOf = (language: FormatLanguage) => (language === 'ko' ? 'numeric' : 'short')

/** A formatter that is made with its first use: a page needs few of them at its start, and each takes up to a millisecond. */
function whenUsed<Formatter>(make: () => Formatter): () => Formatter {
  let made: Formatter | null = null
  return () => {
    made ??= make()
    return made
  }
}

/** The days of a zone. */
function calendarOf(language: FormatLanguage, words: TFunction, now: () => number, timeZone: string | undefined) {
  const locale = language === 'ko' ? 'ko-KR' : 'en-US'
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const formatter = whenUsed(() => new Intl.DateTimeFormat(locale, { timeZone, ...options }))
    return (at: number) => formatter().format(at)
  }
  const month = monthFormatOf(language)
  const monthDay = dates({ month, day: 'numeric' })
  const yearMonthDay = dates({ year: 'numeric', month, day: 'numeric' })
  const isoDay = whenUsed(
    () => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  )
  const dayKey = (at: number) => isoDay().format(at)
  const daysFromToday = (at: number) => Math.round((Date.parse(dayKey(at)) - Date.parse(dayKey(now()))) / day)
  return {
    dayKey,
    /** Whole calendar days from today to the day of `at`; negative in the past. */
    daysFromToday,
    longDate: dates({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }),
    /** `Mar 16`; with the year if it is not the current year: `2026. 1. 28.`, `Jan 28, 2026`. */
    date: (at: number) => (dayKey(at).slice(0, 4) === dayKey(now()).slice(0, 4) ? monthDay(at) : yearMonthDay(at)),
    nearDay: (at: number): string | null => {
      const distance = daysFromToday(at)
      if (distance === 0) return words('format.today')
      if (distance === -1) return words('format.yesterday')
      return distance === 1 ? words('format.tomorrow') : null
    },
  }
}

/** Formats numbers, amounts and times for a language. Times are epoch milliseconds, amounts whole credits. */
export function createFormat({ language, words, now, timeZone }: FormatOptions) {
  const locale = language === 'ko' ? 'ko-KR' : 'en-US'
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const formatter = whenUsed(() => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options }))
    return (at: number) => formatter().format(at)
  }
  const clock = dates({ hour: '2-digit', minute: '2-digit' })
  const clockSeconds = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const monthName = dates({ month: monthFormatOf(language) })
  const weekdayName = dates({ weekday: 'long' })
  const zone = whenUsed(() => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }))
  const numbers = (options?: Intl.NumberFormatOptions) => {
    const formatter = whenUsed(() => new Intl.NumberFormat(locale, options))
    return (value: number) => formatter().format(value)
  }
  const integer = numbers()
  const percentage = numbers({ style: 'percent' })
  const unit = (name: 'day' | 'hour' | 'minute') =>
    numbers({ style: 'unit', unit: name, unitDisplay: language === 'ko' ? 'short' : 'narrow' })
  const sizes = (['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const).map((name) =>
    numbers({ style: 'unit', unit: name, unitDisplay: 'short', maximumSignificantDigits: 3 }),
  )
  const units = { day: unit('day'), hour: unit('hour'), minute: unit('minute') }

  const relative = whenUsed(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

  const here = calendarOf(language, words, now, timeZone)
  const stated = timeZone === zoneOfDays ? here : calendarOf(language, words, now, zoneOfDays)
  const { dayKey, daysFromToday, date, nearDay } = here
  const number = (value: number) => integer(value).replace('-', '−')

  /** `17h 39m`: the two largest units in whole minutes, at least one minute. `short` keeps only the largest unit. */
  const duration = (milliseconds: number, { short = false } = {}) => {
    const total = Math.max(minute, Math.floor(Math.abs(milliseconds) / minute) * minute)
    const parts = [
      { value: Math.floor(total / day), format: units.day },
      { value: Math.floor((total % day) / hour), format: units.hour },
      { value: Math.floor((total % hour) / minute), format: units.minute },
    ]
    const first = parts.findIndex((part) => part.value > 0)
    return parts
      .slice(first, first + (short ? 1 : 2))
      .filter((part) => part.value > 0)
      .map((part) => part.format(part.value))
      .join(' ')
  }

  return {
    language,
    /** IANA name. */
    get timeZone() {
      return zone().resolvedOptions().timeZone
    },
    number,
    date,
    /** `Today`, `Yesterday`, `Tomorrow`; null for every other day. */
    nearDay: (at: number, precision: Precision = 'second') => (precision === 'day' ? stated : here).nearDay(at),
    duration,
    /** A signed amount with a true minus: `+10`, `−40`, `0`. */
    signed: (amount: number) => (amount > 0 ? `+${number(amount)}` : number(amount)),
    /** A lower bound of a count: `1,000+`. */
    least: (value: number) => words('format.least', { number: number(value) }),
    /** An amount with its unit: `33 크레딧`, `1 credit`. */
    credits: (amount: number) => words('format.credits', { count: amount, amount: number(amount) }),
    /** A share between 0 and 1: `72%`. */
    percent: (share: number) => percentage(share),
    /** A size in bytes, with three digits: `820 kB`, `4.2 MB`. */
    bytes: (size: number) => {
      const step = Math.min(sizes.length, Math.floor(Math.log10(Math.max(1_000, size)) / 3))
      return (sizes[step - 1] as (value: number) => string)(size / 1_000 ** step)
    },
    /** `14:18`. */
    time: (at: number) => clock(at),
    /** `13:38:02`, for timelines. */
    timeSeconds: (at: number) => clockSeconds(at),
    /** `Today 13:38`, `Mar 16, 20:41`. */
    dateTime: (at: number, precision: Precision = 'second') => {
      if (precision === 'day') return stated.nearDay(at) ?? stated.date(at)
      const near = nearDay(at)
      if (near) return `${near} ${clock(at)}`
      return `${date(at)}${language === 'ko' ? '' : ','} ${clock(at)}`
    },
    /** A time as exactly as it is known, without words for near days: `3. 16.`, `Mar 16, 20:41`, `3. 16. 20:41:07`. */
    exact: (at: number, precision: Precision) => {
      if (precision === 'day') return stated.date(at)
      return `${date(at)}${language === 'ko' ? '' : ','} ${precision === 'minute' ? clock(at) : clockSeconds(at)}`
    },
    /** A day with its weekday: `3. 18. 수요일`, `Wednesday, Mar 18`. */
    weekday: (at: number) => (language === 'ko' ? `${date(at)} ${weekdayName(at)}` : `${weekdayName(at)}, ${date(at)}`),
    /** The distance of `at` in calendar days: `in 3 days`, `tomorrow`. */
    relativeDay: (at: number) => relative().format(daysFromToday(at), 'day'),
    /** `3월`, `Mar`. */
    month: (at: number) => monthName(at),
    /** Two dates: `2. 17. – 3. 18.`. */
    range: (from: number, to: number) => `${date(from)} – ${date(to)}`,
    /** The full date and time with zone, for tooltips; with seconds unless it is less exact. */
    full: (at: number, precision: Precision = 'second') => {
      if (precision === 'day') return stated.longDate(at)
      const zoneName =
        zone()
          .formatToParts(at)
          .find((part) => part.type === 'timeZoneName')?.value ?? ''
      return `${here.longDate(at)} ${precision === 'minute' ? clock(at) : clockSeconds(at)} ${zoneName}`
    },
    /** The local day of `at` as `YYYY-MM-DD`. */
    dayKey,
    /** The time from now to `at`: `21h 32m left`, `17h 39m overdue`; only the days if no more is known: `1d left`. */
    wait: (at: number, { precision, ...options }: { short?: boolean; precision?: Precision } = {}) => {
      const remaining = at - now()
      const days = Math.max(1, Math.abs(stated.daysFromToday(at)))
      const text = precision === 'day' ? units.day(days) : duration(remaining, options)
      return words(remaining >= 0 ? 'format.left' : 'format.overdue', { duration: text })
    },
    /** The length of a recording: `0:12`, `1:02:03`. */
    clip: (milliseconds: number) => {
      const seconds = Math.round(milliseconds / 1000)
      const two = (value: number) => String(value).padStart(2, '0')
      const rest = `${Math.floor(seconds / 60) % 60}:${two(seconds % 60)}`
      const hours = Math.floor(seconds / 3600)
      return hours ? `${hours}:${rest.padStart(5, '0')}` : rest
    },
  }
}

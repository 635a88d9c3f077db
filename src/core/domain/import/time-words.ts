/** Words of written times in Korean, English, German and Japanese, lower case and after NFKC. */

const englishMonths = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const germanMonths = ['januar', 'februar', 'märz', 'april', 'mai', 'juni', 'juli', 'august', 'september', 'oktober']

const months = new Map<string, number>()
for (const [index, name] of englishMonths.entries()) {
  months.set(name, index + 1)
  months.set(name.slice(0, 3), index + 1)
}
for (const [index, name] of germanMonths.entries()) months.set(name, index + 1)
for (const [name, month] of Object.entries({ sept: 9, mär: 3, okt: 10, dez: 12, dezember: 12 })) months.set(name, month)

/** A month's name or abbreviation, without a dot; longest first. */
export const monthPattern = [...months.keys()].sort((a, b) => b.length - a.length).join('|')
export const monthOf = (name: string): number => months.get(name) ?? 0

/** Half of the day before or after a clock. Korean: 새벽 is before dawn, 낮 noon, 저녁 evening, 밤 night. */
export const dayHalfPattern = '오전|오후|새벽|아침|낮|저녁|밤|午前|午後|a\\.?m\\.?|p\\.?m\\.?'

/** The hour of 24 for an hour with a word for its half of the day; null if they contradict each other. */
export function hourOfDay(hour: number, half: string): number | null {
  switch (half.replaceAll('.', '')) {
    case '오전':
    case '午前':
    case '새벽':
    case '아침':
    case 'am':
      if (hour > 12) return null
      return hour === 12 ? 0 : hour
    case '오후':
    case '午後':
    case 'pm':
    case '저녁':
      return hour < 12 ? hour + 12 : hour
    case '낮':
      return hour < 6 ? hour + 12 : hour
    default:
      // 밤 is from evening until after midnight.
      if (hour === 12) return 0
      return hour >= 6 && hour < 12 ? hour + 12 : hour
  }
}

const weekday = [
  '(?:sun|mon|tues|wednes|thurs|fri|satur)day',
  '(?:sun|mon|tue|wed|thu|fri|sat)',
  '(?:sonn|mon|diens|donners|frei|sams)tag',
  'mittwoch',
  '[월화수목금토일]요일',
  '[月火水木金土日]曜日',
].join('|')
/** A weekday, which is redundant beside a date. */
export const weekdayPattern = new RegExp(
  `\\((?:[월화수목금토일月火水木金土日]|${weekday})\\)|(?<![a-z가-힣])(?:${weekday})(?![a-z가-힣])[.,]?|(?<=[\\d.일] )[월화수목금토일](?= |$)`,
  'g',
)

/** Offsets from UTC in minutes of the names that stand behind times. */
export const namedOffsets: Record<string, number> = {
  z: 0,
  utc: 0,
  gmt: 0,
  kst: 540,
  jst: 540,
  sgt: 480,
  est: -300,
  edt: -240,
  pst: -480,
  pdt: -420,
  cet: 60,
  cest: 120,
  '한국 표준시': 540,
  '대한민국 표준시': 540,
  'korean standard time': 540,
  'korea standard time': 540,
}

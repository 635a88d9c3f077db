/** The forms of the cells of a column. */
import { readAmount } from './amounts.ts'
import { featureOfText, kindOfText } from './words.ts'
import type { TimeContext } from './written-dates.ts'
import { readTime } from './written-times.ts'

/** Counts over the sampled cells of one column that are not empty. */
export interface Profile {
  filled: number
  /** Dates with a clock, dates alone, clocks alone. */
  times: number
  days: number
  clocks: number
  /** Of the times and days: bare numbers such as Excel serials, which could be amounts. */
  numberTimes: number
  amounts: number
  fractions: number
  negatives: number
  kinds: number
  features: number
  /** Cells with letters. */
  words: number
  distinct: number
}

const sampleSize = 400

/** A bare number, but none that amounts do not look like: `20260301`, and `03.01` for a day without its year. */
const couldBeAmount = /^(?!20\d{6}$|\d\d\.\d\d$)\d+(\.\d+)?$/

/** Rows spread evenly over a table: enough to know its columns. */
export function sampleOf<Row>(rows: readonly Row[]): Row[] {
  const step = Math.max(1, Math.ceil(rows.length / sampleSize))
  return rows.filter((_, index) => index % step === 0)
}

/** Profiles of the columns of some rows. */
export function profilesOf(rows: readonly string[][], width: number, context: TimeContext): Profile[] {
  return Array.from({ length: width }, (_, column) => profileOf(rows, column, context))
}

function profileOf(rows: readonly string[][], column: number, context: TimeContext): Profile {
  const profile = { filled: 0, times: 0, days: 0, clocks: 0, numberTimes: 0, amounts: 0, fractions: 0 }
  const more = { negatives: 0, kinds: 0, features: 0, words: 0 }
  const distinct = new Set<string>()
  for (const row of rows) {
    const cell = (row[column] ?? '').trim()
    if (cell === '') continue
    profile.filled++
    distinct.add(cell)
    const time = readTime(cell, context)
    if (time) {
      if (!time.date) profile.clocks++
      else if (time.clock) profile.times++
      else profile.days++
      if (time.date && couldBeAmount.test(cell)) profile.numberTimes++
    }
    const amount = readAmount(cell)
    if (amount && 'amount' in amount) {
      profile.amounts++
      if (amount.amount < 0) more.negatives++
    } else if (amount) profile.fractions++
    if (!amount && !time && /\p{L}/u.test(cell)) {
      more.words++
      if (cell.length <= 40 && kindOfText(cell)) more.kinds++
      if (featureOfText(cell)) more.features++
    }
  }
  return { ...profile, ...more, distinct: distinct.size }
}

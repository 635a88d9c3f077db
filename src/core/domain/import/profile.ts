/** Profiles: what the cells of each column look like. */
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

/** A bare number that could be an amount. `20260301` and `03.01`, a day without its year, could not. */
const couldBeAmount = /^(?!20\d{6}$|\d\d\.\d\d$)\d+(\.\d+)?$/

/** At most `sampleSize` rows, spread evenly over a table: enough to know its columns. */
export function sampleOf<Row>(rows: readonly Row[]): Row[] {
  const step = Math.max(1, Math.ceil(rows.length / sampleSize))
  return rows.filter((_, index) => index % step === 0)
}

/** Profiles of the columns of some rows. */
export function profilesOf(rows: readonly string[][], width: number, context: TimeContext): Profile[] {
  return Array.from({ length: width }, (_, column) => profileOf(rows, column, context))
}

function profileOf(rows: readonly string[][], column: number, context: TimeContext): Profile {
  const profile: Profile = {
    filled: 0,
    times: 0,
    days: 0,
    clocks: 0,
    numberTimes: 0,
    amounts: 0,
    fractions: 0,
    negatives: 0,
    kinds: 0,
    features: 0,
    words: 0,
    distinct: 0,
  }
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
      if (amount.amount < 0) profile.negatives++
    } else if (amount) profile.fractions++
    if (!amount && !time && /\p{L}/u.test(cell)) {
      profile.words++
      if (cell.length <= 40 && kindOfText(cell)) profile.kinds++
      if (featureOfText(cell)) profile.features++
    }
  }
  return { ...profile, distinct: distinct.size }
}

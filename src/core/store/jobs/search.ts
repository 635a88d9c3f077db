/**
 * The search index `job_search`: one entry per second with jobs, which takes half the space of one per job. Each token
 * begins with the prefix of its period of 30 days, so a period bounds the work of a query, not the history.
 */
import { dayMs } from '../../domain/days.ts'
import { firstRowId } from '../../domain/ledger.ts'
import { indexTokens, type QueryToken, type Searchable, type TokenAlternatives } from '../../domain/search-tokens.ts'
import type { Readable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'

const secondsPerPeriod = (30 * dayMs) / 1_000

/** The second of a row id, counted from 1 January 1970. */
export const secondOf = (rowId: number): number => Math.floor(rowId / firstRowId(1_000))
/** The first row id of a second. */
export const firstRowIdOf = (second: number): number => firstRowId(second * 1_000)
/** The number of the period of a second. */
export const periodOf = (second: number): number => Math.floor(second / secondsPerPeriod)
export const firstSecondOf = (period: number): number => period * secondsPerPeriod
/** The first character of each token of a period: two bytes for every period up to 2116. */
export const periodPrefix = (period: number): string => String.fromCharCode(0x100 + period)

/** The tokens of a second with these jobs, with one space between two. */
export function tokensOfSecond(second: number, jobs: readonly Searchable[]): string {
  const prefix = periodPrefix(periodOf(second))
  return jobs.map((job) => indexTokens(job, prefix)).join(' ')
}

/** The columns of a `Searchable`. */
export const searchedColumns = 'agent, kind, model, prompt, chat_title AS chatTitle, file_name AS fileName'

/** The jobs of some seconds, by their second. */
export function jobsOfSeconds(database: Readable, seconds: readonly number[]): Map<number, Searchable[]> {
  const jobs = statement<[string], Searchable & { second: number }>(
    database,
    `SELECT i.value AS second, ${searchedColumns} FROM json_each(?) i
       CROSS JOIN jobs j ON j.row_id >= i.value * ${firstRowIdOf(1)} AND j.row_id < (i.value + 1) * ${firstRowIdOf(1)}`,
  ).all(JSON.stringify(seconds))
  return Map.groupBy(jobs, ({ second }) => second)
}

/** Row ids from `from` to below `below`. */
export interface RowIdRange {
  from: number
  below: number
}

/** The first query reads this many entries, which fill a page in most searches; each further query reads more. */
const firstSlice = 64
const longestSlice = 16_384
const sliceGrowth = 16
/** The first periods are asked for all conditions: to find the rare ones takes as long, and most searches end there. */
const wholePeriods = 2
/** More candidates than this of some of the conditions, and the index is asked for those of all conditions. */
const fewEntries = 64
/** Reading the text of a candidate takes as long as walking along this many entries of a condition. */
const entriesPerText = 128
/** Each further condition is expected to rule out all but one of this many candidates. */
const narrowing = 8
/** The entries of a condition are counted up to this number. */
const longestCount = 8_192

/**
 * The seconds of a range whose entries may meet all conditions, newest first. Holds no open statement between two steps.
 */
export function* searchIndex(
  database: Readable,
  conditions: readonly TokenAlternatives[],
  { from, below }: RowIdRange,
): Generator<number> {
  const newest = scalar<[number, number], number | null>(
    database,
    'SELECT max(row_id) FROM jobs WHERE row_id >= ? AND row_id < ?',
  )
  // Conditions that are rare in one period are usually rare in the next, where they are tried without the others.
  let rare: readonly TokenAlternatives[] | null = null
  /** The entries of all conditions in the last period that was asked for them. */
  let found = 0
  let end = below
  for (let periods = 0; ; periods++) {
    const last = newest.get(from, end) as number | null
    if (last === null) return
    const period = periodOf(secondOf(last))
    const start = Math.max(from, firstRowIdOf(firstSecondOf(period)))
    const seconds = { first: secondOf(start), newest: secondOf(last) }
    if (conditions.length > 1 && periods >= wholePeriods && found <= fewEntries) {
      rare ??= rareConditions(database, conditions, period)
    }
    const few = rare && entriesOf(database, expression(rare, period), seconds, fewEntries + 1)
    if (few && few.length <= fewEntries) yield* few
    else {
      rare = null
      found = 0
      for (const entry of allEntriesOf(database, expression(conditions, period), seconds)) {
        found++
        yield entry
      }
    }
    end = start
  }
}

/**
 * The rarest condition of a period, and those further ones along whose entries it takes less time to walk than to read the texts
 * that they rule out.
 */
function rareConditions(
  database: Readable,
  conditions: readonly TokenAlternatives[],
  period: number,
): readonly TokenAlternatives[] {
  const count = scalar<[string, number], number>(
    database,
    'SELECT count(*) FROM (SELECT rowid FROM job_search WHERE job_search MATCH ? LIMIT ?)',
  )
  let candidates = Number.POSITIVE_INFINITY
  return conditions
    .map((condition) => ({ condition, entries: count.get(expression([condition], period), longestCount) as number }))
    .sort((one, other) => one.entries - other.entries)
    .flatMap(({ condition, entries }) => {
      if (entries >= candidates * entriesPerText) return []
      candidates = Math.min(candidates / narrowing, entries)
      return [condition]
    })
}

/** Entries from the second `first` to `newest`. */
interface EntryRange {
  first: number
  newest: number
}

/** The newest `size` entries that match, newest first. */
const entriesOf = (database: Readable, match: string, { first, newest }: EntryRange, size: number): number[] =>
  scalar<[object], number>(
    database,
    `SELECT rowid FROM job_search WHERE job_search MATCH @match AND rowid BETWEEN @first AND @newest
     ORDER BY rowid DESC LIMIT @size`,
  ).all({ match, first, newest, size })

/** All entries that match, newest first. */
function* allEntriesOf(database: Readable, match: string, { first, newest }: EntryRange): Generator<number> {
  for (let size = firstSlice, last = newest; ; size = Math.min(size * sliceGrowth, longestSlice)) {
    const entries = entriesOf(database, match, { first, newest: last }, size)
    yield* entries
    if (entries.length < size) return
    last = (entries.at(-1) as number) - 1
  }
}

/** The FTS5 expression for all conditions in a period. */
function expression(conditions: readonly TokenAlternatives[], period: number): string {
  const prefix = periodPrefix(period)
  const phrase = ({ text, beginning }: QueryToken) => `"${prefix}${text.replaceAll('"', '""')}"${beginning ? ' *' : ''}`
  const allOf = (tokens: readonly QueryToken[]) => `(${tokens.map(phrase).join(' AND ')})`
  return conditions.map((alternatives) => `(${alternatives.map(allOf).join(' OR ')})`).join(' AND ')
}

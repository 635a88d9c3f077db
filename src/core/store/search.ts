/**
 * The search index `job_search`: one entry per second with jobs, which takes half the space of one per job. Each token
 * begins with the prefix of its period of 30 days, so a period bounds the work of a query, not the history.
 */
import { dayMs } from '../domain/days.ts'
import { firstRowId } from '../domain/ledger.ts'
import { indexTokens, type QueryToken, type Searchable, type TokenAlternatives } from '../domain/search-tokens.ts'
import type { Readable } from './handles.ts'
import { scalar, statement } from './statement.ts'

const secondsPerPeriod = (30 * dayMs) / 1_000

export const secondOf = (rowId: number): number => Math.floor(rowId / firstRowId(1_000))
/** The first row id of a second. */
export const firstRowIdOf = (second: number): number => firstRowId(second * 1_000)
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

/** The jobs of a second. */
export const jobsOfSecond = (database: Readable, second: number): Searchable[] =>
  statement<[number, number], Searchable>(
    database,
    `SELECT ${searchedColumns} FROM jobs WHERE row_id >= ? AND row_id < ?`,
  ).all(firstRowIdOf(second), firstRowIdOf(second + 1))

/** Row ids from `from` to below `below`. */
export interface RowIdRange {
  from: number
  below: number
}

/**
 * Entries of the first query, since most searches fill a page at once; each further query asks for more, up to a limit.
 */
const firstSlice = 64
const longestSlice = 2_048

/**
 * The entries of the index that have all tokens, newest first: the seconds of the range in which matching jobs may lie. Holds no
 * open statement between two steps.
 */
export function* searchIndex(
  database: Readable,
  tokens: readonly TokenAlternatives[],
  { from, below }: RowIdRange,
): Generator<number> {
  const newest = scalar<[number, number], number | null>(
    database,
    'SELECT max(row_id) FROM jobs WHERE row_id >= ? AND row_id < ?',
  )
  let end = below
  for (;;) {
    const last = newest.get(from, end) as number | null
    if (last === null) return
    const period = periodOf(secondOf(last))
    const start = Math.max(from, firstRowIdOf(firstSecondOf(period)))
    yield* secondsOf(database, expression(tokens, period), secondOf(start), secondOf(last))
    end = start
  }
}

/** The entries from `first` to `last` that match, newest first. */
function* secondsOf(database: Readable, match: string, first: number, last: number): Generator<number> {
  const matches = scalar<[object], number>(
    database,
    `SELECT rowid FROM job_search WHERE job_search MATCH @match AND rowid BETWEEN @first AND @newest
     ORDER BY rowid DESC LIMIT @size`,
  )
  let newest = last
  for (let size = firstSlice; ; size = Math.min(size * 4, longestSlice)) {
    const seconds = matches.all({ match, first, newest, size })
    yield* seconds
    if (seconds.length < size) return
    newest = (seconds.at(-1) as number) - 1
  }
}

/** All words, each with all tokens of one of its alternatives. */
function expression(words: readonly TokenAlternatives[], period: number): string {
  const prefix = periodPrefix(period)
  const phrase = ({ text, beginning }: QueryToken) => `"${prefix}${text.replaceAll('"', '""')}"${beginning ? ' *' : ''}`
  const allOf = (tokens: readonly QueryToken[]) => `(${tokens.map(phrase).join(' AND ')})`
  return words.map((alternatives) => `(${alternatives.map(allOf).join(' OR ')})`).join(' AND ')
}

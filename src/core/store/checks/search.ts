/** Compares the search index `job_search` with the jobs. */
import type { Searchable } from '../../domain/search-tokens.ts'
import type { Readable } from '../handles.ts'
import {
  firstRowIdOf,
  firstSecondOf,
  periodOf,
  periodPrefix,
  searchedColumns,
  secondOf,
  tokensOfSecond,
} from '../jobs/search.ts'
import { scalar } from '../statement.ts'
import { type Check, startCheck } from './check.ts'

/** One of `count` slices of the index, numbered from 0: every period whose index modulo `count` is `number`. */
export interface IndexSlice {
  number: number
  count: number
}

/** Every job is found by its tokens, and the index has no other entries. */
export function checkSearchIndex(database: Readable, slice: IndexSlice = { number: 0, count: 1 }): Check {
  const found = startCheck('search_index')
  for (const problem of compareIndex(database, slice)) found.see(problem !== null, () => problem ?? '')
  return found
}

/** Compares each entry and each token: null if it is right, else the problem. */
function* compareIndex(database: Readable, slice: IndexSlice): Generator<string | null> {
  database.exec(`CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab('main', 'job_search', 'row')`)
  try {
    const periods = [...periodsWithJobs(database)]
    for (const period of periods.filter((_, index) => index % slice.count === slice.number)) {
      const indexed = entriesOf(database, period)
      const counts = termsOf(database, period)
      for (const [second, jobs] of jobsBySecond(database, period)) {
        for (const token of tokensOfSecond(second, jobs).split(' ')) {
          const count = counts.get(token)
          if (!count) counts.set(token, { known: 0, expected: 1, last: second })
          else if (count.last !== second) {
            count.expected++
            count.last = second
          }
        }
        yield indexed.delete(second) ? null : `no entry for ${nameOf(second)}`
      }
      for (const second of indexed) yield `entry without a job: ${nameOf(second)}`
      for (const [term, { known, expected }] of counts) {
        yield expected === known ? null : `token ${JSON.stringify(term.slice(1))}`
      }
    }
    if (slice.number === 0) yield* compareOthers(database, periods)
  } finally {
    database.exec('DROP TABLE temp.search_terms')
  }
}

/** There are no entries and tokens before, between and after the periods with jobs. */
function* compareOthers(database: Readable, periods: readonly number[]): Generator<string | null> {
  const gaps = [...periods, Number.POSITIVE_INFINITY].map((end, index) => ({
    from: (periods[index - 1] ?? -1) + 1,
    end,
  }))
  const entries = scalar<[number, number], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM job_search_docsize WHERE id >= ? AND id < ?)',
  )
  // FTS5 stops at a plain upper limit only. Otherwise each gap would read the whole index after it.
  const termsBetween = scalar<[string, string], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM temp.search_terms WHERE term >= ? AND term < ?)',
  )
  const termsFrom = scalar<[string], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM temp.search_terms WHERE term >= ?)',
  )
  const hasEntries = gaps.some(({ from, end }, index) => {
    const first = index === 0 ? Number.MIN_SAFE_INTEGER : firstSecondOf(from)
    return entries.get(first, Math.min(firstSecondOf(end), Number.MAX_SAFE_INTEGER)) === 1
  })
  yield hasEntries ? 'entries of periods without a job' : null
  const hasTerms = gaps.some(({ from, end }, index) => {
    const first = index === 0 ? '' : periodPrefix(from)
    return (end === Number.POSITIVE_INFINITY ? termsFrom.get(first) : termsBetween.get(first, periodPrefix(end))) === 1
  })
  yield hasTerms ? 'tokens of periods without a job' : null
}

const nameOf = (second: number): string => new Date(second * 1_000).toISOString()

function* periodsWithJobs(database: Readable): Generator<number> {
  const oldest = scalar<[number], number | null>(database, 'SELECT min(row_id) FROM jobs WHERE row_id >= ?')
  for (let from = 0; ; ) {
    const rowId = oldest.get(from) as number | null
    if (rowId === null) return
    const period = periodOf(secondOf(rowId))
    yield period
    from = firstRowIdOf(firstSecondOf(period + 1))
  }
}

const entriesOf = (database: Readable, period: number): Set<number> =>
  new Set(
    scalar<[number, number], number>(database, 'SELECT id FROM job_search_docsize WHERE id >= ? AND id < ?').all(
      firstSecondOf(period),
      firstSecondOf(period + 1),
    ),
  )

/** The entries of a period that have a token, those that should have it, and the last counted second. */
interface TokenCount {
  known: number
  expected: number
  last: number
}

/** The tokens of a period in the index. */
function termsOf(database: Readable, period: number): Map<string, TokenCount> {
  const terms = database
    .prepare<[string, string], [string, number]>('SELECT term, doc FROM temp.search_terms WHERE term >= ? AND term < ?')
    .raw()
    .all(periodPrefix(period), periodPrefix(period + 1))
  return new Map(
    (terms as unknown as [string, number][]).map(([term, known]) => [term, { known, expected: 0, last: -1 }]),
  )
}

function jobsBySecond(database: Readable, period: number): Map<number, Searchable[]> {
  const jobs = database
    .prepare<[number, number], Searchable & { rowId: number }>(
      `SELECT row_id AS rowId, ${searchedColumns} FROM jobs WHERE row_id >= ? AND row_id < ?`,
    )
    .all(firstRowIdOf(firstSecondOf(period)), firstRowIdOf(firstSecondOf(period + 1)))
  return Map.groupBy(jobs, (job) => secondOf(job.rowId))
}

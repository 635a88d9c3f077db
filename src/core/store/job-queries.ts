/** Pages and searches of jobs: the view `v_jobs`, by facets and by the search index. */
import { AppError } from '../../shared/errors.ts'
import type { Agent } from '../../shared/values.ts'
import { aboveAllIds, firstRowId, jobCaseId, rowIdOfCase } from '../domain/ledger.ts'
import { labelToken, searchableText } from '../domain/search-tokens.ts'
import { exactQuery, looseQuery, type TextQuery } from '../domain/text-query.ts'
import { type FacetFilter, jobFacets } from './case-facets.ts'
import { inBatches, newestOfFacets, readRows } from './facets.ts'
import type { Readable } from './handles.ts'
import { indexedFrom } from './projections/search.ts'
import type { JobRow } from './schema/views.ts'
import { firstRowIdOf, type RowIdRange, searchIndex } from './search.ts'
import { scalar, statement } from './statement.ts'

/** The filter of a list of jobs; times are epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface JobFilter extends FacetFilter {
  text?: string
  from?: number
  to?: number
}

/** A query that is too short for the index covers this many of the newest jobs. */
const boundedSearch = 50_000
/** The second choice reads more tokens of the index, and more jobs that do not match, than any exact search. */
const boundedLooseSearch = 10_000
/** A scan is given up after this many rejected rows; the limit doubles with each return to the same scan. */
const firstRejectionLimit = 64

/** The row ids of the jobs of a filter's times, from `through` to below `before`. */
export const rowIdRange = ({ from = 0, to }: JobFilter, before = aboveAllIds, through = 0): RowIdRange => ({
  from: Math.max(through, firstRowId(from)),
  below: to === undefined ? before : Math.min(before, firstRowId(to)),
})

export interface JobRows {
  rows: JobRow[]
  /** The row id below which the next page begins; null after the last page. */
  next: number | null
  searchedNewest: number | null
  /**
   * The query that found the rows: the exact one, or the second choice if the exact one matches nothing in the account.
   */
  query: TextQuery
}

/** A page of jobs, newest first, from below the row id `before` to `through`. */
export function listJobs(
  database: Readable,
  accountId: number,
  filter: JobFilter,
  before: number,
  limit: number,
  through = 0,
): JobRows {
  const read = (query: TextQuery): JobRows => {
    const { range, searchedNewest } = searchedRange(database, accountId, query, rowIdRange(filter, before, through))
    const rows: JobRow[] = []
    for (const row of findJobs(database, accountId, filter, query, range)) {
      if (rows.length === limit) return { rows, next: rows.at(-1)?.rowId ?? null, searchedNewest, query }
      rows.push(row)
    }
    return { rows, next: null, searchedNewest, query }
  }
  const page = read(exactQuery(filter.text ?? ''))
  if (page.rows.length > 0) return page
  const isWhole = before === aboveAllIds && through === 0 && !isNarrowed(filter)
  const second = secondChoice(database, accountId, page.query, isWhole)
  return second ? read(second) : page
}

/** Whether a filter has conditions besides its text. */
const isNarrowed = ({ text, ...rest }: JobFilter): boolean =>
  Object.values(rest).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined))

/**
 * The loose query in place of an exact one that matches nothing in the account, whatever the filters; else null. `isAbsent`
 * says that a search without filters has found nothing already.
 */
export function secondChoice(
  database: Readable,
  accountId: number,
  exact: TextQuery,
  isAbsent: boolean,
): TextQuery | null {
  const loose = exact.words.length === 0 ? null : looseQuery(exact)
  if (loose === null || isAbsent) return loose
  const { range } = searchedRange(database, accountId, exact, rowIdRange({}))
  return findJobs(database, accountId, {}, exact, range).next().done ? loose : null
}

/** The range that a search covers: only the newest jobs if the index cannot answer for all of it, or not fast enough. */
export function searchedRange(
  database: Readable,
  accountId: number,
  { words, tokens, isLoose }: TextQuery,
  range: RowIdRange,
): { range: RowIdRange; searchedNewest: number | null } {
  const isBounded = isLoose || (words.length > 0 && (tokens.length === 0 || indexedFrom(database) > 0))
  const searchedNewest = isLoose ? boundedLooseSearch : boundedSearch
  const oldest = isBounded ? oldestSearched(database, accountId, searchedNewest) : null
  if (oldest === null) return { range, searchedNewest: null }
  return { range: { ...range, from: Math.max(range.from, oldest) }, searchedNewest }
}

/**
 * The jobs of a range that match a filter, newest first. A scan by words and a scan by facets take turns: each stops
 * after `rejectionLimit` rejected rows, which doubles, so the work stays near that of the cheaper scan.
 */
export function* findJobs(
  database: Readable,
  accountId: number,
  filter: Omit<JobFilter, 'text'>,
  query: TextQuery,
  range: RowIdRange,
): Generator<JobRow> {
  const facets = jobFacets(database, accountId, filter).map((facet) => facet.facetId)
  if (facets.length === 0) return
  const matchingFacets = new Set(facets)
  let { below } = range
  for (let turn = 0; ; turn++) {
    const byWords = turn % 2 === 0
    const rejectionLimit = firstRejectionLimit * 2 ** Math.floor(turn / 2)
    const rest = { from: range.from, below }
    const rows = byWords ? jobsWithWords(database, query, filter, rest) : jobsOfFacets(database, facets, rest)
    let rejectedRows = 0
    for (const row of rows) {
      below = row.rowId
      // Accounts share one space of row ids, and a facet belongs to one account: this also rejects jobs of other accounts.
      const inFacets = matchingFacets.has(row.facetId)
      if (inFacets && (query.words.length === 0 || query.matches(searchableText(row)))) yield row
      else if (inFacets !== byWords && ++rejectedRows === rejectionLimit) break
    }
    if (rejectedRows < rejectionLimit) return
  }
}

function* jobsOfFacets(database: Readable, facets: readonly number[], { from, below }: RowIdRange): Generator<JobRow> {
  const cases = { from: jobCaseId(from), below: Math.min(jobCaseId(below), aboveAllIds) }
  const sql = 'SELECT v.* FROM json_each(?) i CROSS JOIN v_jobs v WHERE v.rowId = i.value'
  const caseIds = newestOfFacets(database, 'refund_cases', facets, cases)
  for (const batch of inBatches(caseIds)) yield* readRows<JobRow>(database, sql, batch.map(rowIdOfCase))
}

/**
 * Jobs that may hold every word, newest first: the index proposes them as far as it reaches, and every older job is
 * read.
 */
function* jobsWithWords(
  database: Readable,
  { tokens }: TextQuery,
  { agent, kinds = [] }: JobFilter,
  range: RowIdRange,
): Generator<JobRow> {
  const indexed = tokens.length === 0 ? range.below : Math.max(range.from, Math.min(indexedFrom(database), range.below))
  if (indexed < range.below)
    yield* jobsOfIndex(database, tokens, { agent, kinds }, { from: indexed, below: range.below })
  // The words are too short for the index, or a rebuild has not reached these jobs yet.
  if (indexed === range.from) return
  const sql = 'SELECT * FROM v_jobs WHERE rowId >= ? AND rowId < ? ORDER BY rowId DESC'
  yield* statement<[number, number], JobRow>(database, sql).iterate(range.from, indexed)
}

function* jobsOfIndex(
  database: Readable,
  tokens: TextQuery['tokens'],
  { agent, kinds = [] }: JobFilter,
  range: RowIdRange,
): Generator<JobRow> {
  // The index also holds the agent and kind of a job.
  const labels = [...(agent ? [agent] : []), ...(kinds.length === 1 ? kinds : [])].map(labelToken)
  const read = statement<[string], JobRow>(
    database,
    `SELECT v.* FROM json_each(?) i CROSS JOIN v_jobs v WHERE v.rowId >= i.value AND v.rowId < i.value + ${firstRowIdOf(1)}`,
  )
  for (const seconds of inBatches(searchIndex(database, [...tokens, ...labels.map((label) => [[label]])], range))) {
    const rows = read.all(JSON.stringify(seconds.map(firstRowIdOf)))
    yield* rows
      .filter(({ rowId }) => rowId >= range.from && rowId < range.below)
      .sort((one, other) => other.rowId - one.rowId)
  }
}

/**
 * The oldest row id of a search of the newest `jobs` jobs; null if that covers everything. Counts cases, because 50,000 of
 * them fill a tenth of the cache that jobs would fill.
 */
function oldestSearched(database: Readable, accountId: number, jobs: number): number | null {
  const sql = `SELECT case_id FROM refund_cases WHERE +account_id = ? AND case_id % 2 = 0 AND case_id < ${aboveAllIds}
    ORDER BY case_id DESC LIMIT 1 OFFSET ?`
  const caseId = scalar<[number, number], number>(database, sql).get(accountId, jobs)
  return caseId === undefined ? null : rowIdOfCase(caseId)
}

/** One job by its natural key. Throws `not_found`. */
export function findJob(database: Readable, accountId: number, agent: Agent, jobId: string): JobRow {
  const sql = 'SELECT * FROM v_jobs WHERE accountId = @accountId AND agent = @agent AND jobId = @jobId'
  const row = statement<[object], JobRow>(database, sql).get({ accountId, agent, jobId })
  if (!row) throw new AppError('not_found', { id: jobId })
  return row
}

/** Pages of jobs: the view `v_jobs`, by a filter and a text. */
import { AppError } from '../../../shared/errors.ts'
import type { Agent } from '../../../shared/values.ts'
import { aboveAllIds, firstRowId, rowIdOfCase } from '../../domain/ledger.ts'
import { exactQuery, looseQuery, spacedQuery, type TextQuery } from '../../domain/text-query.ts'
import type { FacetFilter } from '../cases/case-facets.ts'
import type { Readable } from '../handles.ts'
import { indexedFrom } from '../projections/search.ts'
import { isCaseOfJob, type JobRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { findJobs } from './job-search.ts'
import type { RowIdRange } from './search.ts'

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
   * The query that found the rows: the exact one, or the second choice if the exact one matches nothing in the accounts.
   */
  query: TextQuery
}

/** A page of jobs of some accounts, newest first, from below the row id `before` to `through`. */
export function listJobs(
  database: Readable,
  accounts: readonly number[],
  filter: JobFilter,
  before: number,
  limit: number,
  through = 0,
): JobRows {
  const read = (query: TextQuery) =>
    readPage(database, accounts, filter, query, rowIdRange(filter, before, through), limit)
  const page = read(exactQuery(filter.text ?? ''))
  if (page.rows.length > 0) return page
  const isWhole = before === aboveAllIds && through === 0 && !isNarrowed(filter)
  const second = secondChoice(database, accounts, page.query, isWhole)
  return second ? read(second) : page
}

/** As `listJobs`, for the jobs after the exact matches: those that differ only in spaces. */
export function listSpacedJobs(
  database: Readable,
  accounts: readonly number[],
  filter: JobFilter,
  before: number,
  limit: number,
  through = 0,
): JobRows {
  const exact = exactQuery(filter.text ?? '')
  const query = spacedQuery(exact)
  if (query === null) return { rows: [], next: null, searchedNewest: null, query: exact }
  return readPage(database, accounts, filter, query, rowIdRange(filter, before, through), limit)
}

function readPage(
  database: Readable,
  accounts: readonly number[],
  filter: JobFilter,
  query: TextQuery,
  wanted: RowIdRange,
  limit: number,
): JobRows {
  const { range, searchedNewest } = searchedRange(database, accounts, query, wanted)
  const rows: JobRow[] = []
  for (const row of findJobs(database, accounts, filter, query, range)) {
    if (rows.length === limit) return { rows, next: rows.at(-1)?.rowId ?? null, searchedNewest, query }
    rows.push(row)
  }
  return { rows, next: null, searchedNewest, query }
}

/** Whether a filter has conditions besides its text. */
const isNarrowed = ({ text, ...rest }: JobFilter): boolean =>
  Object.values(rest).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined))

/**
 * The loose query if the exact one matches nothing in the accounts, even without filters; else null. With `isAbsent`, that is
 * known already.
 */
export function secondChoice(
  database: Readable,
  accounts: readonly number[],
  exact: TextQuery,
  isAbsent: boolean,
): TextQuery | null {
  const loose = exact.words.length === 0 ? null : looseQuery(exact)
  if (loose === null || isAbsent) return loose
  const { range } = searchedRange(database, accounts, exact, rowIdRange({}))
  return findJobs(database, accounts, {}, exact, range).next().done ? loose : null
}

/** The range that a search covers: only the newest jobs if the index cannot answer for all of it, or not fast enough. */
export function searchedRange(
  database: Readable,
  accounts: readonly number[],
  { words, tokens, isLoose }: TextQuery,
  range: RowIdRange,
): { range: RowIdRange; searchedNewest: number | null } {
  const isBounded = isLoose || (words.length > 0 && (tokens.length === 0 || indexedFrom(database) > 0))
  const searchedNewest = isLoose ? boundedLooseSearch : boundedSearch
  const oldest = isBounded ? oldestSearched(database, accounts, searchedNewest) : null
  if (oldest === null) return { range, searchedNewest: null }
  return { range: { ...range, from: Math.max(range.from, oldest) }, searchedNewest }
}

/**
 * The oldest row id of a search of the newest `jobs` jobs; null if that covers everything. Counts cases, because 50,000 of
 * them fill a tenth of the cache that jobs would fill.
 */
function oldestSearched(database: Readable, accounts: readonly number[], jobs: number): number | null {
  const sql = `SELECT case_id FROM refund_cases WHERE +account_id IN (SELECT value FROM json_each(?)) AND ${isCaseOfJob('case_id')}
    AND case_id < ${aboveAllIds} ORDER BY case_id DESC LIMIT 1 OFFSET ?`
  const caseId = scalar<[string, number], number>(database, sql).get(JSON.stringify(accounts), jobs)
  return caseId === undefined ? null : rowIdOfCase(caseId)
}

/** One job by its natural key. Throws `not_found`. */
export function findJob(database: Readable, accountId: number, agent: Agent, jobId: string): JobRow {
  const sql = 'SELECT * FROM v_jobs WHERE accountId = @accountId AND agent = @agent AND jobId = @jobId'
  const row = statement<[object], JobRow>(database, sql).get({ accountId, agent, jobId })
  if (!row) throw new AppError('not_found', { id: jobId })
  return row
}

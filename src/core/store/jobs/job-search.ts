/**
 * Searches jobs. The index or the facets of the filter propose candidates, their texts decide, and only the rows of matching jobs
 * are read.
 */
import { jobCaseId, rowIdOfCase } from '../../domain/ledger.ts'
import { labelToken, type TokenAlternatives } from '../../domain/search-tokens.ts'
import type { TextQuery } from '../../domain/text-query.ts'
import { type FacetFilter, jobFacetSizes } from '../cases/case-facets.ts'
import { inBatches, newestOfFacets, readRows } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { indexedFrom } from '../projections/search.ts'
import type { JobRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { firstRowIdOf, firstSecondOf, periodOf, type RowIdRange, searchIndex, secondOf } from './search.ts'

/** Up to this many jobs, reading their texts is faster than asking the index. */
const fewJobs = 1_000
/** After the filter has rejected this many jobs, only jobs of its facets are read. */
const rejectionLimit = 64
/** For single letters, this many of the newest jobs are tried before the index. */
const newestForLetters = 256

interface JobText {
  rowId: number
  text: string
}
/** `text` is the `searchableText` of a job: one value for each candidate instead of four. */
const textColumns = `j.row_id AS rowId,
  concat(j.prompt, char(10), coalesce(j.chat_title, j.file_name), char(10), j.model) AS text`
const textsById = `SELECT ${textColumns} FROM json_each(?) i CROSS JOIN jobs j WHERE j.row_id = i.value`
const rowsById = (columns: string) =>
  `SELECT ${columns} FROM json_each(?) i CROSS JOIN v_jobs v WHERE v.rowId = i.value`

/**
 * The ids of the facets of a filter, with their numbers of cases. All accounts share one space of row ids, and a facet belongs to one
 * account, so the facets also select the jobs of the accounts.
 */
type Facets = ReadonlyMap<number, number>

/** The jobs of a range that match a filter and a query, newest first. */
export function* findJobs(
  database: Readable,
  accounts: readonly number[],
  filter: FacetFilter,
  query: TextQuery,
  range: RowIdRange,
): Generator<JobRow> {
  if (query.words.length > 0) return yield* searchJobs<JobRow>(database, 'v.*', accounts, filter, query, range)
  const facets = jobFacetSizes(database, accounts, filter)
  if (facets.size > 0) yield* jobsOfFacets(database, facets, range)
}

/** The facets of the jobs of a range that match a query with words, newest first. */
export const findFacets = (
  database: Readable,
  accounts: readonly number[],
  query: TextQuery,
  range: RowIdRange,
): Generator<FacetOfJob> => searchJobs(database, 'v.rowId, v.facetId', accounts, {}, query, range)

type FacetOfJob = Pick<JobRow, 'rowId' | 'facetId'>

function* searchJobs<Row extends FacetOfJob>(
  database: Readable,
  columns: string,
  accounts: readonly number[],
  filter: FacetFilter,
  query: TextQuery,
  range: RowIdRange,
): Generator<Row> {
  const facets = jobFacetSizes(database, accounts, filter)
  if (facets.size === 0) return
  const jobs = [...facets.values()].reduce((sum, cases) => sum + cases, 0)
  let rejected = 0
  const isRejecting = () => rejected >= rejectionLimit
  const texts =
    jobs <= fewJobs
      ? textsOfFew(database, facets, range)
      : textsFor(database, query, filter, facets, range, isRejecting)
  for (const batch of inBatches(matchingIds(texts, query))) {
    for (const row of readRows<Row>(database, rowsById(columns), batch)) {
      if (facets.has(row.facetId)) yield row
      else rejected++
    }
  }
}

function* matchingIds(texts: Iterable<JobText>, query: TextQuery): Generator<number> {
  for (const { rowId, text } of texts) if (query.matches(text)) yield rowId
}

/** The jobs of some facets, newest first. Reads all jobs as long as most of them fit, which is faster. */
function* jobsOfFacets(database: Readable, facets: Facets, { from, below }: RowIdRange): Generator<JobRow> {
  const newestFirst = 'SELECT * FROM v_jobs WHERE rowId >= ? AND rowId < ? ORDER BY rowId DESC'
  let rejected = 0
  let end = below
  for (const row of statement<[number, number], JobRow>(database, newestFirst).iterate(from, below)) {
    end = row.rowId
    if (facets.has(row.facetId)) yield row
    else if (++rejected === rejectionLimit) break
  }
  if (rejected < rejectionLimit) return
  yield* readRows<JobRow>(database, rowsById('v.*'), idsOfFacets(database, facets, { from, below: end }))
}

/**
 * The texts of a range that may match, newest first: those that the index proposes, then older ones that a rebuild of the index
 * has not reached. Texts outside the facets are left out only once `isRejecting`.
 */
function* textsFor(
  database: Readable,
  query: TextQuery,
  filter: FacetFilter,
  facets: Facets,
  { from, below }: RowIdRange,
  isRejecting: () => boolean,
): Generator<JobText> {
  let rest = below
  if (query.tokens.length > 0) {
    if (query.isOfLetters) {
      let read = 0
      for (const text of newestTexts(database, facets, { from, below }, isRejecting)) {
        yield text
        rest = text.rowId
        if (++read === newestForLetters) break
      }
      if (read < newestForLetters) return
    }
    const indexed = Math.min(Math.max(from, indexedFrom(database)), rest)
    const conditions = [...query.tokens, ...labelsOf(filter)]
    yield* proposedTexts(database, conditions, facets, { from: indexed, below: rest }, isRejecting)
    rest = indexed
  }
  yield* newestTexts(database, facets, { from, below: rest }, isRejecting)
}

/** The index also holds the agent and the kind of a job. */
const labelsOf = ({ agent, kinds = [] }: FacetFilter): TokenAlternatives[] =>
  [...(agent ? [agent] : []), ...(kinds.length === 1 ? kinds : [])].map((value) => [[labelToken(value)]])

/** The texts of a range, newest first: all of them, and only those of the facets once `isRejecting`. */
function* newestTexts(
  database: Readable,
  facets: Facets,
  { from, below }: RowIdRange,
  isRejecting: () => boolean,
): Generator<JobText> {
  const sql = `SELECT ${textColumns} FROM jobs j WHERE j.row_id >= ? AND j.row_id < ? ORDER BY j.row_id DESC`
  let end = below
  for (const text of statement<[number, number], JobText>(database, sql).iterate(from, below)) {
    yield text
    end = text.rowId
    if (isRejecting()) break
  }
  if (isRejecting()) yield* textsOfFacets(database, facets, { from, below: end })
}

function* textsOfFacets(database: Readable, facets: Facets, range: RowIdRange): Generator<JobText> {
  yield* readRows<JobText>(database, textsById, idsOfFacets(database, facets, range))
}

/** As `textsOfFacets`, for few jobs: all their ids are read at once. */
function* textsOfFew(database: Readable, facets: Facets, range: RowIdRange): Generator<JobText> {
  const ids = caseIdsOf(database, facets, range).map(rowIdOfCase)
  yield* readRows<JobText>(
    database,
    textsById,
    ids.sort((one, other) => other - one),
  )
}

/** The cases of the jobs of some facets within a range, in no order. */
const caseIdsOf = (database: Readable, facets: Facets, { from, below }: RowIdRange): number[] =>
  scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases
     WHERE facet_id IN (SELECT value FROM json_each(@facets)) AND case_id >= @from AND case_id < @below`,
  ).all({ from: jobCaseId(from), below: jobCaseId(below), facets: JSON.stringify([...facets.keys()]) })

function* idsOfFacets(database: Readable, facets: Facets, { from, below }: RowIdRange): Generator<number> {
  const cases = { from: jobCaseId(from), below: jobCaseId(below) }
  for (const caseId of newestOfFacets(database, 'refund_cases', [...facets.keys()], cases)) yield rowIdOfCase(caseId)
}

/** The texts of the seconds that the index proposes, newest first; those of the facets once `isRejecting`. */
function* proposedTexts(
  database: Readable,
  conditions: readonly TokenAlternatives[],
  facets: Facets,
  range: RowIdRange,
  isRejecting: () => boolean,
): Generator<JobText> {
  const sql = `SELECT ${textColumns} FROM json_each(?) i CROSS JOIN jobs j
    WHERE j.row_id >= i.value AND j.row_id < i.value + ${firstRowIdOf(1)}`
  const read = statement<[string], JobText>(database, sql)
  const hasFacet = secondsOfFacets(database, facets)
  function* seconds() {
    for (const second of searchIndex(database, conditions, range)) if (!isRejecting() || hasFacet(second)) yield second
  }
  for (const batch of inBatches(seconds())) {
    const texts = read.all(JSON.stringify(batch.map(firstRowIdOf)))
    yield* texts.filter(({ rowId }) => rowId >= range.from && rowId < range.below).sort((a, b) => b.rowId - a.rowId)
  }
}

/** Returns a function that decides whether a second has a job of some facets. Reads the ids of a whole period at once. */
function secondsOfFacets(database: Readable, facets: Facets): (second: number) => boolean {
  const firstIdOf = (period: number) => firstRowIdOf(firstSecondOf(period))
  let known = { period: Number.NaN, seconds: new Set<number>() }
  return (second) => {
    const period = periodOf(second)
    if (period !== known.period) {
      const ids = caseIdsOf(database, facets, { from: firstIdOf(period), below: firstIdOf(period + 1) })
      known = { period, seconds: new Set(ids.map((caseId) => secondOf(rowIdOfCase(caseId)))) }
    }
    return known.seconds.has(second)
  }
}

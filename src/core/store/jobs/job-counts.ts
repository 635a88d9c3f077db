/**
 * Counts of jobs: from the totals of `case_facets`, `case_daily_totals` and `job_daily_totals`, which every change updates;
 * only a search scans.
 */
import { type Agent, type JobDimension, jobDimensions } from '../../../shared/values.ts'
import type { JobCounts, JobDay } from '../../../shared/views.ts'
import { beginningOf, koreanDayOf } from '../../domain/days.ts'
import { aboveAllIds, firstRowId, jobCaseId, rowIdOfCase } from '../../domain/ledger.ts'
import { exactQuery, type TextQuery } from '../../domain/text-query.ts'
import { rangeParameters, totalsWithin } from '../cases/case-days.ts'
import { type CaseFacet, jobFacets } from '../cases/case-facets.ts'
import type { Readable } from '../handles.ts'
import { arePeriodTotalsWhole } from '../projections/periods.ts'
import { isLostStatus } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { type JobFilter, rowIdRange, searchedRange, secondChoice } from './job-queries.ts'
import { findFacets } from './job-search.ts'

/** The hits that one call counts: the newest `hits` below the row id `before`. */
interface HitRange {
  before: number
  hits: number
}

/** The number of jobs that each filter chip would show: every dimension counts within the other filters. */
export function countJobs(
  database: Readable,
  accounts: readonly number[],
  filter: JobFilter,
  range: HitRange,
): JobCounts {
  const { agent, kinds, models, outcomes, refundStatuses, text, from, to } = filter
  const facets = jobFacets(database, accounts)
  const query = exactQuery(text ?? '')
  const { jobsOf, isComplete, next } =
    query.words.length > 0
      ? countHits(database, accounts, query, { from, to }, range)
      : { jobsOf: jobsPerFacet(database, facets, filter), isComplete: true, next: null }
  /** The value of a facet in each dimension, and the values that the filter asks for. */
  const valuesOf = (facet: CaseFacet): Record<JobDimension, [string | null, readonly string[] | undefined]> => ({
    agents: [facet.agent, agent && [agent]],
    kinds: [facet.kind, kinds],
    models: [facet.model, models],
    outcomes: [facet.outcome, outcomes],
    refundStatuses: [facet.refundStatus, refundStatuses],
  })
  const counts = { ...emptyCounts(), isComplete, next: next === null ? null : String(next) }
  for (const facet of facets) {
    const jobs = jobsOf.get(facet.facetId) ?? 0
    if (jobs === 0) continue
    const values = valuesOf(facet)
    const misses = jobDimensions.filter((dimension) => {
      const [value, wanted] = values[dimension]
      return wanted?.length && (value === null || !wanted.includes(value))
    })
    if (misses.length === 0) counts.total += jobs
    for (const dimension of jobDimensions) {
      const [value] = values[dimension]
      if (value === null || misses.some((missed) => missed !== dimension)) continue
      counts[dimension][value] = (counts[dimension][value] ?? 0) + jobs
    }
  }
  return counts
}

/** The counts of no jobs. */
const emptyCounts = (): JobCounts => ({
  total: 0,
  isComplete: true,
  next: null,
  agents: {},
  kinds: {},
  models: {},
  outcomes: {},
  refundStatuses: {},
})

interface HitCounts {
  jobsOf: Map<number, number>
  isComplete: boolean
  next: number | null
}

function countHits(
  database: Readable,
  accounts: readonly number[],
  exact: TextQuery,
  period: Pick<JobFilter, 'from' | 'to'>,
  range: HitRange,
): HitCounts {
  const counts = countMatches(database, accounts, exact, period, range)
  const isWhole = range.before === aboveAllIds && period.from === undefined && period.to === undefined
  const second = counts.jobsOf.size === 0 ? secondChoice(database, accounts, exact, isWhole) : null
  return second ? countMatches(database, accounts, second, period, range) : counts
}

function countMatches(
  database: Readable,
  accounts: readonly number[],
  query: TextQuery,
  filter: Pick<JobFilter, 'from' | 'to'>,
  { before, hits }: HitRange,
): HitCounts {
  const jobsOf = new Map<number, number>()
  const { range: searched, searchedNewest } = searchedRange(database, accounts, query, rowIdRange(filter, before))
  let counted = 0
  let last: number | null = null
  for (const { rowId, facetId } of findFacets(database, accounts, query, searched)) {
    if (counted === hits) return { jobsOf, isComplete: false, next: last }
    counted++
    last = rowId
    jobsOf.set(facetId, (jobsOf.get(facetId) ?? 0) + 1)
  }
  return { jobsOf, isComplete: searchedNewest === null, next: null }
}

function jobsPerFacet(database: Readable, facets: readonly CaseFacet[], filter: JobFilter): Map<number, number> {
  if (filter.from === undefined && filter.to === undefined) {
    return new Map(facets.map((facet) => [facet.facetId, facet.cases]))
  }
  const sql = `SELECT facet_id AS facetId, sum(cases) AS jobs FROM (${totalsWithin}) GROUP BY facet_id`
  const rows = statement<[object], { facetId: number; jobs: number }>(database, sql).all(
    rangeParameters(facets, filter),
  )
  return new Map(rows.map(({ facetId, jobs }) => [facetId, jobs]))
}

/** The days in Korea that have jobs, newest first. */
export function countJobDays(
  database: Readable,
  accounts: readonly number[],
  filter: Omit<JobFilter, 'text'>,
): JobDay[] {
  const { agent, from, to, ...others } = filter
  const isOfAgent = from === undefined && to === undefined && !Object.values(others).some((values) => values?.length)
  const days =
    isOfAgent && arePeriodTotalsWhole(database)
      ? daysOfAgent(database, accounts, agent ?? null)
      : daysOfFacets(database, jobFacets(database, accounts, filter), filter)
  return days.map((row) => ({ ...row, day: beginningOf(row.day) }))
}

const daysOfAgent = (database: Readable, accounts: readonly number[], agent: Agent | null): JobDay[] =>
  statement<[object], JobDay>(
    database,
    `SELECT day, sum(jobs) AS jobs, sum(charged) AS charged, sum(lost) AS lost FROM job_daily_totals
     WHERE account_id IN (SELECT value FROM json_each(@accounts)) AND (@agent IS NULL OR agent = @agent)
     GROUP BY day HAVING sum(jobs) > 0 ORDER BY day DESC`,
  ).all({ accounts: JSON.stringify(accounts), agent })

const daysOfFacets = (database: Readable, facets: readonly CaseFacet[], filter: JobFilter): JobDay[] =>
  statement<[object], JobDay>(
    database,
    `SELECT day, sum(s.cases) AS jobs, sum(s.charged) AS charged,
       coalesce(sum(s.charged - s.refunded) FILTER (WHERE ${isLostStatus}), 0) AS lost
     FROM (${totalsWithin}) s JOIN case_facets USING (facet_id) GROUP BY day HAVING sum(s.cases) > 0 ORDER BY day DESC`,
  ).all(rangeParameters(facets, filter))

/** The pages of one day, newest first: the row id below which each begins, its last row id, and its jobs. */
export function jobPages(
  database: Readable,
  accounts: readonly number[],
  filter: Omit<JobFilter, 'text'>,
  day: number,
  size: number,
): { before: number; through: number; jobs: number }[] {
  const facets = jobFacets(database, accounts, filter).map((facet) => facet.facetId)
  const end = firstRowId(beginningOf(koreanDayOf(day) + 1))
  const { from, below } = rowIdRange(filter, end, firstRowId(day))
  const caseIds = scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases WHERE case_id >= @from AND case_id < @below
       AND +facet_id IN (SELECT value FROM json_each(@facets)) ORDER BY case_id DESC`,
  ).iterate({ from: jobCaseId(from), below: jobCaseId(below), facets: JSON.stringify(facets) })
  const pages: { before: number; through: number; jobs: number }[] = []
  for (const caseId of caseIds) {
    const rowId = rowIdOfCase(caseId)
    const page = pages.at(-1)
    if (page && page.jobs < size) {
      page.jobs++
      page.through = rowId
    } else {
      pages.push({ before: page?.through ?? end, through: rowId, jobs: 1 })
    }
  }
  return pages
}

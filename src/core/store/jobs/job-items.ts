/** Jobs as screens show them: rows of `v_jobs` with their first `results`. */
import type { FoundJob, JobItem, ResultView } from '../../../shared/views.ts'
import { titleOf } from '../../domain/search-tokens.ts'
import type { TextQuery } from '../../domain/text-query.ts'
import type { NameOfAccount } from '../accounts/account-scope.ts'
import type { Readable } from '../handles.ts'
import type { JobRow } from '../schema/views.ts'
import { firstResults, resultsOf } from './results.ts'

/** Results of a job that a list shows. */
const resultsInList = 4

/** Rows as every list shows them. */
export function toJobItems(database: Readable, rows: readonly JobRow[], nameOf: NameOfAccount = () => null): JobItem[] {
  const withResults = rows.filter((row) => row.resultCount > 0).map((row) => row.rowId)
  const results = firstResults(database, withResults, resultsInList)
  return rows.map((row) => toJobItem(row, results.get(row.rowId) ?? [], nameOf(row.accountId)))
}

const toJobItem = (
  { rowId, accountId, facetId, chatUrl, startedAt, ...item }: JobRow,
  results: ResultView[],
  account: string | null,
): JobItem => ({
  ...item,
  account,
  results,
})

/** A single job as every list shows it. */
export const toOneJobItem = (database: Readable, row: JobRow, account: string | null = null): JobItem =>
  toJobItem(row, resultsOf(database, row.rowId, resultsInList), account)

/** Rows as a search shows them. */
export function toFoundJobs(
  database: Readable,
  rows: readonly JobRow[],
  query: TextQuery,
  nameOf: NameOfAccount,
): FoundJob[] {
  const jobs = toJobItems(database, rows, nameOf)
  if (query.words.length === 0) return jobs
  return jobs.map((job) => ({
    ...job,
    matches: {
      prompt: query.ranges(job.prompt),
      chatTitle: query.ranges(titleOf(job)),
      model: query.ranges(job.model),
    },
  }))
}

/** Jobs as screens get them: rows of `v_jobs` with the first rows of `results`. */
import type { FoundJob, JobItem, ResultView } from '../../shared/views.ts'
import type { TextQuery } from '../domain/text-query.ts'
import type { JobRow } from './schema/views.ts'
import { statement } from './statement.ts'
import type { Readable } from './store.ts'

const resultsInList = 4
const columns = 'r.result_id AS id, r.mime_type AS mimeType, r.width, r.height, r.duration_ms AS durationMs, r.bytes'

/** The results of a job in their order, at most `limit`. */
export function resultsOf(database: Readable, jobRowId: number, limit = 1_000): ResultView[] {
  const sql = `SELECT ${columns} FROM results r WHERE r.job_row_id = ? ORDER BY r.position LIMIT ?`
  return statement<[number, number], ResultView>(database, sql).all(jobRowId, limit)
}

/** The first results of some jobs, by their row ids. */
function firstResults(database: Readable, jobRowIds: readonly number[]): Map<number, ResultView[]> {
  const rows = statement<[string], ResultView & { job: number }>(
    database,
    `SELECT r.job_row_id AS job, ${columns} FROM json_each(?) i CROSS JOIN results r ON r.job_row_id = i.value
     WHERE r.position < ${resultsInList}`,
  ).all(JSON.stringify(jobRowIds))
  const results = new Map<number, ResultView[]>()
  for (const { job, ...result } of rows) results.set(job, [...(results.get(job) ?? []), result])
  return results
}

/** Rows as every list shows them. */
export function toJobItems(database: Readable, rows: readonly JobRow[]): JobItem[] {
  const withResults = rows.filter((row) => row.resultCount > 0).map((row) => row.rowId)
  const results = firstResults(database, withResults)
  return rows.map((row) => toJobItem(row, results.get(row.rowId) ?? []))
}

const toJobItem = (
  { rowId, accountId, facetId, chatUrl, startedAt, ...item }: JobRow,
  results: ResultView[],
): JobItem => ({
  ...item,
  results,
})

/** A single job as every list shows it. */
export const toOneJobItem = (database: Readable, row: JobRow): JobItem =>
  toJobItem(row, resultsOf(database, row.rowId, resultsInList))

/** Rows as a search shows them. */
export function toFoundJobs(database: Readable, rows: readonly JobRow[], query: TextQuery): FoundJob[] {
  const jobs = toJobItems(database, rows)
  if (query.words.length === 0) return jobs
  const find = (text: string | null) => query.ranges(text ?? '')
  return jobs.map((job) => ({
    ...job,
    matches: { prompt: find(job.prompt), chatTitle: find(job.chatTitle), model: find(job.model) },
  }))
}

import { AppError } from '../../shared/errors.ts'
import type { Agent, Outcome, RefundReason, RefundStatus } from '../../shared/values.ts'
import type { FoundJob, JobCounts, JobDay, JobItem, ResultView } from '../../shared/views.ts'
import { firstRowId, jobCaseId } from '../domain/ledger.ts'
import { matchRanges, queryWords } from '../domain/search-text.ts'
import { wordTokens } from '../domain/search-tokens.ts'
import { findRows, type SearchedRow } from './job-search.ts'
import type { RowSpan } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** What a list of jobs may be narrowed by; times are epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface JobFilter {
  agent?: Agent
  kinds?: string[]
  models?: string[]
  outcomes?: Outcome[]
  refundStatuses?: RefundStatus[]
  text?: string
  from?: number
  to?: number
}

export interface JobRow {
  row_id: number
  agent: Agent
  id: string
  chat_id: string
  chat_title: string | null
  chat_url: string | null
  kind: string
  model: string
  prompt: string
  failure_code: string | null
  failure_origin: string | null
  failure_message: string | null
  requested_results: number
  result_count: number
  created_at: number
  started_at: number | null
  finished_at: number | null
  gone_at: number | null
  outcome: Outcome
  refund_status: RefundStatus
  reason: RefundReason
  charged: number
  refunded: number
  due_at: number | null
}

const columns = `j.row_id, j.agent, j.id, j.chat_id, j.chat_title, j.chat_url, j.kind, j.model, j.prompt,
  j.failure_code, j.failure_origin, j.failure_message, j.requested_results, j.result_count, j.created_at, j.started_at,
  j.finished_at, j.gone_at, c.outcome, c.refund_status, c.reason, c.charged, c.refunded, c.due_at`
const resultsInList = 4
/** A query too short for the index looks at this many of the newest jobs. */
const boundedScan = 50_000
const crowdedMs = 60_000

/** SQL conditions and their values, built from fixed texts only. */
interface Condition {
  sql: string
  values: unknown[]
}

/** One value can be looked up in an index, in row order; several only be told from others. */
function oneOf(column: string, values: readonly unknown[] | undefined): Condition[] {
  if (!values || values.length === 0) return []
  if (values.length === 1) return [{ sql: `${column} = ?`, values: [...values] }]
  return [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }]
}

function conditions(accountId: number, filter: JobFilter): Condition[] {
  const { agent, kinds, models, outcomes, refundStatuses, from, to } = filter
  // An index is worth using for more than the account: by that alone it would bring the rows out of their order.
  const account = agent || kinds?.length === 1 ? 'j.account_id = ?' : '+j.account_id = ?'
  return [
    { sql: account, values: [accountId] },
    ...(agent ? [{ sql: 'j.agent = ?', values: [agent] }] : []),
    ...oneOf('j.kind', kinds),
    ...oneOf('j.model', models),
    ...oneOf('c.outcome', outcomes),
    ...oneOf('c.refund_status', refundStatuses),
    ...(from === undefined ? [] : [{ sql: 'j.created_at >= ?', values: [from] }]),
    ...(to === undefined ? [] : [{ sql: 'j.created_at < ?', values: [to] }]),
  ]
}

/** The row ids of a part of a list. They stand for moments, but those of a crowded moment reach into the next ones. */
const rangeOf = ({ from = 0, to }: JobFilter, before: number, through = 0): RowSpan => ({
  from: Math.max(through, firstRowId(from)),
  below: to === undefined ? before : Math.min(before, firstRowId(to + crowdedMs)),
})

/** A query of a list within a range. One bound to each side: SQLite begins at one of them and only compares with others. */
const within = (all: readonly Condition[]): string =>
  ['j.row_id >= ?', 'j.row_id < ?', ...all.map(({ sql }) => sql)].join(' AND ')

/** Every job with its case. */
const jobsWithCases = 'FROM jobs j JOIN refund_cases c ON c.case_id = j.row_id * 2'

export interface JobRows {
  rows: JobRow[]
  /** The row id below which to read on; null where nothing follows. */
  next: number | null
  searchedNewest: number | null
}

/** A page of jobs, newest first, from below the row id `before` to `through`. A search may give fewer jobs than asked for before its end. */
export function listJobs(
  database: Readable,
  accountId: number,
  filter: JobFilter,
  before: number,
  limit: number,
  through = 0,
): JobRows {
  if (queryWords(filter.text ?? '').length > 0) return searchJobs(database, accountId, filter, before, limit, through)
  const all = conditions(accountId, filter)
  const { from, below } = rangeOf(filter, before, through)
  const sql = `SELECT ${columns} ${jobsWithCases} WHERE ${within(all)} ORDER BY j.row_id DESC LIMIT ?`
  const values = all.flatMap((condition) => condition.values)
  const rows = statement<unknown[], JobRow>(database, sql).all(from, below, ...values, limit + 1)
  const more = rows.length > limit
  if (more) rows.pop()
  return { rows, next: more ? (rows.at(-1)?.row_id ?? null) : null, searchedNewest: null }
}

function searchJobs(
  database: Readable,
  accountId: number,
  filter: JobFilter,
  before: number,
  limit: number,
  through: number,
): JobRows {
  const words = queryWords(filter.text ?? '')
  const oldest = words.every((word) => wordTokens(word).length === 0) ? oldestScanned(database, accountId) : null
  const searchedNewest = oldest === null ? null : boundedScan
  const all = conditions(accountId, filter)
  const values = all.flatMap((condition) => condition.values)
  const read = statement<unknown[], JobRow>(
    database,
    `SELECT ${columns} ${jobsWithCases} WHERE ${within(all)} ORDER BY j.row_id DESC`,
  )
  const span = rangeOf(filter, before, Math.max(through, oldest ?? 0))
  const rows: JobRow[] = []
  for (const row of findRows(database, words, labelsOf(filter), span, ({ from, below }) =>
    read.iterate(from, below, ...values),
  )) {
    if (rows.length === limit) return { rows, next: rows.at(-1)?.row_id ?? null, searchedNewest }
    rows.push(row)
  }
  return { rows, next: null, searchedNewest }
}

/** What of a filter the search index can tell. */
const labelsOf = ({ agent, kinds = [] }: JobFilter): string[] => [
  ...(agent ? [agent] : []),
  ...(kinds.length === 1 ? kinds : []),
]

/** How many jobs each chip would show: every dimension counts within the other filters. */
export function countJobs(database: Readable, accountId: number, filter: JobFilter): JobCounts {
  const words = queryWords(filter.text ?? '')
  const { agent, text, from, to } = filter
  const all = conditions(accountId, { text, from, to })
  const range = rangeOf(filter, Number.MAX_SAFE_INTEGER)
  const values = all.flatMap((condition) => condition.values)
  type Group = {
    agent: Agent
    kind: string
    model: string
    outcome: Outcome
    refund_status: RefundStatus
    jobs: number
  }
  let groups: Group[]
  if (words.length > 0) {
    const sql = `SELECT j.row_id, j.agent, j.kind, j.model, c.outcome, c.refund_status, 1 AS jobs, j.prompt, j.chat_title
      ${jobsWithCases} WHERE ${within(all)} ORDER BY j.row_id DESC`
    const read = statement<unknown[], Group & SearchedRow>(database, sql)
    const found = findRows(database, words, [], range, ({ from, below }) => read.iterate(from, below, ...values))
    groups = []
    for (const row of found) {
      groups.push(row)
      if (groups.length === boundedScan) break
    }
  } else {
    const sql = `SELECT j.agent, j.kind, j.model, c.outcome, c.refund_status, count(*) AS jobs ${jobsWithCases}
      WHERE ${within(all)} GROUP BY 1, 2, 3, 4, 5`
    groups = statement<unknown[], Group>(database, sql).all(range.from, range.below, ...values)
  }
  const fits = {
    agents: (group: Group) => !agent || group.agent === agent,
    kinds: (group: Group) => !filter.kinds?.length || filter.kinds.includes(group.kind),
    models: (group: Group) => !filter.models?.length || filter.models.includes(group.model),
    outcomes: (group: Group) => !filter.outcomes?.length || filter.outcomes.includes(group.outcome),
    refundStatuses: (group: Group) =>
      !filter.refundStatuses?.length || filter.refundStatuses.includes(group.refund_status),
  }
  type Dimension = keyof typeof fits
  const dimensions = Object.keys(fits) as Dimension[]
  const columnOf = {
    agents: 'agent',
    kinds: 'kind',
    models: 'model',
    outcomes: 'outcome',
    refundStatuses: 'refund_status',
  } as const
  const counts: JobCounts = { total: 0, kinds: {}, models: {}, outcomes: {}, refundStatuses: {}, agents: {} }
  for (const group of groups) {
    const misses = dimensions.filter((dimension) => !fits[dimension](group))
    if (misses.length === 0) counts.total += group.jobs
    for (const dimension of dimensions) {
      if (misses.some((missed) => missed !== dimension)) continue
      const value = group[columnOf[dimension]]
      counts[dimension][value] = (counts[dimension][value] ?? 0) + group.jobs
    }
  }
  return counts
}

const msPerDay = 86_400_000
/** Milliseconds that Korea is ahead of UTC, all year round. */
const koreanOffset = 9 * 3_600_000

/** The days that hold jobs, newest first. */
export function countJobDays(database: Readable, accountId: number, filter: Omit<JobFilter, 'text'>): JobDay[] {
  const all = conditions(accountId, filter)
  const { from, below } = rangeOf(filter, Number.MAX_SAFE_INTEGER)
  const sql = `SELECT (j.row_id / 1024 + ${koreanOffset}) / ${msPerDay} * ${msPerDay} - ${koreanOffset} AS day, count(*) AS jobs,
      sum(c.charged) AS charged,
      coalesce(sum(c.charged - c.refunded) FILTER (WHERE c.refund_status IN ('refund_missing', 'result_missing')), 0) AS lost
    ${jobsWithCases} WHERE ${within(all)} GROUP BY 1 ORDER BY 1 DESC`
  return statement<unknown[], JobDay>(database, sql).all(from, below, ...all.flatMap(({ values }) => values))
}

/** The pages of one day, newest first: the row id below which each begins, its last row id, and its jobs. */
export function jobPages(
  database: Readable,
  accountId: number,
  filter: Omit<JobFilter, 'text'>,
  day: number,
  size: number,
): { before: number; through: number; jobs: number }[] {
  const end = firstRowId(day + msPerDay)
  const all = conditions(accountId, filter)
  const { from, below } = rangeOf(filter, end, firstRowId(day))
  const sql = `SELECT j.row_id ${jobsWithCases}
    WHERE ${within(all)} ORDER BY j.row_id DESC`
  const pages: { before: number; through: number; jobs: number }[] = []
  for (const rowId of scalar<unknown[], number>(database, sql).iterate(
    from,
    below,
    ...all.flatMap(({ values }) => values),
  )) {
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

/** The row id from which a bounded scan begins; null where it covers everything. */
function oldestScanned(database: Readable, accountId: number): number | null {
  const sql = `SELECT row_id FROM jobs WHERE +account_id = ? AND row_id < ${Number.MAX_SAFE_INTEGER}
    ORDER BY row_id DESC LIMIT 1 OFFSET ?`
  return scalar<[number, number], number>(database, sql).get(accountId, boundedScan) ?? null
}

/** One job by its natural key. Throws `not_found`. */
export function findJob(database: Readable, accountId: number, agent: Agent, jobId: string): JobRow {
  const sql = `SELECT ${columns} FROM jobs j JOIN refund_cases c ON c.case_id = j.row_id * 2
    WHERE j.account_id = ? AND j.agent = ? AND j.id = ?`
  const row = statement<[number, Agent, string], JobRow>(database, sql).get(accountId, agent, jobId)
  if (!row) throw new AppError('not_found', { id: jobId })
  return row
}

/** The results of a job in their order, at most `limit`. */
export function resultsOf(database: Readable, jobRowId: number, limit = 1_000): ResultView[] {
  return statement<[number, number], ResultView>(
    database,
    `SELECT result_id AS id, mime_type AS mimeType, width, height, duration_ms AS durationMs, bytes
     FROM results WHERE job_row_id = ? ORDER BY position LIMIT ?`,
  ).all(jobRowId, limit)
}

/** A row as every list shows it. */
export const toJobItem = (database: Readable, row: JobRow): JobItem => ({
  agent: row.agent,
  jobId: row.id,
  chatId: row.chat_id,
  chatTitle: row.chat_title,
  kind: row.kind,
  model: row.model,
  prompt: row.prompt,
  outcome: row.outcome,
  refundStatus: row.refund_status,
  refundReason: row.reason,
  charged: row.charged,
  refunded: row.refunded,
  dueAt: row.due_at,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
  requestedResults: row.requested_results,
  resultCount: row.result_count,
  results: row.result_count > 0 ? resultsOf(database, row.row_id, resultsInList) : [],
  goneAt: row.gone_at,
})

/** A row as a search shows it. */
export function toFoundJob(database: Readable, row: JobRow, text = ''): FoundJob {
  const job = toJobItem(database, row)
  const words = queryWords(text)
  if (words.length === 0) return job
  const find = (part: string | null) => matchRanges(part ?? '', words)
  return { ...job, matches: { prompt: find(job.prompt), chatTitle: find(job.chatTitle), model: find(job.model) } }
}

/** The case id of a job row. */
export const caseIdOfJob = (row: Pick<JobRow, 'row_id'>): number => jobCaseId(row.row_id)

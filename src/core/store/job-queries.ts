import { AppError } from '../../shared/errors.ts'
import type { Agent, Outcome, RefundReason, RefundStatus } from '../../shared/values.ts'
import { firstRowId, jobCaseId } from '../domain/ledger.ts'
import { matchesQuery, queryWords } from '../domain/search-text.ts'
import { labelToken, searchableText, wordTokens } from '../domain/search-tokens.ts'
import { type FacetFilter, jobFacets } from './case-facets.ts'
import { inBatches, newestOfFacets, readRows } from './facets.ts'
import { type RowSpan, searchIndex } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** What a list of jobs may be narrowed by; times are epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface JobFilter extends FacetFilter {
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
  removed_at: number | null
  facet_id: number
  outcome: Outcome
  refund_status: RefundStatus
  reason: RefundReason
  charged: number
  refunded: number
  due_at: number | null
}

const columns = `j.row_id, j.agent, j.id, j.chat_id, j.chat_title, j.chat_url, j.kind, j.model, j.prompt,
  j.failure_code, j.failure_origin, j.failure_message, j.requested_results, j.result_count, j.created_at, j.started_at,
  j.finished_at, j.removed_at, c.facet_id, g.outcome, g.refund_status, c.reason, c.charged, c.refunded, c.due_at`
/** Every job with its case. */
const withCases = 'JOIN refund_cases c ON c.case_id = j.row_id * 2 JOIN case_facets g ON g.facet_id = c.facet_id'
/** A query too short for the index looks at this many of the newest jobs. */
const boundedScan = 50_000
/** So many rows may a search read in vain before it goes another way, and twice as many each time that it comes back. */
const firstPatience = 64

/** The row ids of a part of a list, which stand for moments: from `through` or `from` on to below `before` and `to`. */
export const spanOf = ({ from = 0, to }: JobFilter, before = Number.MAX_SAFE_INTEGER, through = 0): RowSpan => ({
  from: Math.max(through, firstRowId(from)),
  below: to === undefined ? before : Math.min(before, firstRowId(to)),
})

export interface JobRows {
  rows: JobRow[]
  /** The row id below which to read on; null where nothing follows. */
  next: number | null
  searchedNewest: number | null
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
  const { span, searchedNewest } = searchedSpan(database, accountId, filter, spanOf(filter, before, through))
  const rows: JobRow[] = []
  for (const row of findJobs(database, accountId, filter, span)) {
    if (rows.length === limit) return { rows, next: rows.at(-1)?.row_id ?? null, searchedNewest }
    rows.push(row)
  }
  return { rows, next: null, searchedNewest }
}

/** What of a span a search looks at: all of it, but for words too short for the index only the newest jobs. */
export function searchedSpan(
  database: Readable,
  accountId: number,
  { text = '' }: JobFilter,
  span: RowSpan,
): { span: RowSpan; searchedNewest: number | null } {
  const words = queryWords(text)
  const isShort = words.length > 0 && words.every((word) => wordTokens(word).length === 0)
  const oldest = isShort ? oldestScanned(database, accountId) : null
  if (oldest === null) return { span, searchedNewest: null }
  return { span: { ...span, from: Math.max(span.from, oldest) }, searchedNewest: boundedScan }
}

/** The jobs of a span that fit a filter, newest first. */
export function* findJobs(database: Readable, accountId: number, filter: JobFilter, span: RowSpan): Generator<JobRow> {
  const words = queryWords(filter.text ?? '')
  const facets = jobFacets(database, accountId, filter).map((facet) => facet.facet_id)
  if (facets.length === 0) return
  const ofFacets = new Set(facets)
  let { below } = span
  // What fits may be rare among what has the words, and the words may be rare in what fits: one way leads on where the other does not.
  for (let turn = 0; ; turn++) {
    const byWords = turn % 2 === 0
    const patience = firstPatience * 2 ** Math.floor(turn / 2)
    const part = { from: span.from, below }
    const rows = byWords ? jobsWithWords(database, words, filter, part) : jobsOfFacets(database, facets, part)
    let wasted = 0
    for (const row of rows) {
      below = row.row_id
      const fits = ofFacets.has(row.facet_id)
      if (fits && (words.length === 0 || holdsWords(row, words))) yield row
      else if (fits !== byWords && ++wasted === patience) break
    }
    if (wasted < patience) return
  }
}

function* jobsOfFacets(database: Readable, facets: readonly number[], { from, below }: RowSpan): Generator<JobRow> {
  const cases = { from: jobCaseId(from), below: Math.min(jobCaseId(below), Number.MAX_SAFE_INTEGER) }
  const sql = `SELECT ${columns} FROM json_each(?) i CROSS JOIN jobs j ON j.row_id = i.value / 2 ${withCases}`
  yield* readRows<JobRow>(database, sql, newestOfFacets(database, 'refund_cases', facets, cases))
}

/** Jobs that may hold every word, newest first: those of the seconds that the index proposes, or all where it knows nothing. */
function* jobsWithWords(
  database: Readable,
  words: readonly string[],
  { agent, kinds = [] }: JobFilter,
  span: RowSpan,
): Generator<JobRow> {
  const tokens = words.flatMap(wordTokens)
  if (tokens.length === 0) {
    const sql = `SELECT ${columns} FROM jobs j ${withCases} WHERE j.row_id >= ? AND j.row_id < ? ORDER BY j.row_id DESC`
    yield* statement<[number, number], JobRow>(database, sql).iterate(span.from, span.below)
    return
  }
  // What of a filter the index can tell.
  const labels = [...(agent ? [agent] : []), ...(kinds.length === 1 ? kinds : [])].map(labelToken)
  const read = statement<[string], JobRow>(
    database,
    `SELECT ${columns} FROM json_each(?) i CROSS JOIN jobs j ON j.row_id >= i.value ->> 'from' AND j.row_id < i.value ->> 'below'
     ${withCases}`,
  )
  for (const spans of inBatches(searchIndex(database, [...tokens, ...labels], span))) {
    yield* read.all(JSON.stringify(spans)).sort((one, other) => other.row_id - one.row_id)
  }
}

const holdsWords = (row: JobRow, words: readonly string[]): boolean =>
  matchesQuery(searchableText({ prompt: row.prompt, chatTitle: row.chat_title, model: row.model }), words)

/** The row id from which a bounded scan begins; null where it covers everything. */
function oldestScanned(database: Readable, accountId: number): number | null {
  const sql = `SELECT row_id FROM jobs WHERE +account_id = ? AND row_id < ${Number.MAX_SAFE_INTEGER}
    ORDER BY row_id DESC LIMIT 1 OFFSET ?`
  return scalar<[number, number], number>(database, sql).get(accountId, boundedScan) ?? null
}

/** One job by its natural key. Throws `not_found`. */
export function findJob(database: Readable, accountId: number, agent: Agent, jobId: string): JobRow {
  const sql = `SELECT ${columns} FROM jobs j ${withCases} WHERE j.account_id = ? AND j.agent = ? AND j.id = ?`
  const row = statement<[number, Agent, string], JobRow>(database, sql).get(accountId, agent, jobId)
  if (!row) throw new AppError('not_found', { id: jobId })
  return row
}

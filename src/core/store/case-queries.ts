import { AppError } from '../../shared/errors.ts'
import { openStatuses, refundedStatuses } from '../../shared/refund-answers.ts'
import {
  type Agent,
  attentionStatuses,
  type Outcome,
  type RecordStream,
  type RefundReason,
  type RefundStatus,
  refundStatuses,
} from '../../shared/values.ts'
import type { CaseCounts, CaseItem } from '../../shared/views.ts'
import {
  chargeCaseId,
  chargeCaseName,
  isChargeCase,
  jobCaseId,
  jobCaseName,
  parseCaseName,
  rowIdOfCase,
} from '../domain/ledger.ts'
import { caseFacets, type FacetFilter } from './case-facets.ts'
import { newestOfFacets, readRows } from './facets.ts'
import { resultsOf } from './job-items.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

export interface CaseRow {
  case_id: number
  agent: Agent | null
  outcome: Outcome
  refund_status: RefundStatus
  reason: RefundReason
  charged: number
  refunded: number
  since: number
  deadline_at: number | null
  due_at: number | null
  unread: string
  dismissed_at: number | null
  job_id: string | null
  kind: string | null
  model: string | null
  prompt: string | null
  chat_title: string | null
  chat_url: string | null
  job_status: string | null
  result_count: number | null
  failure_code: string | null
  failure_origin: string | null
  failure_message: string | null
  transaction_id: string | null
}

const columns = `c.case_id, g.agent, g.outcome, g.refund_status, c.reason, c.charged, c.refunded, c.since,
    c.deadline_at, c.due_at, c.unread, c.dismissed_at, coalesce(j.id, t.job_id) AS job_id, coalesce(j.kind, t.feature) AS kind,
    coalesce(j.model, t.model) AS model, j.prompt, j.chat_title, j.chat_url, j.status AS job_status, j.result_count, j.failure_code,
    j.failure_origin, j.failure_message, t.id AS transaction_id`
const withRecords = `JOIN case_facets g ON g.facet_id = c.facet_id
  LEFT JOIN jobs j ON c.case_id % 2 = 0 AND j.row_id = c.case_id / 2
  LEFT JOIN credit_transactions t ON c.case_id % 2 = 1 AND t.row_id = c.case_id / 2`

/** The name of a case outside the database. */
export function caseName(database: Readable, caseId: number): string {
  const rowId = rowIdOfCase(caseId)
  if (isChargeCase(caseId)) {
    const sql = 'SELECT id FROM credit_transactions WHERE row_id = ?'
    return chargeCaseName(scalar<[number], string>(database, sql).get(rowId) ?? '')
  }
  const sql = 'SELECT agent, id FROM jobs WHERE row_id = ?'
  const job = statement<[number], { agent: Agent; id: string }>(database, sql).get(rowId)
  return job ? jobCaseName(job.agent, job.id) : ''
}

export function toCaseItem(database: Readable, row: CaseRow): CaseItem {
  const isJob = !isChargeCase(row.case_id)
  return {
    case: isJob && row.agent ? jobCaseName(row.agent, row.job_id ?? '') : chargeCaseName(row.transaction_id ?? ''),
    agent: row.agent,
    jobId: row.job_id,
    kind: row.kind,
    model: row.model,
    prompt: row.prompt,
    chatTitle: row.chat_title,
    outcome: row.outcome,
    refundStatus: row.refund_status,
    reason: row.reason,
    charged: row.charged,
    refunded: row.refunded,
    outstanding: row.charged - row.refunded,
    since: row.since,
    deadlineAt: row.deadline_at,
    dueAt: row.due_at,
    unread: row.unread === '' ? [] : (row.unread.split(' ') as RecordStream[]),
    thumbnail: row.result_count ? (resultsOf(database, rowIdOfCase(row.case_id), 1)[0] ?? null) : null,
    dismissedAt: row.dismissed_at,
  }
}

/** The id of a case by its name; null where nothing has that name. */
export function caseIdOf(database: Readable, accountId: number, name: string): number | null {
  const parsed = parseCaseName(name)
  if (!parsed) return null
  if ('job' in parsed) {
    const sql = 'SELECT row_id FROM jobs WHERE account_id = ? AND agent = ? AND id = ?'
    const { agent, jobId } = parsed.job
    const rowId = scalar<[number, string, string], number>(database, sql).get(accountId, agent, jobId)
    return rowId === undefined ? null : jobCaseId(rowId)
  }
  const sql = 'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?'
  const rowId = scalar<[number, string], number>(database, sql).get(accountId, parsed.charge)
  return rowId === undefined ? null : chargeCaseId(rowId)
}

/** One case by its name. Throws `not_found`. */
export function findCase(database: Readable, accountId: number, name: string): CaseRow {
  const caseId = caseIdOf(database, accountId, name)
  const row =
    caseId === null
      ? undefined
      : statement<[number], CaseRow>(
          database,
          `SELECT ${columns} FROM refund_cases c ${withRecords} WHERE c.case_id = ?`,
        ).get(caseId)
  if (!row) throw new AppError('not_found', { id: name })
  return row
}

/** Where a page of cases goes on: after this rank and case. */
export interface CasePosition {
  rank: number
  caseId: number
}

/** The place of each status in a list: what asks for attention comes first. */
export const rankOf = (status: RefundStatus): number => refundStatuses.indexOf(status)

/**
 * Cases that nobody dismissed, in the order of their statuses, newest first within one; `statuses` are read one after
 * another.
 */
export function listCases(
  database: Readable,
  accountId: number,
  statuses: readonly RefundStatus[],
  agent: Agent | undefined,
  after: CasePosition | null,
  limit: number,
): CaseRow[] {
  const rows: CaseRow[] = []
  for (const status of [...statuses].sort((a, b) => rankOf(a) - rankOf(b))) {
    const rank = rankOf(status)
    if (rows.length >= limit) break
    if (after && rank < after.rank) continue
    const below = after && rank === after.rank ? after.caseId : Number.MAX_SAFE_INTEGER
    for (const row of newestCases(database, accountId, { agent, refundStatuses: [status] }, below)) {
      if (row.dismissed_at === null) rows.push(row)
      if (rows.length === limit) break
    }
  }
  return rows
}

/** Cases newest first, of any status. */
export function listCasesByTime(
  database: Readable,
  accountId: number,
  statuses: readonly RefundStatus[],
  agent: Agent | undefined,
  before: number,
  limit: number,
): CaseRow[] {
  const rows: CaseRow[] = []
  for (const row of newestCases(database, accountId, { agent, refundStatuses: statuses }, before)) {
    if (rows.push(row) === limit) break
  }
  return rows
}

function* newestCases(database: Readable, accountId: number, filter: FacetFilter, below: number): Generator<CaseRow> {
  const facets = caseFacets(database, accountId, filter).map((facet) => facet.facet_id)
  const sql = `SELECT ${columns} FROM json_each(?) i CROSS JOIN refund_cases c ON c.case_id = i.value ${withRecords}`
  yield* readRows<CaseRow>(database, sql, newestOfFacets(database, 'refund_cases', facets, { from: 0, below }))
}

/** How many cases and how many outstanding credits each status has; what the user dismissed is not open any more. */
export function countCases(database: Readable, accountId: number, agent?: Agent): CaseCounts {
  const byStatus = Object.fromEntries(
    refundStatuses.map((status) => [status, { cases: 0, credits: 0 }]),
  ) as CaseCounts['byStatus']
  for (const { refund_status: status, cases, charged, refunded } of caseFacets(database, accountId, { agent })) {
    byStatus[status].cases += cases
    byStatus[status].credits += charged - refunded
  }
  const sum = (statuses: readonly RefundStatus[], of: 'cases' | 'credits' = 'cases') =>
    statuses.reduce((total, status) => total + byStatus[status][of], 0)
  const dismissed = dismissedCases(database, accountId, agent)
  const dismissedOf = (statuses: readonly RefundStatus[]) =>
    dismissed.filter((row) => statuses.includes(row.refund_status))
  const creditsOf = (rows: typeof dismissed) => rows.reduce((total, row) => total + row.outstanding, 0)
  return {
    open: sum(openStatuses) - dismissedOf(openStatuses).length,
    refunded: sum(refundedStatuses),
    all: sum(refundStatuses),
    attention: sum(attentionStatuses) - dismissedOf(attentionStatuses).length,
    openCredits: sum(openStatuses, 'credits') - creditsOf(dismissedOf(openStatuses)),
    attentionCredits: sum(attentionStatuses, 'credits') - creditsOf(dismissedOf(attentionStatuses)),
    byStatus,
  }
}

/** What the user dismissed, which is little. */
const dismissedCases = (database: Readable, accountId: number, agent: Agent | undefined) =>
  statement<unknown[], { refund_status: RefundStatus; outstanding: number }>(
    database,
    `SELECT g.refund_status, c.charged - c.refunded AS outstanding FROM refund_cases c
     JOIN case_facets g ON g.facet_id = c.facet_id
     WHERE c.account_id = ? AND c.dismissed_at IS NOT NULL AND (? IS NULL OR g.agent = ?)`,
  ).all(accountId, agent ?? null, agent ?? null)

/** The charges and refunds that count in a case, oldest first. */
export const transactionIdsOf = (database: Readable, caseId: number): string[] =>
  scalar<[number], string>(
    database,
    'SELECT id FROM credit_transactions WHERE case_id = ? ORDER BY occurred_at, id',
  ).all(caseId)

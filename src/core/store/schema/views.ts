/**
 * The views that the queries of the store read, with camelCase columns, and their row types (docs/decisions/0015).
 * Compare a view with a table-valued function in WHERE, not in ON: SQLite otherwise reads the whole view.
 */
import { lostStatuses } from '../../../shared/status-sets.ts'
import type { Agent } from '../../../shared/values.ts'
import type { CaseItem, JobItem, LedgerItem } from '../../../shared/views.ts'
import { dayMs, hourMs, koreanOffset, quarterHour } from '../../domain/days.ts'
import { casesPerRow, firstRowId } from '../../domain/ledger.ts'
import { unpackedAddress } from '../jobs/addresses.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'

/** SQL for the day in Korea of a case, counted from 1 January 1970: the case id holds the millisecond. */
export const koreanDayOfCase = (caseId: string): string =>
  `(${caseId} / ${firstRowId(1) * casesPerRow} + ${koreanOffset}) / ${dayMs}`

/** SQL for the day in Korea of a ledger row. */
export const koreanDayOfRow = (rowId: string): string => `(${rowId} / ${firstRowId(1)} + ${koreanOffset}) / ${dayMs}`

/** SQL for the quarter hour of a ledger row, counted from 1 January 1970. */
export const quarterHourOfRow = (rowId: string): string => `${rowId} / ${firstRowId(quarterHour)}`

/** SQL for the case id of a job. */
export const caseOfJob = (rowId: string): string => `${rowId} * ${casesPerRow}`

/** SQL that holds for the case of a job, and for the case of a charge without a job. */
export const isCaseOfJob = (caseId: string): string => `${caseId} % ${casesPerRow} = 0`
export const isCaseOfCharge = (caseId: string): string => `${caseId} % ${casesPerRow} = 1`

/** SQL that holds for a record that the service listed: other ledger rows and jobs are known from imports only. */
export const isFromService = 'listing_epoch > 0'

/** The listing epoch of a job that only an imported export knows; that of a job of a folder is 0. */
export const importedEpoch = -1

/** In milliseconds. Charges further away from their case are read one by one. */
export const apartMs = hourMs

/**
 * SQL for ledger rows that the daily totals of cases do not describe: charges far from their case, and credits that were taken
 * back again. The index `credits_apart` has the same condition, word for word.
 */
export const isApart = `case_id IS NOT NULL
  AND (kind = 'charge' AND abs(row_id * 2 - case_id) > ${firstRowId(apartMs) * casesPerRow} OR kind <> 'charge' AND amount < 0)`

/** SQL that holds for a refund status whose credits are lost. */
export const isLostStatus = `refund_status IN (${lostStatuses.map((status) => `'${status}'`).join(', ')})`

/** SQL for the reason of a case `c`: `delivered`, as of most cases, is empty in the table. */
export const reasonOfCase = `iif(c.reason = '', 'delivered', c.reason)`

/** SQL for the time since when a case `c` has its status: the end of its job `j`, as of most cases, is 0 in the table. */
const sinceOfCase = 'iif(c.since = 0, coalesce(j.finished_at, j.end_seen_at, 0), c.since)'

const chatUrl = unpackedAddress('j.chat_url', 'j.account_id', 'j.chat_id')

const jobOf = (caseId: string) => `LEFT JOIN jobs j ON ${isCaseOfJob(caseId)} AND j.row_id = ${caseId} / ${casesPerRow}`
const chargeOf = (caseId: string, charge: string) =>
  `LEFT JOIN credit_transactions ${charge} ON ${isCaseOfCharge(caseId)} AND ${charge}.row_id = ${caseId} / ${casesPerRow}`

/**
 * An account as the service described it last; `balances` and `links` are JSON, `syncPaused` is 1 while the user wants no
 * sync, and `isSample` is 1 if the sandbox described it.
 */
export interface AccountRow {
  accountId: number
  id: string
  signInMethod: string
  displayName: string
  email: string | null
  plan: string
  balance: number
  balanceAsOf: number
  balances: string
  refundGraceMs: number
  generationLimitMs: number
  links: string
  activeAt: number
  syncedAt: number | null
  evaluatedAt: number
  syncPaused: number
  isSample: number
}

/** A job with its case: everything that a list shows except the results. */
export interface JobRow extends Omit<JobItem, 'account' | 'results'> {
  rowId: number
  accountId: number
  facetId: number
  chatUrl: string | null
  startedAt: number | null
}

/**
 * A case with its job, or with its charge if it has no job. `unread` holds the names of streams with spaces between
 * them.
 */
export interface CaseRow
  extends Omit<
    CaseItem,
    | 'account'
    | 'case'
    | 'unread'
    | 'historyEndsAt'
    | 'jobsListedFrom'
    | 'creditsListedFrom'
    | 'surplus'
    | 'unreadable'
    | 'lacking'
    | 'matchedCharge'
    | 'thumbnail'
  > {
  caseId: number
  accountId: number
  facetId: number
  unread: string
  /** 1 if the case is a charge or a job that only imports know; a job of a folder is none. */
  isImported: number
  chargeId: string | null
  chatUrl: string | null
  jobStatus: string | null
  resultCount: number | null
  failureCode: string | null
  failureOrigin: string | null
  failureMessage: string | null
}

/**
 * A ledger row with its case. `agent` and `model` are the row's own, else those of the job; `caseAgent`, `jobModel`,
 * `jobId` and `chargeId` belong to the case, and `thumbnailId` names the first result of its job that has a picture.
 */
export interface LedgerRow extends Omit<LedgerItem, 'account' | 'runningBalance' | 'case' | 'thumbnail'> {
  rowId: number
  accountId: number
  facetId: number
  caseId: number | null
  caseAgent: Agent | null
  chargeId: string | null
  jobModel: string | null
  thumbnailId: string | null
}

/** The SELECT of each view by its name. */
export const views: Readonly<Record<string, string>> = {
  v_accounts: `SELECT account_id AS accountId, id, sign_in_method AS signInMethod, display_name AS displayName, email, plan,
    balance, balance_as_of AS balanceAsOf, balances, refund_grace_ms AS refundGraceMs,
    generation_limit_ms AS generationLimitMs, links, active_at AS activeAt, synced_at AS syncedAt,
    evaluated_at AS evaluatedAt, sync_paused AS syncPaused, is_sample AS isSample
  FROM accounts`,

  v_jobs: `SELECT j.row_id AS rowId, j.account_id AS accountId, c.facet_id AS facetId, j.agent, j.id AS jobId,
    nullif(j.chat_id, '') AS chatId, j.chat_title AS chatTitle, ${chatUrl} AS chatUrl, j.file_name AS fileName, j.kind,
    j.model, j.prompt, f.outcome,
    f.refund_status AS refundStatus, ${reasonOfCase} AS refundReason, c.charged, c.refunded, c.due_at AS dueAt,
    j.created_at AS createdAt, j.started_at AS startedAt, j.finished_at AS finishedAt,
    j.requested_results AS requestedResults, j.result_count AS resultCount, j.removed_at AS removedAt
  FROM jobs j
    JOIN refund_cases c ON c.case_id = ${caseOfJob('j.row_id')}
    JOIN case_facets f ON f.facet_id = c.facet_id`,

  v_cases: `SELECT c.case_id AS caseId, c.account_id AS accountId, c.facet_id AS facetId, f.agent,
    coalesce(j.id, t.job_id) AS jobId, t.id AS chargeId, coalesce(j.kind, ${textOfRow('feature', 't')}) AS kind,
    coalesce(j.model, ${textOfRow('model', 't')}) AS model, coalesce(nullif(j.prompt, ''), j.file_name, j.prompt) AS prompt, j.chat_title AS chatTitle, ${chatUrl} AS chatUrl, f.outcome,
    f.refund_status AS refundStatus, ${reasonOfCase} AS reason, c.charged, c.refunded, c.charged - c.refunded AS outstanding,
    ${sinceOfCase} AS since,
    coalesce(t.precision_ms, 1) AS precisionMs,
    c.deadline_at AS deadlineAt, c.due_at AS dueAt, c.unread, c.dismissed_at AS dismissedAt, j.status AS jobStatus,
    j.result_count AS resultCount, j.failure_code AS failureCode, j.failure_origin AS failureOrigin,
    j.failure_message AS failureMessage, coalesce(t.listing_epoch = 0, j.listing_epoch < 0) AS isImported
  FROM refund_cases c
    JOIN case_facets f ON f.facet_id = c.facet_id
    ${jobOf('c.case_id')}
    ${chargeOf('c.case_id', 't')}`,

  v_ledger: `SELECT t.row_id AS rowId, t.account_id AS accountId, t.facet_id AS facetId, t.id, t.kind, ${textOfRow('feature', 't')} AS feature,
    ${textOfRow('source', 't')} AS source, t.amount, t.balance_after AS balanceAfter, t.occurred_at AS occurredAt,
    t.precision_ms AS precisionMs, coalesce(t.agent, j.agent) AS agent,
    coalesce(${textOfRow('model', 't')}, j.model) AS model, t.memo, t.reverses,
    (SELECT o.occurred_at FROM credit_transactions o WHERE o.account_id = t.account_id AND o.id = t.reverses) AS reversesAt,
    t.expires_at AS expiresAt, t.retracted_at AS retractedAt, t.case_id AS caseId, f.refund_status AS refundStatus,
    coalesce(j.agent, k.agent) AS caseAgent, j.id AS jobId, t.job_id AS statedJobId, k.id AS chargeId, j.model AS jobModel, j.prompt,
    (SELECT r.result_id FROM results r WHERE r.job_row_id = j.row_id AND r.mime_type NOT LIKE 'audio/%'
      ORDER BY r.position LIMIT 1) AS thumbnailId
  FROM credit_transactions t
    LEFT JOIN refund_cases c ON c.case_id = t.case_id
    LEFT JOIN case_facets f ON f.facet_id = c.facet_id
    ${jobOf('t.case_id')}
    ${chargeOf('t.case_id', 'k')}`,
}

/** Reads of refund cases: the view `v_cases`, and the totals of `case_facets`. */
import { AppError } from '../../../shared/errors.ts'
import { openStatuses, refundedStatuses } from '../../../shared/status-sets.ts'
import {
  type Agent,
  attentionStatuses,
  type ProofStream,
  type RefundStatus,
  refundStatuses,
} from '../../../shared/values.ts'
import type { CaseCounts, CaseItem } from '../../../shared/views.ts'
import { lackingOf } from '../../domain/import/lacking.ts'
import {
  aboveAllIds,
  chargeCaseId,
  chargeCaseName,
  isChargeCase,
  jobCaseId,
  jobCaseName,
  parseCaseName,
  rowIdOfCase,
} from '../../domain/ledger.ts'
import { newestOfFacets, readRows } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { isFolderJob } from '../imports/folder-jobs.ts'
import { importSources } from '../imports/imports.ts'
import { resultsOf } from '../jobs/results.ts'
import { historyEndBefore, surplusOf } from '../ledger/balance-jumps.ts'
import { chargeOfJob } from '../matching/match-decisions.ts'
import { countOffered } from '../matching/match-offers.ts'
import type { CaseRow, LedgerRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { caseFacets, type FacetFilter } from './case-facets.ts'
import { creditLists } from './credit-lists.ts'
import { jobLists } from './job-lists.ts'
import { unreadableStreams } from './unreadable-records.ts'

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

/** The name of the case in which a ledger row counts; null if it counts in none. */
export function caseNameOfTransaction(database: Readable, accountId: number, id: string): string | null {
  const sql = 'SELECT case_id FROM credit_transactions WHERE account_id = ? AND id = ?'
  const caseId = scalar<[number, string], number | null>(database, sql).get(accountId, id)
  return caseId == null ? null : caseName(database, caseId)
}

/** The name of the case of a row; null if the row has no case. A row with a job has the agent of the job. */
export const caseNameOf = (row: Pick<LedgerRow, 'caseAgent' | 'jobId' | 'chargeId'>): string | null => {
  if (row.chargeId !== null) return chargeCaseName(row.chargeId)
  return row.caseAgent && row.jobId ? jobCaseName(row.caseAgent, row.jobId) : null
}

/** A case as every list shows it. */
export function toCaseItem(database: Readable, row: CaseRow, account: string | null = null): CaseItem {
  const { caseId, accountId, jobId, resultCount } = row
  return {
    ...toBareCase(row),
    account,
    ...doubtOf(database, row),
    matchedCharge: jobId !== null && isFolderJob(jobId) ? chargeOfJob(database, accountId, jobId) : null,
    thumbnail: resultCount ? (resultsOf(database, rowIdOfCase(caseId), 1)[0] ?? null) : null,
  }
}

/** A case without the fields that cost a query per case. */
export function toBareCase(row: CaseRow): Omit<CaseItem, 'account' | keyof Doubt | 'matchedCharge' | 'thumbnail'> {
  const { caseId, accountId, facetId, chargeId, chatUrl, jobStatus, resultCount, ...rest } = row
  const { failureCode, failureOrigin, failureMessage, unread, isImported, ...item } = rest
  return {
    ...item,
    case: caseNameOf({ ...row, caseAgent: row.agent }) ?? '',
    unread: streamsOf(unread),
  }
}

type Doubt = Pick<
  CaseItem,
  'historyEndsAt' | 'jobsListedFrom' | 'creditsListedFrom' | 'surplus' | 'unreadable' | 'lacking'
>

/** The fields that explain why a case has no proof: the balance, an unreadable record, a short list, or an imported table. */
function doubtOf(database: Readable, row: CaseRow): Doubt {
  const { accountId, caseId, refundStatus, reason, deadlineAt, outstanding, isImported } = row
  if (refundStatus !== 'cannot_tell')
    return {
      historyEndsAt: null,
      jobsListedFrom: null,
      creditsListedFrom: null,
      surplus: 0,
      unreadable: [],
      lacking: [],
    }
  const unread = streamsOf(row.unread)
  const surplus = surplusOf(database, accountId, caseId)
  const lists = jobLists(database, accountId).shortFor(caseId, deadlineAt ?? row.since)
  const credits = creditLists(database, accountId)
  const isOver = reason === 'over_refunded'
  return {
    historyEndsAt:
      unread.includes('credits') && deadlineAt !== null ? historyEndBefore(database, accountId, deadlineAt) : null,
    jobsListedFrom: lists.streams.some((stream) => unread.includes(stream)) ? lists.from : null,
    creditsListedFrom: unread.includes('credits')
      ? isOver
        ? credits.chargesFrom(caseId)
        : credits.refundsFrom(caseId)
      : null,
    surplus: !isOver && surplus >= outstanding ? surplus : 0,
    unreadable: unreadableStreams(database, accountId, caseId).filter((stream) => unread.includes(stream)),
    lacking: isImported === 1 ? lackingOf(unread, !isChargeCase(caseId), importSources(database, accountId)) : [],
  }
}

const streamsOf = (unread: string): ProofStream[] => (unread === '' ? [] : (unread.split(' ') as ProofStream[]))

/** The id of a case by its name; null if no record has that name. */
export function caseIdOf(database: Readable, accountId: number, name: string): number | null {
  const parsed = parseCaseName(name)
  if (!parsed) return null
  if ('job' in parsed) {
    const sql = 'SELECT row_id FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @jobId'
    const rowId = scalar<[object], number>(database, sql).get({ accountId, ...parsed.job })
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
      : statement<[number], CaseRow>(database, 'SELECT * FROM v_cases WHERE caseId = ?').get(caseId)
  if (!row) throw new AppError('not_found', { id: name })
  return row
}

/** The last case of a page; the next page begins after it. `rank` is that of its status. */
export interface CasePosition {
  rank: number
  caseId: number
}

/** The rank of a status in lists: statuses that ask for attention come first. */
export const rankOf = (status: RefundStatus): number => refundStatuses.indexOf(status)

/**
 * Cases that are not dismissed, in the order of their statuses, and newest first within a status.
 */
export function listCases(
  database: Readable,
  accounts: readonly number[],
  statuses: readonly RefundStatus[],
  agent: Agent | undefined,
  after: CasePosition | null,
  limit: number,
): CaseRow[] {
  const rows: CaseRow[] = []
  for (const status of statuses.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const rank = rankOf(status)
    if (rows.length >= limit) break
    if (after && rank < after.rank) continue
    const below = after && rank === after.rank ? after.caseId : aboveAllIds
    for (const row of newestCases(database, accounts, { agent, refundStatuses: [status] }, below)) {
      if (row.dismissedAt === null) rows.push(row)
      if (rows.length === limit) break
    }
  }
  return rows
}

/** Cases newest first, of any status. */
export function listCasesByTime(
  database: Readable,
  accounts: readonly number[],
  statuses: readonly RefundStatus[],
  agent: Agent | undefined,
  before: number,
  limit: number,
): CaseRow[] {
  const rows: CaseRow[] = []
  for (const row of newestCases(database, accounts, { agent, refundStatuses: statuses }, before)) {
    if (rows.push(row) === limit) break
  }
  return rows
}

function* newestCases(
  database: Readable,
  accounts: readonly number[],
  filter: FacetFilter,
  below: number,
): Generator<CaseRow> {
  const facets = caseFacets(database, accounts, filter).map((facet) => facet.facetId)
  const sql = 'SELECT v.* FROM json_each(?) i CROSS JOIN v_cases v WHERE v.caseId = i.value'
  yield* readRows<CaseRow>(database, sql, newestOfFacets(database, 'refund_cases', facets, { from: 0, below }))
}

/** The cases and outstanding credits of each status. A dismissed case is no longer open. */
export function countCases(database: Readable, accounts: readonly number[], agent?: Agent): CaseCounts {
  const byStatus = Object.fromEntries(
    refundStatuses.map((status) => [status, { cases: 0, credits: 0 }]),
  ) as CaseCounts['byStatus']
  for (const { refundStatus: status, cases, charged, refunded } of caseFacets(database, accounts, { agent })) {
    byStatus[status].cases += cases
    byStatus[status].credits += charged - refunded
  }
  const sum = (statuses: readonly RefundStatus[], of: 'cases' | 'credits' = 'cases') =>
    statuses.reduce((total, status) => total + byStatus[status][of], 0)
  const dismissed = dismissedCases(database, accounts, agent)
  const dismissedOf = (statuses: readonly RefundStatus[]) =>
    dismissed.filter((row) => statuses.includes(row.refundStatus))
  const creditsOf = (rows: typeof dismissed) => rows.reduce((total, row) => total + row.outstanding, 0)
  return {
    open: sum(openStatuses) - dismissedOf(openStatuses).length,
    refunded: sum(refundedStatuses),
    all: sum(refundStatuses),
    matches: countOffered(database, accounts, agent),
    attention: sum(attentionStatuses) - dismissedOf(attentionStatuses).length,
    openCredits: sum(openStatuses, 'credits') - creditsOf(dismissedOf(openStatuses)),
    attentionCredits: sum(attentionStatuses, 'credits') - creditsOf(dismissedOf(attentionStatuses)),
    byStatus,
  }
}

/** The cases that the user dismissed, which are few. */
const dismissedCases = (database: Readable, accounts: readonly number[], agent: Agent | undefined) =>
  statement<[object], Pick<CaseRow, 'refundStatus' | 'outstanding'>>(
    database,
    `SELECT refundStatus, outstanding FROM v_cases
     WHERE accountId IN (SELECT value FROM json_each(@accounts)) AND dismissedAt IS NOT NULL
       AND (@agent IS NULL OR agent = @agent)`,
  ).all({ accounts: JSON.stringify(accounts), agent: agent ?? null })

/** The charges and refunds that count in a case, oldest first. */
export const transactionIdsOf = (database: Readable, caseId: number): string[] =>
  scalar<[number], string>(
    database,
    'SELECT id FROM credit_transactions WHERE case_id = ? ORDER BY occurred_at, id',
  ).all(caseId)

import { AppError } from '../../shared/errors.ts'
import { openStatuses, refundedStatuses } from '../../shared/refund-answers.ts'
import { type CaseTab, type RefundStatus, refundStatuses } from '../../shared/values.ts'
import type { CaseDetail } from '../../shared/views.ts'
import { evidenceOf } from '../domain/evidence.ts'
import { isAllowedUrl } from '../domain/links.ts'
import { decideRefundStatus } from '../domain/refund-status.ts'
import { type AccountRow, activeAccount } from '../store/accounts.ts'
import {
  type CasePosition,
  type CaseRow,
  countCases,
  findCase,
  listCases,
  listCasesByTime,
  rankOf,
  toCaseItem,
} from '../store/case-queries.ts'
import { caseContext, caseFacts } from '../store/cases.ts'
import { ledgerOfCase } from '../store/ledger-queries.ts'
import { readMarks } from '../store/marks.ts'
import { listSupportCases } from '../store/support.ts'
import { type Handler, type ReadContext, readKey, requireAccount } from './context.ts'

export const refundsList: Handler<'refunds.list'> = ({ database }, { agent, tab, statuses, before, limit }) => {
  const account = activeAccount(database)
  if (!account) return { items: [], next: null }
  const tabStatuses = { open: openStatuses, refunded: refundedStatuses, all: refundStatuses }[tab]
  const wanted = tabStatuses.filter((status) => !statuses?.length || statuses.includes(status))
  const rows =
    tab === 'open'
      ? listCases(database, account.account_id, wanted, agent, readPosition(before), limit + 1)
      : listCasesByTime(database, account.account_id, wanted, agent, readKey(before), limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? writePosition(tab, last) : null
  return { items: page.map((row) => toCaseItem(database, row)), next }
}

const writePosition = (tab: CaseTab, row: CaseRow): string =>
  tab === 'open' ? `${rankOf(row.refund_status)}:${row.case_id}` : String(row.case_id)

function readPosition(key: string | undefined): CasePosition | null {
  if (key === undefined) return null
  const match = /^(\d{1,2}):(\d{1,16})$/.exec(key)
  if (!match) throw new AppError('invalid_input', { field: 'before' })
  return { rank: Number(match[1]), caseId: Number(match[2]) }
}

export const refundsCounts: Handler<'refunds.counts'> = ({ database }, { agent }) => {
  const account = activeAccount(database)
  if (account) return countCases(database, account.account_id, agent)
  const byStatus = Object.fromEntries(refundStatuses.map((status) => [status, { cases: 0, credits: 0 }]))
  return {
    open: 0,
    refunded: 0,
    all: 0,
    attention: 0,
    openCredits: 0,
    attentionCredits: 0,
    byStatus: byStatus as Record<RefundStatus, { cases: number; credits: number }>,
  }
}

export const refundsGet: Handler<'refunds.get'> = (context, { case: name }) => {
  const account = requireAccount(context)
  return caseDetail(context, account, findCase(context.database, account.account_id, name))
}

/** A case with its records and the proof behind its status. */
export function caseDetail(context: ReadContext, account: AccountRow, row: CaseRow): CaseDetail {
  const { database, clock } = context
  const transactions = ledgerOfCase(database, account, row.case_id)
  const facts = caseFacts(database, row.case_id)
  if (!facts) throw new AppError('not_found', { id: row.case_id })
  const { policy, readUntil, now } = caseContext(database, account.account_id, clock.now())
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  const item = toCaseItem(database, row)
  const said = row.failure_code ?? (row.outcome === 'unknown' ? row.job_status : null)
  return {
    ...item,
    transactions,
    evidence: evidenceOf(facts, verdict, readUntil, transactions, said),
    failure:
      row.failure_code === null
        ? null
        : { code: row.failure_code, origin: row.failure_origin ?? '', message: row.failure_message },
    marks: readMarks(database, account.account_id, item.case),
    support: listSupportCases(database, account.account_id).filter((entry) => entry.cases.includes(item.case)),
    chatUrl: row.chat_url !== null && isAllowedUrl(row.chat_url) ? row.chat_url : null,
  }
}

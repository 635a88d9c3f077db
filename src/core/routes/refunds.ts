import { AppError } from '../../shared/errors.ts'
import { openStatuses, refundedStatuses } from '../../shared/status-sets.ts'
import { type CaseTab, refundStatuses } from '../../shared/values.ts'
import type { CaseDetail } from '../../shared/views.ts'
import { evidenceOf } from '../domain/evidence.ts'
import { isAllowedUrl } from '../domain/links.ts'
import {
  type CasePosition,
  countCases,
  findCase,
  listCases,
  listCasesByTime,
  rankOf,
  toCaseItem,
} from '../store/cases/case-queries.ts'
import { caseContext, caseFacts } from '../store/cases/cases.ts'
import { readMarks } from '../store/cases/marks.ts'
import { possibleLinks } from '../store/cases/possible-link-queries.ts'
import { listSupportCases } from '../store/cases/support.ts'
import { ledgerOfCase } from '../store/ledger/ledger-queries.ts'
import { matchProofs } from '../store/matching/match-decisions.ts'
import { listOffered } from '../store/matching/match-offers.ts'
import type { AccountRow, CaseRow } from '../store/schema/views.ts'
import { type Handler, type ReadContext, readKey, requireAccount } from './context.ts'

export const refundsList: Handler<'refunds.list'> = ({ database, scope }, { agent, tab, statuses, before, limit }) => {
  const { ids, nameOf } = scope()
  const tabStatuses = { open: openStatuses, matches: refundStatuses, refunded: refundedStatuses, all: refundStatuses }[
    tab
  ]
  const wanted = tabStatuses.filter((status) => !statuses?.length || statuses.includes(status))
  const rows =
    tab === 'open'
      ? listCases(database, ids, wanted, agent, readPosition(before), limit + 1)
      : tab === 'matches'
        ? listOffered(database, ids, agent, readKey(before), limit + 1)
        : listCasesByTime(database, ids, wanted, agent, readKey(before), limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? writePosition(tab, last) : null
  return { items: page.map((row) => toCaseItem(database, row, nameOf(row.accountId))), next }
}

const writePosition = (tab: CaseTab, row: CaseRow): string =>
  tab === 'open' ? `${rankOf(row.refundStatus)}:${row.caseId}` : String(row.caseId)

function readPosition(key: string | undefined): CasePosition | null {
  if (key === undefined) return null
  const match = /^(\d{1,2}):(\d{1,16})$/.exec(key)
  if (!match) throw new AppError('invalid_input', { field: 'before' })
  return { rank: Number(match[1]), caseId: Number(match[2]) }
}

export const refundsCounts: Handler<'refunds.counts'> = ({ database, scope }, { agent }) =>
  countCases(database, scope().ids, agent)

export const refundsGet: Handler<'refunds.get'> = (context, { account: accountName, case: name }) => {
  const account = requireAccount(context, accountName)
  return caseDetail(context, account, findCase(context.database, account.accountId, name), accountName)
}

/**
 * A case with its records and the evidence of its stored verdict, since a verdict decided now could differ from the lists.
 * `accountName` is given in a view of all accounts.
 */
export function caseDetail(context: ReadContext, account: AccountRow, row: CaseRow, accountName?: string): CaseDetail {
  const { database, clock } = context
  const ofAccount = <Item>(items: readonly Item[]) => items.map((item) => ({ ...item, account: accountName ?? null }))
  const transactions = ofAccount(ledgerOfCase(database, account, row.caseId))
  const cases = caseContext(database, account.accountId, clock.now())
  const records = caseFacts(database, cases, row.caseId)
  if (!records) throw new AppError('not_found', { id: row.caseId })
  const facts = { ...records, charged: row.charged, refunded: row.refunded }
  const item = toCaseItem(database, row, accountName)
  const verdict = { ...item, status: item.refundStatus }
  const { refunds, cases: rivals, together, jobs } = possibleLinks(database, account, row)
  const possible = {
    refunds: ofAccount(refunds),
    cases: ofAccount(rivals),
    together: ofAccount(together),
    jobs: ofAccount(jobs),
  }
  const matches = row.chargeId === null ? [] : matchProofs(database, account.accountId, row.chargeId)
  const statusCode = row.failureCode ?? (row.outcome === 'unknown' ? row.jobStatus : null)
  return {
    ...item,
    transactions,
    possible,
    evidence: evidenceOf(facts, verdict, cases.readAt, transactions, possible, statusCode, matches),
    failure:
      row.failureCode === null
        ? null
        : { code: row.failureCode, origin: row.failureOrigin ?? '', message: row.failureMessage },
    marks: readMarks(database, account.accountId, item.case),
    support: listSupportCases(database, account.accountId).filter((entry) => entry.cases.includes(item.case)),
    chatUrl: row.chatUrl !== null && isAllowedUrl(row.chatUrl) ? row.chatUrl : null,
  }
}

/** Checks `refund_cases` and the links from the ledger to them: the rules decide both again. */
import type { Agent } from '../../../shared/values.ts'
import { isChargeCase, rowIdOfCase } from '../../domain/ledger.ts'
import { isUnnamedRefund } from '../../domain/linking.ts'
import { caseIdOf, caseName } from '../cases/case-queries.ts'
import { type CaseRecords, recordsOfCases } from '../cases/case-records.ts'
import { caseContext, caseFacts, caseValues, decideCase, doubtsOf, openAmountsOf } from '../cases/cases.ts'
import { type LinkRow, linkColumns } from '../cases/link-rows.ts'
import { caseOfRow, linkLookups } from '../cases/linking.ts'
import { expectedUnnamedLinks } from '../cases/possible-links.ts'
import type { Readable } from '../handles.ts'
import { reachOf, storedReach } from '../ledger/balance-jumps.ts'
import { type CaseRow, caseOfJob, reasonOfCase } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { type Check, startCheck } from './check.ts'

/** Rows or cases that are read at once, in table order: in the order of an index, each page would be read many times. */
const readAtOnce = 1_000

/** Every row counts in exactly the case that the linking rules give it, or in none. */
export function checkLinks(database: Readable, accountId: number, now: number): Check {
  const found = startCheck('links')
  const lookups = linkLookups(database, accountId, [])
  const rowsAfter = statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE row_id > @after AND +account_id = @accountId
     ORDER BY row_id LIMIT ${readAtOnce}`,
  )
  const jobsOf = statement<[object], { rowId: number; agent: Agent; id: string }>(
    database,
    `SELECT row_id AS rowId, agent, j.id FROM json_each(@rowIds) i CROSS JOIN jobs j ON j.row_id = i.value
     WHERE account_id = @accountId`,
  )
  // Refunds without ids are linked once the credits were read to their end.
  const isRead = caseContext(database, accountId, now).readAt.credits !== null
  const unnamed = isRead
    ? expectedUnnamedLinks(database, accountId, (caseIds) => openAmountsOf(database, accountId, caseIds))
    : null
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = rowsAfter.all({ accountId, after })
    // Most rows are in the case of the job that they name, and jobs are read faster by row id than by id.
    const rowIds = rows.flatMap(({ caseId }) => (caseId === null || isChargeCase(caseId) ? [] : [rowIdOfCase(caseId)]))
    const near = jobsOf.all({ accountId, rowIds: JSON.stringify(rowIds) })
    const jobs = new Map(near.map(({ rowId, agent, id }) => [`${agent} ${id}`, rowId]))
    const jobRowId = (agent: Agent, id: string) => jobs.get(`${agent} ${id}`) ?? lookups.jobRowId(agent, id)
    for (const row of rows) {
      if (!isUnnamedRefund(row)) found.see(row.caseId !== caseOfRow(row, { ...lookups, jobRowId }), () => row.id)
      else if (unnamed) found.see(row.caseId !== (unnamed.get(row.rowId) ?? null), () => row.id)
    }
    if (rows.length < readAtOnce) return found
    after = (rows.at(-1) as LinkRow).rowId
  }
}

type StoredVerdict = Pick<
  CaseRow,
  | 'caseId'
  | 'agent'
  | 'kind'
  | 'model'
  | 'refundStatus'
  | 'reason'
  | 'outcome'
  | 'charged'
  | 'refunded'
  | 'since'
  | 'deadlineAt'
  | 'dueAt'
  | 'unread'
>

/**
 * Every job and every charge without a job has the case that the rules decide, and there are no other cases. A verdict that is
 * due and not yet decided again is no break.
 */
export function checkCases(database: Readable, accountId: number, now: number): Check {
  const found = startCheck('cases')
  const [stored, computed] = [storedReach, reachOf].map((reach) => JSON.stringify(reach(database, accountId)))
  if (stored !== computed) found.see(true, () => `history ${stored} ≠ ${computed}`)
  const context = caseContext(database, accountId, now)
  const doubts = doubtsOf(database, accountId)
  const isAsDecided = (row: StoredVerdict, records: CaseRecords): boolean => {
    const facts = caseFacts(database, context, row.caseId, doubts.unnamed, records)
    if (!facts) return false
    const verdict = decideCase(database, context, row.caseId, facts, doubts)
    const isOverdue = row.dueAt !== null && row.dueAt < now
    const sameCredits = row.charged === facts.charged && row.refunded === facts.refunded + facts.presumed
    const sameRecord =
      row.outcome === facts.outcome && row.agent === facts.agent && row.kind === facts.kind && row.model === facts.model
    const sameVerdict =
      row.refundStatus === verdict.status &&
      row.reason === verdict.reason &&
      (row.since || facts.finishedAt || 0) === verdict.since &&
      row.deadlineAt === verdict.deadlineAt &&
      row.dueAt === verdict.dueAt &&
      row.unread === verdict.unread.join(' ')
    return sameCredits && sameRecord && (sameVerdict || isOverdue)
  }
  // Not from v_cases: its kind and model come from the records, and the facet is checked against the records here.
  const casesAfter = statement<[object], StoredVerdict>(
    database,
    `SELECT c.case_id AS caseId, f.agent, f.kind, f.model, f.refund_status AS refundStatus, ${reasonOfCase} AS reason, f.outcome, c.charged,
       c.refunded, c.since, c.deadline_at AS deadlineAt, c.due_at AS dueAt, c.unread
     FROM refund_cases c CROSS JOIN case_facets f ON f.facet_id = c.facet_id AND f.account_id = c.account_id
     WHERE c.case_id > @after AND +c.account_id = @accountId ORDER BY c.case_id LIMIT ${readAtOnce}`,
  )
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = casesAfter.all({ accountId, after })
    const records = recordsOfCases(
      database,
      rows.map(({ caseId }) => caseId),
    )
    for (const row of rows) found.see(!isAsDecided(row, records), () => describeCase(database, row.caseId))
    if (rows.length < readAtOnce) break
    after = (rows.at(-1) as StoredVerdict).caseId
  }
  const jobCase = caseOfJob('row_id')
  const missing = scalar<[{ accountId: number }], number>(
    database,
    `SELECT ${jobCase} FROM jobs
     WHERE +account_id = @accountId AND ${jobCase} NOT IN (SELECT case_id FROM refund_cases)
     UNION
     SELECT case_id FROM credit_transactions
     WHERE +account_id = @accountId AND +case_id IS NOT NULL AND case_id NOT IN (SELECT case_id FROM refund_cases)`,
  ).all({ accountId })
  for (const caseId of missing) found.see(true, () => describeCase(database, caseId))
  return found
}

/** The name of a case, or its id if its record is missing. */
function describeCase(database: Readable, caseId: number): string {
  const name = caseName(database, caseId)
  return /:./.test(name) ? name : `case ${caseId}`
}

/** The outstanding credits of all cases are the charges minus the refunds of the ledger that count in a case. */
export function checkConservation(database: Readable, accountId: number): Check {
  const found = startCheck('conservation')
  const outstanding = scalar<[number], number>(
    database,
    'SELECT coalesce(sum(charged - refunded), 0) FROM refund_cases WHERE +account_id = ?',
  ).get(accountId)
  const inLedger = scalar<[number], number>(
    database,
    `SELECT coalesce(sum(-amount), 0) FROM credit_transactions
     WHERE +account_id = ? AND +case_id IS NOT NULL AND retracted_at IS NULL`,
  ).get(accountId)
  found.see(outstanding !== inLedger, () => `${outstanding} ≠ ${inLedger}`)
  return found
}

/** A case is dismissed if and only if its mark says so. Marks of cases that are not stored are kept for them. */
export function checkMarks(database: Readable, accountId: number): Check {
  const found = startCheck('marks')
  const dismissed = statement<[number], { caseId: number; dismissedAt: number }>(
    database,
    `SELECT case_id AS caseId, dismissed_at AS dismissedAt FROM refund_cases
     WHERE account_id = ? AND dismissed_at IS NOT NULL`,
  ).all(accountId)
  const dismissals = new Map(dismissed.map(({ caseId, dismissedAt }) => [caseId, dismissedAt]))
  const marks = statement<[number], { name: string; dismissedAt: number | null }>(
    database,
    'SELECT case_name AS name, dismissed_at AS dismissedAt FROM marks WHERE account_id = ?',
  ).all(accountId)
  for (const { name, dismissedAt } of marks) {
    const caseId = caseIdOf(database, accountId, name)
    const isStored = caseId !== null && caseValues(database, accountId, caseId) !== null
    found.see(isStored && (dismissals.get(caseId) ?? null) !== dismissedAt, () => name)
    if (caseId !== null) dismissals.delete(caseId)
  }
  for (const caseId of dismissals.keys()) found.see(true, () => describeCase(database, caseId))
  return found
}

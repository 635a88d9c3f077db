/** Finds the cases whose verdicts depend on more than their own records: on unlinked refunds (L14) and on where the lists begin (R16). */
import { lostStatuses, unprovenStatuses } from '../../../shared/status-sets.ts'
import { agents, type RefundReason, type RefundStatus } from '../../../shared/values.ts'
import { beginningOf, dayMs } from '../../domain/days.ts'
import { firstRowId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import { refundWindow } from '../../domain/possible-links.ts'
import type { Changes } from '../changes.ts'
import type { Readable } from '../handles.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { caseFacets } from './case-facets.ts'
import { oldestCredit } from './credit-lists.ts'
import { jobLists } from './job-lists.ts'
import { isUnlinked, rowsNamingJobs } from './link-rows.ts'
import { firstCaseId } from './near-jobs.ts'
import { longestJob } from './possible-links.ts'
import { namedByUnreadable } from './unreadable-records.ts'

/** Times from `from` to `to`, both included (epoch ms). */
interface Span {
  from: number
  to: number
}

/** Verdicts of some statuses and, if given, reasons. */
interface Verdicts {
  statuses: readonly RefundStatus[]
  reasons: readonly RefundReason[] | null
}

/** The verdicts that an unlinked refund gives, and those that it may disprove. */
const ofRefunds: readonly Verdicts[] = [
  { statuses: ['needs_review'], reasons: ['possible_refund', 'possible_deletion', 'partly_delivered'] },
  { statuses: [...lostStatuses, ...unprovenStatuses], reasons: null },
]

/** The verdicts that depend on where the lists begin. */
const ofLists: readonly Verdicts[] = [
  { statuses: [...lostStatuses, ...unprovenStatuses], reasons: ['no_job'] },
  { statuses: ['needs_review', ...unprovenStatuses], reasons: ['over_refunded'] },
]

const always: Span = { from: 0, to: Date.UTC(2100, 0, 1) }

/** All cases whose verdicts may depend on other records. */
export const doubtfulCases = (database: Readable, accountId: number): Set<number> =>
  new Set([
    ...casesNear(database, accountId, ofRefunds, [always]),
    ...casesNear(database, accountId, ofLists, [always]),
  ])

/**
 * The cases whose verdicts may depend on changed rows, or on the cases in `changed`: those in the weeks around them, so a sync does
 * not decide a history of years again. All of them if rows were withdrawn, or if a record that could not be read is about a new one.
 */
export function doubtfulAfter(
  database: Readable,
  accountId: number,
  changes: Changes,
  changed: ReadonlySet<number>,
): Set<number> {
  if (changes.unnamedRefunds.size > 0 || isNowNamed(database, accountId, changes)) {
    return doubtfulCases(database, accountId)
  }
  const times = [...changed].map((caseId) => timeOfRowId(rowIdOfCase(caseId)))
  for (const { from } of changes.movedJobs) times.push(timeOfRowId(from))
  const found = new Set(casesOfSameJobs(database, accountId, changes))
  const spans = [...refundSpans(database, accountId, changes), ...spansAfter(database, accountId, times)]
  for (const caseId of casesNear(database, accountId, ofRefunds, merged(spans))) found.add(caseId)
  for (const day of changes.ledgerDays) times.push(beginningOf(day))
  const earliest = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  if (earliest <= listsBegin(database, accountId)) {
    for (const caseId of casesNear(database, accountId, ofLists, [always])) found.add(caseId)
  }
  return found
}

/** Whether a record that could not be read names a new record: then it is about that one, and no other case. */
function isNowNamed(database: Readable, accountId: number, changes: Changes): boolean {
  const names = namedByUnreadable(database, accountId)
  if (names.size === 0) return false
  const jobs = [...changes.insertedJobs.values()].map(({ job }) => job.id)
  const rows = [...changes.insertedCredits, ...changes.linkedCharges].flatMap(({ id, jobId }) => [id, jobId ?? id])
  return [...jobs, ...rows].some((name) => names.has(name))
}

/** The cases of charges that name the job of a changed charge: their job is as old as the first of them (R16). */
function casesOfSameJobs(database: Readable, accountId: number, changes: Changes): number[] {
  const rows = [...changes.insertedCredits, ...changes.linkedCharges, ...changes.relinkedCredits]
  const jobIds = new Set(rows.flatMap(({ kind, jobId }) => (kind === 'charge' && jobId !== null ? [jobId] : [])))
  return scalar<[object], number>(
    database,
    `SELECT t.case_id FROM json_each(@jobIds) i CROSS JOIN credit_transactions t
       ON t.account_id = @accountId AND t.job_id = i.value AND t.kind = 'charge' AND ${isCaseOfCharge('t.case_id')}`,
  ).all({ accountId, jobIds: JSON.stringify([...jobIds]) })
}

/** The times of changed rows that are or were unlinked refunds, and of unlinked refunds that name changed records. */
function refundSpans(database: Readable, accountId: number, changes: Changes): Span[] {
  const rows = [...changes.insertedCredits, ...changes.relinkedCredits, ...changes.linkedCharges]
  const charges = rows.filter(({ kind }) => kind === 'charge')
  const named = scalar<[object], number>(
    database,
    `SELECT occurred_at FROM credit_transactions t WHERE ${isUnlinked} AND row_id IN (
       SELECT n.row_id FROM json_each(@reversed) i CROSS JOIN credit_transactions n
         ON n.account_id = @accountId AND n.reverses = i.value
       UNION ALL SELECT n.row_id FROM json_each(@taken) i CROSS JOIN credit_transactions n
         ON n.account_id = @accountId AND n.id = i.value
       UNION ALL ${rowsNamingJobs()})`,
  ).all({
    accountId,
    reversed: JSON.stringify(rows.map(({ id }) => id)),
    taken: JSON.stringify(rows.flatMap(({ reverses }) => reverses ?? [])),
    jobIds: JSON.stringify([
      ...[...changes.insertedJobs.values()].map(({ job }) => job.id),
      ...charges.flatMap(({ jobId }) => jobId ?? []),
    ]),
    agents: '[]',
  })
  const times = [
    ...rows.filter(({ amount, kind }) => amount > 0 && kind !== 'charge').map(({ occurredAt }) => occurredAt),
    ...changes.removedRefunds.map(({ at }) => at),
    ...named,
  ]
  return times.map((at) => ({ from: at, to: at }))
}

/** The spans of the unlinked refunds that may have been for one of some cases, together with others. */
function spansAfter(database: Readable, accountId: number, times: readonly number[]): Span[] {
  const refunds = statement<[object], { first: number | null; last: number | null }>(
    database,
    `SELECT min(row_id) AS first, max(row_id) AS last FROM credit_transactions
     WHERE account_id = @accountId AND ${isUnlinked} AND row_id >= @from AND row_id < @below`,
  )
  return merged(times.map((at) => ({ from: at, to: at + refundWindow + longestJob }))).flatMap(({ from, to }) => {
    const { first, last } = refunds.get({ accountId, from: firstRowId(from), below: firstRowId(to + 1) }) ?? {}
    return first == null || last == null ? [] : [{ from: timeOfRowId(first), to: timeOfRowId(last) }]
  })
}

/** The spans with those that are less than a week apart as one. */
function merged(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && span.from <= last.to + 7 * dayMs) last.to = Math.max(last.to, span.to)
    else found.push({ ...span })
  }
  return found
}

/**
 * The cases with some verdicts whose charges are within the reach of refunds of one of the spans. If a table states only the day, it
 * may be the day before.
 */
function casesNear(
  database: Readable,
  accountId: number,
  verdicts: readonly Verdicts[],
  spans: readonly Span[],
): number[] {
  const last = spans.at(-1)
  if (!last) return []
  const cases = scalar<[object], number>(
    database,
    `SELECT case_id FROM refund_cases WHERE facet_id IN (SELECT value FROM json_each(@facets)) AND case_id < @below
       AND (@reasons IS NULL OR reason IN (SELECT value FROM json_each(@reasons)))`,
  )
  const chargedUntil = scalar<[number], number | null>(
    database,
    'SELECT max(occurred_at) FROM credit_transactions WHERE case_id = ? AND amount < 0',
  )
  const ranges = spans.map(({ from, to }) => ({ since: from - refundWindow - dayMs, below: to + dayMs }))
  const isNear = (from: number, until: number) => ranges.some(({ since, below }) => from < below && until >= since)
  return verdicts.flatMap(({ statuses, reasons }) => {
    const facets = caseFacets(database, [accountId], { refundStatuses: statuses }).map(({ facetId }) => facetId)
    const values = { facets: JSON.stringify(facets), reasons: reasons && JSON.stringify(reasons) }
    return cases.all({ ...values, below: firstCaseId(last.to + dayMs) }).filter((caseId) => {
      const from = timeOfRowId(rowIdOfCase(caseId))
      return isNear(from, from) || isNear(from, chargedUntil.get(caseId) ?? 0)
    })
  })
}

/** The latest time at which one of the lists begins: only changes before it move a beginning, or what is older than it. */
function listsBegin(database: Readable, accountId: number): number {
  const { oldestJob } = jobLists(database, accountId)
  return Math.max(...agents.map((agent) => oldestJob(agent) ?? 0), oldestCredit(database, accountId) ?? 0)
}

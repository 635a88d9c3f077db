/** The projection of cases: the link of each charge and refund to its case, and the verdict of each case. */
import { chargeCaseId, isChargeCase, jobCaseId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import type { Verdict } from '../../domain/refund-status.ts'
import { caseFacetIds } from '../cases/case-facets.ts'
import { type CaseRecords, readAtOnce, recordsOfCases } from '../cases/case-records.ts'
import { type CaseContext, caseContext, caseFacts, decideCase, doubtsOf, openAmountsOf } from '../cases/cases.ts'
import { doubtfulAfter, doubtfulCases } from '../cases/doubtful-cases.ts'
import { type LinkRow, linkColumns } from '../cases/link-rows.ts'
import { linkJobs, linkTransactions } from '../cases/linking.ts'
import { dismissMarkedCases, moveMarks } from '../cases/marks.ts'
import { chargedAgain, chargesNear, unchargedJobs } from '../cases/near-jobs.ts'
import { linkMemberRefunds, linkUnnamedRefunds } from '../cases/possible-links.ts'
import { unnamedRefundAmounts } from '../cases/unnamed-refunds.ts'
import { type Changes, noChanges } from '../changes.ts'
import { inBatches } from '../facets.ts'
import type { Readable, Writable } from '../handles.ts'
import { jobOfName } from '../imports/imported-jobs.ts'
import { saveReach } from '../ledger/balance-jumps.ts'
import { casesMatchedWith, moveDecisions } from '../matching/match-decisions.ts'
import { assignments, parametersOf, rowInserter, scalar, statement } from '../statement.ts'
import { caseCounter } from './case-totals.ts'
import type { Projection } from './definition.ts'
import { relinkedFacets } from './facets.ts'
import { entryOf } from './periods.ts'
import { caseIdBelow, newest, recordCount, recordSliceStart } from './slices.ts'

/** Jobs, ledger rows and cases of one slice: about 3 ms. */
const sliceRows = 250

export const cases: Projection = {
  name: 'cases',
  version: 17,
  apply(database, context, changes) {
    moveCases(database, changes)
    const { insertedJobs, updatedJobs, insertedCredits, linkedCharges, renamedCredits, derivedJobs } = changes
    linkTransactions(database, context.accountId, insertedCredits, changes, linkedCharges)
    const newJobs = [...insertedJobs.values()].map(({ job }) => job)
    const importedIds = [...changes.importedJobs].flatMap((name) => jobOfName(name)?.jobId ?? [])
    const idsOf = (jobs: typeof newJobs) => [...jobs.map(({ id }) => id), ...importedIds]
    const agent1Ids = idsOf(newJobs.filter(({ agent }) => agent === 'agent-1'))
    linkJobs(database, context.accountId, idsOf(newJobs), agent1Ids, changes)
    for (const rowId of [...insertedJobs.keys(), ...derivedJobs]) changes.cases.add(jobCaseId(rowId))
    for (const [rowId, { factsChanged }] of updatedJobs) if (factsChanged) changes.cases.add(jobCaseId(rowId))
    moveDecisions(database, context.accountId, renamedCredits, changes.cases)
    for (const caseId of casesMatchedWith(database, context.accountId, changes.contents)) changes.cases.add(caseId)
    const changed = decideAll(database, context, changes)
    moveMarks(database, context.accountId, renamedCredits)
    const added = insertedCredits.length + linkedCharges.length
    if (insertedJobs.size + added + renamedCredits.size + derivedJobs.size > 0) {
      dismissMarkedCases(database, context.accountId)
    }
    return changed
  },
  rebuild(database, before, now) {
    if (before === newest) for (const accountId of accountIds(database)) saveReach(database, accountId)
    // If the clock is set back later, these verdicts must count as decided now.
    statement<[object]>(database, 'UPDATE accounts SET evaluated_at = @now WHERE evaluated_at < @now').run({ now })
    const from = recordSliceStart(database, before, sliceRows)
    // If the clock was ahead, an end of a job that was seen in the future was seen by now.
    statement<[object]>(
      database,
      'UPDATE jobs SET end_seen_at = @now WHERE row_id >= @from AND row_id < @before AND end_seen_at > @now',
    ).run({ from, before, now })
    forgetDismissals(database, from, before)
    let rows = 0
    let changed = 0
    for (const [accountId, found] of recordsBetween(database, from, before)) {
      const changes = noChanges()
      const context = caseContext(database, accountId, now)
      changes.insertedCredits.push(...found.credits)
      linkTransactions(database, accountId, found.credits, changes)
      for (const caseId of found.cases) changes.cases.add(caseId)
      changed += decideNamed(database, context, changes).size
      relinkedFacets(database, accountId, changes.relinkedCredits)
      dismissMarkedCases(database, accountId)
      rows += found.rows
    }
    // Any case may depend on any refund without ids of its amount: they are linked once, not in each slice.
    if (from === 0) changed += linkAllUnnamed(database, now)
    return { next: from === 0 ? null : from, rows, changed }
  },
  total: (database) => recordCount(database, '*'),
}

function linkAllUnnamed(database: Writable, now: number): number {
  let changed = 0
  for (const accountId of accountIds(database)) {
    const changes = noChanges()
    for (const amount of unnamedRefundAmounts(database, accountId)) changes.unnamedRefunds.add(amount)
    const context = caseContext(database, accountId, now)
    changed += decideUnnamed(database, context, changes, [])
    changed += decideCases(database, context, doubtfulCases(database, accountId)).size
    relinkedFacets(database, accountId, changes.relinkedCredits)
  }
  return changed
}

const accountIds = (database: Writable): number[] =>
  scalar<[], number>(database, 'SELECT account_id FROM accounts').all()

/**
 * Decides the changed cases, and those that depend on them through rows without ids. Returns how many changed.
 */
function decideAll(database: Writable, context: CaseContext, changes: Changes): number {
  const changed = decideNamed(database, context, changes)
  return changed.size + decideUnnamed(database, context, changes, changed)
}

/** Decides the changed cases, and those whose charges or jobs are near theirs. Returns those that changed. */
function decideNamed(database: Writable, context: CaseContext, changes: Changes): Set<number> {
  const { accountId } = context
  const changed = decideCases(database, context, changes.cases)
  // A new revision may have moved a job or its end: charges near its earlier times depend on it, too.
  const endedAt = Number.POSITIVE_INFINITY
  const uncharged = unchargedJobs(database, changes.cases, newChargesOfKnownJobs(changes)).map((job) =>
    changes.updatedJobs.has(job.rowId) ? { ...job, endedAt } : job,
  )
  const moved = changes.movedJobs.map(({ from }) => ({ rowId: from, createdAt: timeOfRowId(from), endedAt }))
  const charges = [...changes.cases].filter(isChargeCase)
  const near = new Set(chargesNear(database, accountId, [...uncharged, ...moved], charges))
  for (const caseId of near) changes.cases.add(caseId)
  for (const caseId of chargedAgain(database, accountId, changes.cases)) near.add(caseId)
  for (const caseId of linkMemberRefunds(database, accountId, changes)) near.add(caseId)
  for (const caseId of decideCases(database, context, near)) changed.add(caseId)
  for (const caseId of near) changes.cases.add(caseId)
  return changed
}

/** The row ids of new charges of known jobs. Until now, charges near these jobs may have paid for them. */
const newChargesOfKnownJobs = ({ linkedCharges, relinkedCredits, insertedJobs }: Changes): number[] =>
  [...linkedCharges, ...relinkedCredits]
    .filter(({ kind, caseId }) => kind === 'charge' && caseId !== null && !insertedJobs.has(rowIdOfCase(caseId)))
    .map(({ rowId }) => rowId)

/**
 * Links refunds without ids, and decides the cases to which they may belong, and those that depend on the cases in `decided`, which
 * changed before. Returns how many changed.
 */
function decideUnnamed(database: Writable, context: CaseContext, changes: Changes, decided: Iterable<number>): number {
  if (context.readAt.credits === null) return 0
  const { accountId } = context
  const dependent = linkUnnamedRefunds(database, accountId, changes, (caseIds) =>
    openAmountsOf(database, accountId, caseIds),
  )
  const changed = decideCases(database, context, dependent)
  // Which refunds count in no case, and where the lists begin, is known only now.
  const doubtful = doubtfulAfter(database, accountId, changes, new Set([...decided, ...changed]))
  return changed.size + decideCases(database, context, doubtful).size
}

/** The case of a moved job, and its ledger rows, follow the job's new row id. */
function moveCases(database: Writable, { movedJobs }: Changes): void {
  for (const { from, to } of movedJobs) {
    const ids = [jobCaseId(to), jobCaseId(from)] as [number, number]
    statement<[number, number]>(database, 'UPDATE refund_cases SET case_id = ? WHERE case_id = ?').run(...ids)
    statement<[number, number]>(database, 'UPDATE credit_transactions SET case_id = ? WHERE case_id = ?').run(...ids)
  }
}

/** The records of one account in a slice; `rows` counts jobs and ledger rows. */
interface SliceRecords {
  credits: LinkRow[]
  cases: number[]
  rows: number
}

/** The records of a slice by account, with every case that has an id in it, even one without a record. */
function recordsBetween(database: Readable, from: number, before: number): Map<number, SliceRecords> {
  const accounts = new Map<number, SliceRecords>()
  const recordsOf = (accountId: number) => entryOf(accounts, accountId, () => ({ credits: [], cases: [], rows: 0 }))
  const jobs = statement<[number, number], { rowId: number; accountId: number }>(
    database,
    'SELECT row_id AS rowId, account_id AS accountId FROM jobs WHERE row_id >= ? AND row_id < ?',
  ).all(from, before)
  for (const { accountId, rowId } of jobs) {
    const records = recordsOf(accountId)
    records.cases.push(jobCaseId(rowId))
    records.rows++
  }
  const credits = statement<[number, number], LinkRow & { accountId: number }>(
    database,
    `SELECT account_id AS accountId, ${linkColumns} FROM credit_transactions WHERE row_id >= ? AND row_id < ?`,
  ).all(from, before)
  for (const row of credits) {
    const records = recordsOf(row.accountId)
    records.credits.push(row)
    records.rows++
    if (row.caseId === chargeCaseId(row.rowId)) records.cases.push(row.caseId)
  }
  const stored = statement<[number, number], { caseId: number; accountId: number }>(
    database,
    'SELECT case_id AS caseId, account_id AS accountId FROM refund_cases WHERE case_id >= ? AND case_id < ?',
  ).all(jobCaseId(from), caseIdBelow(before))
  for (const row of stored) recordsOf(row.accountId).cases.push(row.caseId)
  return accounts
}

/** Forgets which cases of a slice are dismissed; `dismissMarkedCases` finds them again by their marks. */
function forgetDismissals(database: Writable, from: number, before: number): void {
  statement<[number, number]>(
    database,
    'UPDATE refund_cases SET dismissed_at = NULL WHERE case_id >= ? AND case_id < ? AND dismissed_at IS NOT NULL',
  ).run(jobCaseId(from), caseIdBelow(before))
}

/** The columns of a case that a decision sets. */
const verdictColumns = ['facet_id', 'reason', 'charged', 'refunded', 'since', 'deadline_at', 'due_at', 'unread']
/** Most cases are `delivered` and as old as the end of their job: both are left out. See `reasonOfCase` and `sinceOfCase`. */
const storedVerdict = ({ reason, since }: Verdict, finishedAt: number | null) => ({
  reason: reason === 'delivered' ? '' : reason,
  since: since === finishedAt ? 0 : since,
})

/** The columns as they are stored now: versions until 27 of the data model left nothing out. */
const comparedColumns = [
  'facet_id',
  `iif(reason = 'delivered', '', reason)`,
  'charged',
  'refunded',
  'iif(since = @finishedAt, 0, since)',
  'deadline_at',
  'due_at',
  'unread',
]

/**
 * Decides the named cases again and stores what changed. Runs inside the caller's transaction. Returns those that changed.
 */
export function decideCases(database: Writable, context: CaseContext, caseIds: Iterable<number>): Set<number> {
  const stored = scalar<[string], number>(
    database,
    'SELECT c.case_id FROM json_each(?) i CROSS JOIN refund_cases c ON c.case_id = i.value',
  )
  const insert = rowInserter(database, 'refund_cases', ['case_id', 'account_id', ...verdictColumns])
  const update = statement<[object]>(
    database,
    `UPDATE refund_cases SET ${assignments(verdictColumns)}
     WHERE case_id = @caseId AND (${comparedColumns}) IS NOT (${parametersOf(verdictColumns)})`,
  )
  const counter = caseCounter(database, context.accountId)
  const remove = statement<[number]>(database, 'DELETE FROM refund_cases WHERE case_id = ?')
  const facetId = caseFacetIds(database, context.accountId)
  const doubts = doubtsOf(database, context.accountId)
  const changed = new Set<number>()
  const decide = (caseId: number, isStored: boolean, records: CaseRecords): number => {
    const facts = caseFacts(database, context, caseId, doubts.unnamed, records)
    if (!facts) return remove.run(caseId).changes
    const verdict = decideCase(database, context, caseId, facts, doubts)
    const { agent, kind, model, outcome, charged, finishedAt } = facts
    const row = {
      ...verdict,
      ...storedVerdict(verdict, finishedAt),
      finishedAt,
      caseId,
      accountId: context.accountId,
      facetId: facetId({ agent, kind, model, outcome, refundStatus: verdict.status }),
      charged,
      refunded: facts.refunded + facts.presumed,
      unread: verdict.unread.join(' '),
    }
    if (isStored) return update.run(row).changes
    counter.add(row)
    insert(row)
    return 1
  }
  // Ascending ids fill the pages of the file.
  for (const batch of inBatches(
    [...caseIds].sort((a, b) => a - b),
    readAtOnce,
  )) {
    const known = new Set(stored.all(JSON.stringify(batch)))
    const records = recordsOfCases(database, batch)
    for (const caseId of batch) if (decide(caseId, known.has(caseId), records) > 0) changed.add(caseId)
  }
  counter.save()
  return changed
}

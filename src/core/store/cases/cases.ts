/** The facts and the context from which the rules decide `refund_cases`: reads of jobs, ledger rows and streams. */
import { isLost } from '../../../shared/status-sets.ts'
import { type ProofStream, proofStreams } from '../../../shared/values.ts'
import { type CaseCredits, creditsOfCase } from '../../domain/case-credits.ts'
import { dayMs } from '../../domain/days.ts'
import { isChargeCase, outcomeOf, rowIdOfCase } from '../../domain/ledger.ts'
import { type OpenCharges, openCharges } from '../../domain/open-charges.ts'
import { type OpenCase, openAmounts, type Work, withMatches } from '../../domain/possible-links.ts'
import {
  type CaseFacts,
  decideRefundStatus,
  type Policy,
  type ReadUntil,
  triesOf,
  type Verdict,
} from '../../domain/refund-status.ts'
import { isImported, policyOf } from '../accounts/accounts.ts'
import { inBatches } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { refundsListedUntil } from '../imports/imports.ts'
import { historyEnd, surplusOf } from '../ledger/balance-jumps.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { countMatches } from '../matching/match-decisions.ts'
import { type AccountRow, isFromService } from '../schema/views.ts'
import { statement } from '../statement.ts'
import { pastOrNull, readPosition } from '../streams.ts'
import { type CaseJob, type CaseRecords, readAtOnce, recordsOfCases } from './case-records.ts'
import { creditLists } from './credit-lists.ts'
import { jobLists } from './job-lists.ts'
import { jobsOfCharge, namesDeletedJob } from './near-jobs.ts'
import { unlinkedRefunds } from './unlinked-refunds.ts'
import { type FindFitting, fittingRefunds } from './unnamed-refunds.ts'
import { mayBeOfDeletedJob } from './unread-deletions.ts'
import { unreadableStreams } from './unreadable-records.ts'

/** The state of the account on which the verdict of a case depends, besides its own records. */
export interface CaseContext {
  accountId: number
  policy: Policy
  /** The time up to which each stream proves anything: `readAt`, or the end of the history if that is earlier. */
  readUntil: ReadUntil
  /** When each stream was last read whole. */
  readAt: ReadUntil
  now: number
}

/** The context of one account at the time `now`. */
export function caseContext(database: Readable, accountId: number, now: number): CaseContext {
  const account = statement<[number], AccountRow>(database, 'SELECT * FROM v_accounts WHERE accountId = ?').get(
    accountId,
  )
  if (!account) throw new Error('unknown account')
  const readAt: Record<ProofStream, number | null> = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
  // A time in the future proves nothing: the clock was set back after that sync.
  for (const stream of proofStreams) {
    const read = pastOrNull(readPosition(database, accountId, stream).lastSuccessAt, now)
    readAt[stream] = read === null ? null : Math.min(read, now)
  }
  if (isImported(account)) readAt.credits = refundsListedUntil(database, accountId)
  const credits = earlierOf(readAt.credits, historyEnd(database, accountId))
  return { accountId, policy: policyOf(account), readUntil: { ...readAt, credits }, readAt, now }
}

/** A history that ends before it was read proves nothing after its end. */
const earlierOf = (readAt: number | null, historyEndsAt: number | null): number | null =>
  readAt === null || historyEndsAt === null ? readAt : Math.min(readAt, historyEndsAt)

/** The facts of a case, with the kind and model of its job; both null without a job. */
export interface StoredCase extends CaseFacts {
  kind: string | null
  model: string | null
  /** Refunds without ids that are counted here; the case stores them with `refunded`. */
  presumed: number
  /** The results that were matched to a charge without a job (L12). */
  matched: number
  /** The amounts that a refund without ids may give back; empty before the credits were read to their end. */
  openAmounts: OpenCase[]
}

/** The facts that come from the job or the charge of a case. */
interface CaseRecord
  extends Work,
    Omit<
      CaseFacts,
      keyof CaseCredits | 'surplus' | 'possibleRefund' | 'possibleDeletion' | 'unreadable' | 'lacksCharges' | 'agent'
    > {
  id: string
  matched: number
}

/**
 * Gathers the facts of a case; null if no record makes it a case any more. Refunds without ids count once the credits were read
 * to their end: before, nothing is called missing. For several cases, pass what
 * finds these refunds and the `records` that were read at once.
 */
export function caseFacts(
  database: Readable,
  { accountId, readAt }: Pick<CaseContext, 'accountId' | 'readAt'>,
  caseId: number,
  findFitting: FindFitting = fittingRefunds(database, accountId),
  records?: CaseRecords,
): StoredCase | null {
  const found = readCase(database, accountId, caseId, records)
  if (!found) return null
  const openAmounts = readAt.credits === null ? [] : openAmountsIn(caseId, found)
  const possibleRefund = openAmounts.some((amount) => findFitting(amount, 1).length > 0)
  const doubts = { surplus: 0, possibleRefund, possibleDeletion: false, unreadable: [], lacksCharges: false }
  return { ...found, ...jobValues(found), ...doubts, openAmounts }
}

/** The values of a case for its facet; null if no record makes it a case any more. */
export function caseValues(
  database: Readable,
  accountId: number,
  caseId: number,
): Pick<StoredCase, 'agent' | 'kind' | 'model' | 'outcome'> | null {
  const found = readCase(database, accountId, caseId)
  return found && { ...found, ...jobValues(found) }
}

/** A charge without a job has no kind and no model in its facet: those filters are about jobs. */
const jobValues = ({ outcome, kind, model }: CaseRecord): Pick<StoredCase, 'kind' | 'model'> =>
  outcome === 'no_job' ? { kind: null, model: null } : { kind, model }

/** All that is open of a case, if no refund without ids counts in it; else nothing. */
export const missingOf = (database: Readable, accountId: number, caseId: number): OpenCase[] => {
  const found = readCase(database, accountId, caseId)
  return found?.presumed === 0 ? openAmountsIn(caseId, found).slice(0, 1) : []
}

/** The amounts that a refund without ids may give back to some cases. */
export const openAmountsOf = (database: Readable, accountId: number, caseIds: readonly number[]): OpenCase[] =>
  [...inBatches(caseIds, readAtOnce)].flatMap((batch) => {
    const records = recordsOfCases(database, batch)
    return batch.flatMap((caseId) => {
      const found = readCase(database, accountId, caseId, records)
      return found ? openAmountsIn(caseId, found) : []
    })
  })

const openAmountsIn = (caseId: number, found: FoundCase): OpenCase[] =>
  openAmounts(caseId, withMatches(found, found.matched))

interface FoundCase extends CaseRecord, CaseCredits, OpenCharges {}

function readCase(
  database: Readable,
  accountId: number,
  caseId: number,
  records: CaseRecords = recordsOfCases(database, [caseId]),
): FoundCase | null {
  const rows = records.rowsOf(caseId)
  // A charge that moved to the case of a job leaves a case without rows.
  if (isChargeCase(caseId) && rows.length === 0) return null
  const found = isChargeCase(caseId)
    ? readCharge(database, accountId, rowIdOfCase(caseId))
    : jobRecord(records.jobOf(caseId))
  if (!found) return null
  const credits = creditsOfCase(rows)
  const refundedTries = triesOf({ ...found, ...credits })
  return { ...found, ...credits, refundedTries, ...openCharges(rows) }
}

function jobRecord(job: CaseJob | undefined): CaseRecord | null {
  if (!job) return null
  const { status, listingEpoch, ...record } = job
  const isImported = listingEpoch < 0
  return { ...record, outcome: outcomeOf(status), unsureMs: 0, isImported, jobDeleted: false, matched: 0 }
}

interface ChargeRecord extends Work {
  id: string
  jobId: string | null
  createdAt: number
  precisionMs: number
  isListed: number
  deleted: number
}

function readCharge(database: Readable, accountId: number, rowId: number): CaseRecord | null {
  const found = statement<[number], ChargeRecord>(
    database,
    `SELECT id, job_id AS jobId, ${textOfRow('feature')} AS kind, agent, ${textOfRow('model')} AS model,
       occurred_at AS createdAt, precision_ms AS precisionMs,
       ${isFromService} AS isListed, ${namesDeletedJob('t')} AS deleted
     FROM credit_transactions t WHERE row_id = ?`,
  ).get(rowId)
  if (!found) return null
  const { deleted, precisionMs, jobId, ...charge } = found
  // A charge that names a deleted job did not pay for another one.
  const jobs = deleted ? [] : jobsOfCharge(database, accountId, { ...charge, rowId, jobId, at: charge.createdAt })
  const resultCount = jobs.filter(({ isDelivered }) => isDelivered).length
  return {
    ...charge,
    outcome: 'no_job',
    failureOrigin: null,
    resultCount,
    requestedResults: jobs.length,
    finishedAt: null,
    // Times that are exact to the minute need no longer wait.
    unsureMs: precisionMs < dayMs ? 0 : precisionMs,
    isImported: charge.isListed === 0,
    jobDeleted: deleted === 1,
    matched: countMatches(database, accountId, charge.id),
  }
}

/** What may disprove that a case is missing, besides its own records. Remembers what it read: use it for one decision of many cases only. */
export interface Doubts {
  unnamed: FindFitting
  unlinked: ReturnType<typeof unlinkedRefunds>
  lists: ReturnType<typeof jobLists>
  credits: ReturnType<typeof creditLists>
}

export const doubtsOf = (database: Readable, accountId: number): Doubts => ({
  unnamed: fittingRefunds(database, accountId),
  unlinked: unlinkedRefundsOf(database, accountId),
  lists: jobLists(database, accountId),
  credits: creditLists(database, accountId),
})

/** Finds the unlinked refunds of an account for the decisions of one transaction. */
export const unlinkedRefundsOf = (database: Readable, accountId: number): Doubts['unlinked'] =>
  unlinkedRefunds(database, accountId, (caseId) => missingOf(database, accountId, caseId))

/**
 * Decides a case. Only for a verdict that something is missing, the unlinked refunds, the balance, the unreadable records and
 * the beginnings of the lists are read as well: the credits may have come already, or the job may not be in what was read. The
 * beginning of the credits may also hide a charge, so that no more came back than was charged.
 */
export function decideCase(
  database: Readable,
  context: CaseContext,
  caseId: number,
  stored: StoredCase,
  { unlinked, lists, credits }: Doubts,
): Verdict {
  const { accountId, policy, readUntil, readAt, now } = context
  const facts = withMatches(stored, stored.matched)
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  if (verdict.reason === 'over_refunded') {
    const lacksCharges = credits.chargesFrom(caseId) !== null
    return lacksCharges ? decideRefundStatus({ ...facts, lacksCharges }, policy, readUntil, now) : verdict
  }
  const isShort = verdict.status === 'needs_review' && verdict.reason === 'partly_delivered'
  if (!isLost(verdict.status) && verdict.status !== 'cannot_tell' && !isShort) return verdict
  const isInReach = readAt.credits !== null && unlinked.of(caseId, stored.openAmounts).refunds.length > 0
  if (isInReach) return decideRefundStatus({ ...facts, possibleRefund: true }, policy, readUntil, now)
  if (verdict.reason === 'no_job' && !facts.isImported && mayBeOfDeletedJob(database, accountId, caseId)) {
    return decideRefundStatus({ ...facts, possibleDeletion: true }, policy, readUntil, now)
  }
  if (verdict.status === 'cannot_tell') return verdict
  const surplus = surplusOf(database, accountId, caseId)
  const unreadable = [
    ...unreadableStreams(database, accountId, caseId),
    ...lists.shortFor(caseId, verdict.deadlineAt ?? now).streams,
    ...(credits.refundsFrom(caseId) === null ? [] : (['credits'] as const)),
  ]
  const isSure = surplus === 0 && unreadable.length === 0
  return isSure ? verdict : decideRefundStatus({ ...facts, surplus, unreadable }, policy, readUntil, now)
}

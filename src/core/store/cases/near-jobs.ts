/** Charges without a job and jobs without a charge that may belong together by their time (rules L10 and L13). */
import { type Agent, agents } from '../../../shared/values.ts'
import { casesPerRow, firstRowId, isChargeCase, jobCaseId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import {
  isSameWork,
  jobWindow,
  laterJob,
  possibleJobs,
  type UnchargedJob,
  type Work,
} from '../../domain/possible-links.ts'
import { newestOfFacets } from '../facets.ts'
import type { Readable } from '../handles.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { caseOfJob, isCaseOfCharge, isCaseOfJob, isFromService } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { readPosition } from '../streams.ts'
import { caseFacets } from './case-facets.ts'
import { byTimeAndId } from './link-rows.ts'

/** A charge without a job, as rule L10 compares it with jobs. `at` is its time in epoch ms. */
export interface LoneCharge extends Work {
  rowId: number
  jobId: string | null
  at: number
}

const loneColumns = `row_id AS rowId, job_id AS jobId, ${textOfRow('feature')} AS kind, agent, ${textOfRow('model')} AS model,
  occurred_at AS at`

/** SQL that holds if a charge `p` of some credits, which fulfils the condition, counts in the case. */
export const isCharged = (caseId: string, condition = 'true'): string =>
  `EXISTS (SELECT 1 FROM credit_transactions p
     WHERE p.case_id = ${caseId} AND p.kind = 'charge' AND p.amount < 0 AND ${condition})`

const endOf = (job: string) => `coalesce(${job}.finished_at, ${job}.end_seen_at, ${job}.created_at)`

/** A charge without a job, by its row id; undefined if there is no such row. */
export const loneCharge = (database: Readable, rowId: number): LoneCharge | undefined =>
  statement<[number], LoneCharge>(database, `SELECT ${loneColumns} FROM credit_transactions WHERE row_id = ?`).get(
    rowId,
  )

/**
 * The jobs that a charge without a job may have paid for (rule L10). If no job is near, it may repeat an earlier charge that
 * names the same job; then those are the jobs near the earlier charge. If it names none, its job may begin later.
 */
export function jobsOfCharge(database: Readable, accountId: number, charge: LoneCharge): UnchargedJob[] {
  const near = jobsNear(database, accountId, charge)
  if (near.length > 0) return near
  if (charge.jobId === null) return jobAfter(database, accountId, charge)
  const first = firstCharge(database, accountId, charge.jobId, charge.agent)
  return first && first.rowId !== charge.rowId ? jobsNear(database, accountId, first) : []
}

/** The first charge without a job that names `jobId` and no other agent. */
export const firstCharge = (database: Readable, accountId: number, jobId: string, agent: Agent | null) =>
  statement<[object], LoneCharge>(
    database,
    `SELECT ${loneColumns} FROM credit_transactions
     WHERE account_id = @accountId AND job_id = @jobId AND kind = 'charge' AND ${isCaseOfCharge('case_id')}
       AND (agent = @agent OR agent IS NULL OR @agent IS NULL) ORDER BY occurred_at, id LIMIT 1`,
  ).get({ accountId, jobId, agent })

/** The jobs without a charge at the time of a charge without a job. */
export const jobsNear = (database: Readable, accountId: number, charge: Work & { at: number }): UnchargedJob[] =>
  possibleJobs(charge, jobsAround(database, accountId, charge))

/** The job that began some minutes after a charge, if only the charge can have paid for it. */
function jobAfter(database: Readable, accountId: number, charge: LoneCharge): UnchargedJob[] {
  const { at } = charge
  const jobs = unchargedBetween(database, accountId, at + jobWindow.after, at + jobWindow.later)
  if (jobs.length === 0) return []
  const others = statement<[object], LoneCharge>(
    database,
    `SELECT ${loneColumns} FROM credit_transactions
     WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND kind = 'charge' AND amount < 0
       AND retracted_at IS NULL AND ${isCaseOfCharge('case_id')}`,
  ).all({
    accountId,
    from: firstRowId(at + 1),
    below: firstRowId(at + jobWindow.later + jobWindow.after + 1),
  })
  const job = laterJob(charge, jobs, others)
  return job ? [job] : []
}

/** The jobs without a charge, of any work and chat, that began within the window of a charge. */
const jobsAround = (database: Readable, accountId: number, { at }: { at: number }): UnchargedJob[] =>
  unchargedBetween(database, accountId, at - jobWindow.before, at + jobWindow.after)

/** The jobs without a charge that were created at these times, in epoch ms, both included. */
function unchargedBetween(database: Readable, accountId: number, from: number, to: number): UnchargedJob[] {
  const jobs = statement<[object], Omit<UnchargedJob, 'isDelivered'> & { delivered: number }>(
    database,
    `SELECT j.row_id AS rowId, j.id, j.agent, j.kind, j.model, j.chat_id AS chatId, j.created_at AS createdAt,
       ${endOf('j')} AS endedAt, j.status = 'succeeded' AND j.result_count > 0 AS delivered
     FROM jobs j WHERE +j.account_id = @accountId AND j.row_id >= @from AND j.row_id < @below AND j.${isFromService}
       AND NOT ${isCharged(caseOfJob('j.row_id'))}`,
  ).all({ accountId, from: firstRowId(from), below: firstRowId(to + 1) })
  return jobs.map(({ delivered, ...job }) => ({ ...job, isDelivered: delivered === 1 }))
}

/**
 * The listed charge without a job that may have paid for a job (rule L13): the only such charge, or the first of several that
 * name one job. Null if there is none, if different charges may have paid, if the job has its own charge, or before the credits
 * are read. The amount is positive. A charge that names an unknown job must be near several jobs, which are then its batch.
 */
export function chargeForJob(
  database: Readable,
  accountId: number,
  jobRowId: number,
): { caseId: number; amount: number } | null {
  const job = statement<[number], TimedJob & Work>(
    database,
    `SELECT j.row_id AS rowId, j.kind, j.agent, j.model, j.created_at AS createdAt, ${endOf('j')} AS endedAt FROM jobs j
     WHERE j.row_id = ? AND j.${isFromService} AND NOT ${isCharged(caseOfJob('j.row_id'))}`,
  ).get(jobRowId)
  if (!job || readPosition(database, accountId, 'credits').lastSuccessAt === null) return null
  const { from, to } = chargeTimesOf(job)
  const charges = statement<[object], LoneCharge & { caseId: number; amount: number }>(
    database,
    `SELECT ${loneColumns}, case_id AS caseId, -amount AS amount FROM credit_transactions t
     WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND kind = 'charge' AND amount < 0
       AND retracted_at IS NULL AND ${isCaseOfCharge('case_id')} AND NOT ${namesDeletedJob('t')} ORDER BY occurred_at, id`,
  ).all({ accountId, from: firstRowId(from), below: firstRowId(to + 1) })
  let paid: (typeof charges)[number] | null = null
  for (const charge of charges) {
    if (!isSameWork(charge, job) || (paid !== null && paid.jobId !== null && paid.jobId === charge.jobId)) continue
    const near = jobsNear(database, accountId, charge)
    if ((charge.jobId !== null && near.length < 2) || !near.some(({ rowId }) => rowId === jobRowId)) continue
    if (paid !== null) return null
    paid = charge
  }
  return paid
}

/** SQL that holds if a charge names a job that the service deleted before it was read. */
export const namesDeletedJob = (charge: string): string =>
  `EXISTS (SELECT 1 FROM job_tombstones d WHERE d.account_id = ${charge}.account_id AND d.agent IN ('agent-1', 'agent-2')
     AND d.id = ${charge}.job_id AND (${charge}.agent IS NULL OR d.agent = ${charge}.agent))`

/**
 * The row ids of the jobs that some charges, given by their cases, may have paid for now or before: those of other chats, too,
 * because a new job may be nearer than they are.
 */
export const jobsAroundCharges = (database: Readable, accountId: number, caseIds: readonly number[]): number[] =>
  caseIds.flatMap((caseId) => {
    const charge = loneCharge(database, rowIdOfCase(caseId))
    if (!charge) return []
    return jobsAround(database, accountId, charge)
      .filter((job) => isSameWork(charge, job))
      .map(({ rowId }) => rowId)
  })

/**
 * Further cases of charges without a job that name the same job as one of these charges. They may have been charged for the jobs
 * near the first of them, now or when they were decided.
 */
export function chargedAgain(database: Readable, accountId: number, caseIds: ReadonlySet<number>): number[] {
  const names = scalar<[string], string>(
    database,
    `SELECT DISTINCT t.job_id FROM json_each(?) i JOIN credit_transactions t ON t.row_id = i.value WHERE t.job_id IS NOT NULL`,
  ).all(JSON.stringify([...caseIds].filter(isChargeCase).map(rowIdOfCase)))
  const named = statement<[object], LoneCharge & { id: string; caseId: number; hadJobs: number }>(
    database,
    `SELECT ${loneColumns}, t.id, case_id AS caseId, EXISTS (SELECT 1 FROM refund_cases c WHERE c.case_id = t.case_id
         AND c.reason IN ('possible_job', 'share_refunded', 'possible_refund')) AS hadJobs
     FROM credit_transactions t WHERE account_id = @accountId AND job_id = @jobId AND kind = 'charge'
       AND ${isCaseOfCharge('case_id')}`,
  )
  return names.flatMap((jobId) => {
    const charges = named.all({ accountId, jobId }).sort(byTimeAndId)
    const others = charges.filter(({ caseId }) => !caseIds.has(caseId))
    if (others.length === 0) return []
    const firsts = new Set([null, ...agents].map((agent) => charges.find((charge) => mayBeOf(charge, agent))))
    const haveJobs = [...firsts].some((first) => first && jobsNear(database, accountId, first).length > 0)
    return others.filter(({ hadJobs }) => haveJobs || hadJobs === 1).map(({ caseId }) => caseId)
  })
}

const mayBeOf = (charge: LoneCharge, agent: Agent | null): boolean =>
  agent === null || charge.agent === null || charge.agent === agent

/** A job without a charge; times in epoch ms. */
export interface TimedJob {
  rowId: number
  createdAt: number
  endedAt: number
}

/** The times within which a charge for the job may have been written. */
const chargeTimesOf = ({ createdAt, endedAt }: TimedJob) => ({
  from: createdAt - jobWindow.after,
  to: Math.min(endedAt + jobWindow.after, createdAt + jobWindow.before),
})

/**
 * The jobs of these cases that have no charge, or only charges of `newCharges` (row ids). The stored `charged` of a case does not
 * show this, because it includes credits that were taken back again.
 */
export const unchargedJobs = (
  database: Readable,
  caseIds: Iterable<number>,
  newCharges: readonly number[],
): TimedJob[] =>
  statement<[object], TimedJob>(
    database,
    `SELECT j.row_id AS rowId, j.created_at AS createdAt, ${endOf('j')} AS endedAt
     FROM json_each(@cases) i CROSS JOIN jobs j ON j.row_id = i.value / ${casesPerRow}
     WHERE ${isCaseOfJob('i.value')} AND j.${isFromService}
       AND NOT ${isCharged('i.value', 'p.row_id NOT IN (SELECT value FROM json_each(@newCharges))')}`,
  ).all({ cases: JSON.stringify([...caseIds]), newCharges: JSON.stringify(newCharges) })

/**
 * The cases of charges without a job whose time fits one of these jobs, or that are followed by one of these cases of charges:
 * whether the next charge has a job decides about a job that began later.
 */
export function chargesNear(
  database: Readable,
  accountId: number,
  jobs: readonly TimedJob[],
  changed: readonly number[],
): number[] {
  const { after, later } = jobWindow
  const ranges = [
    ...jobs.map(chargeTimesOf).map(({ from, to }) => ({ from: from + after - later, to })),
    ...followedTimes(database, accountId, changed),
  ]
  if (ranges.length === 0) return []
  const facets = caseFacets(database, [accountId], { outcomes: ['no_job'] }).map(({ facetId }) => facetId)
  if (facets.length === 0) return []
  const from = firstCaseId(ranges.reduce((first, range) => Math.min(first, range.from), Number.POSITIVE_INFINITY))
  const below = firstCaseId(ranges.reduce((last, range) => Math.max(last, range.to), 0) + 1)
  return [...newestOfFacets(database, 'refund_cases', facets, { from, below })].filter((caseId) => {
    const at = timeOfRowId(rowIdOfCase(caseId))
    return ranges.some((range) => at >= range.from && at <= range.to)
  })
}

/** The times of charges for which it matters that these cases of charges follow: a job without a charge began after them. */
const followedTimes = (database: Readable, accountId: number, changed: readonly number[]) =>
  changed.flatMap((caseId) => {
    const { after, later } = jobWindow
    const charge = loneCharge(database, rowIdOfCase(caseId))
    if (!charge) return []
    const jobs = unchargedBetween(database, accountId, charge.at - after, charge.at + later)
    return jobs
      .filter((job) => isSameWork(charge, job))
      .map(({ createdAt }) => ({ from: createdAt - later, to: Math.min(charge.at, createdAt - after) - 1 }))
  })

/** The lowest case id of this time (epoch ms). */
export const firstCaseId = (time: number): number => jobCaseId(firstRowId(time))

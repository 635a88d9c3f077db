/**
 * Rows that name nothing. A refund without ids may belong to a case whose credits are open; a charge without a job may
 * have paid for a job that nothing was charged for. Such a match is never proof, but it disproves that something is missing.
 */
import type { Agent } from '../../shared/values.ts'
import { dayMs } from './days.ts'
import { isMedia, mayCountInJob } from './ledger.ts'
import type { OpenCharges, StandingCharge } from './open-charges.ts'
import { type CaseFacts, isShareRefunded } from './refund-status.ts'

/** The properties of paid work that a row or a case states. Null matches everything. */
export interface Work {
  kind: string | null
  agent: Agent | null
  model: string | null
}

/** A row that may give credits back and names neither a charge nor a job. `id` is the service's id, which orders rows of one time. */
export interface UnnamedRefund extends Work {
  rowId: number
  id: string
  amount: number
  at: number
  /** Whether it is a refund by its kind, and no grant or adjustment. */
  isRefund: boolean
}

/** An amount that such a refund may give back to a case: all that is open, a charge, or the share of missing results. */
export interface OpenCase extends Work {
  caseId: number
  /** The id of its job or charge: row ids of one time depend on the order of arrival. */
  id: string
  /** Whether its job failed or was canceled, or one of the jobs near its charge did not deliver. */
  hasFailed: boolean
  open: number
  /** Whether it is only the share of the results that are missing. */
  isShare: boolean
  /** When the last of its charges was written that is open in any case. */
  chargedAt: number
  /** When the last of its charges was written that may be open. */
  lastChargedAt: number
}

/** The work of a case and its credits, without the refunds that have no ids. */
type CaseWork = Work & { id: string } & OpenCharges &
  Pick<CaseFacts, 'outcome' | 'resultCount' | 'requestedResults' | 'charged' | 'refunded' | 'refundedTries'>

/** What a refund without ids may give back to a case, smaller amounts as often as they fit; nothing if the job delivered. */
export function openAmounts(caseId: number, facts: CaseWork): OpenCase[] {
  const { id, kind, agent, model, outcome, standing, openSince, openUntil, resultCount, requestedResults } = facts
  const { charged, refunded, refundedTries } = facts
  const open = charged - refunded
  const isShort = resultCount > 0 && resultCount < requestedResults
  const isDelivered = outcome === 'succeeded' && resultCount > 0 && (!isShort || refunded > refundedTries)
  const isSettled = open <= 0 || openSince === null || openUntil === null || isShareRefunded(facts)
  if (isSettled || isDelivered || outcome === 'unknown') return []
  const all = { at: openSince, lastAt: openUntil }
  const amounts: (StandingCharge & { lastAt?: number; isShare?: boolean })[] = [{ amount: open, ...all }]
  const times = new Map([[open, 1]])
  for (const charge of standing) {
    const before = times.get(charge.amount) ?? 0
    if (before >= Math.max(1, Math.floor(open / charge.amount))) continue
    times.set(charge.amount, before + 1)
    amounts.push(charge)
  }
  const share = ((charged - refundedTries) * (requestedResults - resultCount)) / requestedResults
  // Credits are whole: a share is rounded up or down.
  for (const amount of isShort ? new Set([Math.floor(share), Math.ceil(share)]) : []) {
    if (amount > 0 && amounts.every((known) => known.amount !== amount)) amounts.push({ amount, ...all, isShare: true })
  }
  const isShortNear = outcome === 'no_job' && resultCount < requestedResults
  const hasFailed = outcome === 'failed' || outcome === 'canceled' || isShortNear
  const work = { caseId, id, kind, agent, model, hasFailed }
  return amounts.map(({ amount, at, lastAt = at, isShare = false }) => ({
    ...work,
    open: amount,
    isShare,
    chargedAt: at,
    lastChargedAt: lastAt,
  }))
}

const nameOf = ({ id, agent }: { id: string; agent: Agent | null }) => `${id} ${agent}`
const compare = (a: Parameters<typeof nameOf>[0], b: typeof a): number => (nameOf(a) < nameOf(b) ? -1 : 1)

/** A refund this long after the charge still counts: support may give credits back by hand. */
export const refundWindow = 30 * dayMs

const agrees = (one: string | null, other: string | null) => one === null || other === null || one === other
const agreesOnKind = (one: string | null, other: string | null) =>
  agrees(one, other) || !isMedia(one) || !isMedia(other)

/** Whether the properties of two works contradict each other nowhere. */
export const isSameWork = (one: Work, other: Work): boolean =>
  agreesOnKind(one.kind, other.kind) && agrees(one.agent, other.agent) && agrees(one.model, other.model)

/** Whether a refund without ids was written in the window of a case, and contradicts nothing of it. */
export const mayBeOfCase = (refund: UnnamedRefund, found: OpenCase): boolean =>
  refund.at >= found.chargedAt &&
  refund.at - found.lastChargedAt <= refundWindow &&
  mayCountInJob(refund.kind) &&
  isSameWork(refund, found)

/** Whether a refund without ids may give back exactly this amount of a case. */
export const mayBeRefundOf = (refund: UnnamedRefund, found: OpenCase): boolean =>
  refund.amount === found.open && (refund.isRefund || !found.isShare) && mayBeOfCase(refund, found)

/**
 * The case in which each refund without ids counts, by the refund's row id; a refund that fits none is left out. Each amount
 * is given back once: of two equal cases one stays open, and the records do not say which. All refunds and cases are of one amount.
 */
export function presumedCases(
  refunds: readonly UnnamedRefund[],
  cases: readonly OpenCase[],
): ReadonlyMap<number, number> {
  // L9: the oldest open case of the same work and amount, failed jobs first.
  const free = cases.toSorted((a, b) => a.chargedAt - b.chargedAt || compare(a, b))
  const assigned = new Map<number, number>()
  for (const refund of refunds.toSorted((a, b) => a.at - b.at || compare(a, b))) {
    // Refunds come in order of time: a case that is too old for this one is too old for the rest.
    while (free[0] && refund.at - free[0].lastChargedAt > refundWindow) free.shift()
    let found = -1
    for (let index = 0; index < free.length; index++) {
      const one = free[index] as OpenCase
      if (one.chargedAt > refund.at) break
      if (!mayBeRefundOf(refund, one)) continue
      // A job that failed is likelier than a job that delivered or may still deliver.
      if (found < 0 || one.hasFailed) found = index
      if (one.hasFailed) break
    }
    const [one] = found < 0 ? [] : free.splice(found, 1)
    if (one) assigned.set(refund.rowId, one.caseId)
  }
  return assigned
}

/** A job without a charge; `endedAt` is its creation if it has no end. */
export interface UnchargedJob extends Work {
  rowId: number
  id: string
  chatId: string
  createdAt: number
  endedAt: number
  isDelivered: boolean
}

/** A charge may be written this long before its job begins or after it ends. */
const minute = 60_000
/**
 * A charge without a job is compared with jobs that were created at most this long before it, or this long after it. `later`: if no
 * other job and no other charge fits, the job may begin as late as this.
 */
export const jobWindow = { before: 30 * minute, after: minute, later: 5 * minute }

/**
 * The jobs that a charge without a job may have paid for: jobs of the same work whose life holds the time of the charge. If
 * several chats have such jobs, only those of the nearest job's chat: one charge may pay for a batch.
 */
export function possibleJobs<Job extends UnchargedJob>(charge: Work & { at: number }, jobs: readonly Job[]): Job[] {
  // L10: jobs of the same work that nothing was charged for, at the time of the charge.
  const near = jobs
    .filter((job) => isSameWork(charge, job))
    .filter(({ createdAt, endedAt }) => charge.at >= createdAt - minute && charge.at <= endedAt + minute)
    .toSorted((a, b) => Math.abs(a.createdAt - charge.at) - Math.abs(b.createdAt - charge.at) || compare(a, b))
  return near.filter(({ chatId }) => chatId === near[0]?.chatId)
}

/**
 * The only job of the same work that began later after a charge than L10 allows otherwise, if no other charge without a job was
 * written from then until a minute after the job began: that one would be nearer.
 */
export function laterJob<Job extends UnchargedJob>(
  charge: Work & { at: number },
  jobs: readonly Job[],
  others: readonly (Work & { at: number })[],
): Job | null {
  const { after, later } = jobWindow
  const isLater = ({ createdAt }: Job) => createdAt > charge.at + after && createdAt <= charge.at + later
  const [job, ...further] = jobs.filter((one) => isLater(one) && isSameWork(charge, one))
  if (!job || further.length > 0) return null
  const isNearer = (other: (typeof others)[number]) =>
    other.at > charge.at && other.at <= job.createdAt + after && isSameWork(other, job)
  return others.some(isNearer) ? null : job
}

/**
 * The facts of a charge without a job to which results were matched: it counts as a job that delivered them. `matched`: how
 * many results the match decisions give it.
 */
export function withMatches<Facts extends Pick<CaseFacts, 'outcome' | 'resultCount' | 'requestedResults'>>(
  facts: Facts,
  matched: number,
): Facts {
  // L12: match decisions say that these results belong to the charge.
  if (facts.outcome !== 'no_job' || matched === 0) return facts
  return { ...facts, outcome: 'succeeded', resultCount: matched, requestedResults: matched }
}

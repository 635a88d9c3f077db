/**
 * The refund rules (R) of docs/refund-rules.md: the refund status of one case. A case is called missing only if every
 * stream that could disprove it was synced after the wait ended.
 */
import type { Agent, Outcome, ProofStream, RefundReason, RefundStatus } from '../../shared/values.ts'
import type { CaseCredits } from './case-credits.ts'

/**
 * The facts of a case: a job, or a charge for media without a job. Amounts are whole credits, times epoch ms. Refunds
 * without ids are not in `refunded`.
 */
export interface CaseFacts extends Omit<CaseCredits, 'presumed' | 'triesBefore'> {
  outcome: Outcome
  /** `system`, `policy`, `user`, a value this version does not know, or null. */
  failureOrigin: string | null
  resultCount: number
  /**
   * The results that were asked for. A charge without a job counts the jobs that it may have paid for (L10), and as its
   * results those of them that delivered.
   */
  requestedResults: number
  /** The agent of the job; without a job, the agent that the charge names, or null. */
  agent: Agent | null
  /** The creation of the job, or the time of the charge. */
  createdAt: number
  /** How long after `createdAt` the charge may have been written: a table may state only its day. 0 for a job. */
  unsureMs: number
  /** The end of the job, or the time at which its end was first seen; null if neither is known. */
  finishedAt: number | null
  /** Whether the service deleted the job that the charge names before we read it. */
  jobDeleted: boolean
  /** Whether a job was deleted before it was read for which the charge, which names none, may have paid. */
  possibleDeletion: boolean
  /** Credits that came into the balance without a row since the charge; zero or more. */
  surplus: number
  /** Whether a refund without ids may belong to this case (L9). */
  possibleRefund: boolean
  /** Whether the case is a charge that only imports know: what the service lists proves nothing about it. */
  isImported: boolean
  /** The streams with a record that could not be read, or that never listed one, which may be its refund, its job or the end of its job. */
  unreadable: readonly ProofStream[]
  /** Whether the credits never listed rows that may be a charge of its job. */
  lacksCharges: boolean
}

/** The facts for the rules about a share of the results. */
type Share = Pick<CaseFacts, 'charged' | 'refunded' | 'refundedTries' | 'resultCount' | 'requestedResults'>

/**
 * Whether results are missing and exactly their credits came back, rounded up or down to whole credits. If none came, those
 * are all credits.
 */
export function isShareRefunded({ charged, refunded, refundedTries, resultCount, requestedResults }: Share): boolean {
  const missing = requestedResults - resultCount
  const back = refunded - refundedTries
  const difference = back * requestedResults - (charged - refundedTries) * missing
  return back > 0 && Math.abs(difference) < requestedResults
}

/**
 * The credits of earlier tries. Of charges for single results, those that came back later are no tries, but the share of the
 * missing results.
 */
export function triesOf({ refundedTries, triesBefore, ...share }: Share & Pick<CaseCredits, 'triesBefore'>): number {
  return isShareRefunded({ ...share, refundedTries: triesBefore }) ? triesBefore : refundedTries
}

/** The two waits of the account, in milliseconds. */
export interface Policy {
  refundGraceMs: number
  generationLimitMs: number
}

/** The time up to which each stream is complete; null if it was never synced to its end. */
export type ReadUntil = Readonly<Record<ProofStream, number | null>>

export interface Verdict {
  status: RefundStatus
  reason: RefundReason
  /** The start of the wait. */
  since: number
  /** The end of the wait; null if the rule has none. At exactly this time, the earlier rule still holds. */
  deadlineAt: number | null
  /** The deadline if it is still ahead: after it, the status changes without a sync. */
  dueAt: number | null
  /** The streams that must be synced before the verdict is proven; none if only the balance speaks against it. */
  unread: ProofStream[]
}

/** Decides the refund status of a case at the time `now` (epoch ms). The first rule that fits holds. */
export function decideRefundStatus(facts: CaseFacts, policy: Policy, readUntil: ReadUntil, now: number): Verdict {
  const { outcome, charged, refunded, resultCount, requestedResults } = facts
  const unfinished = outcome === 'queued' || outcome === 'running'
  const end = unfinished || outcome === 'no_job' ? facts.createdAt : (facts.finishedAt ?? facts.createdAt)
  // A charge after the end of the job starts the wait for its refund anew.
  const graceSince = Math.max(end, facts.lastChargedAt ?? end)
  // A job that runs again after its credits came back was paid for again when the new try began.
  const isRetry = unfinished && facts.refundedTries > 0
  const limitSince = isRetry ? graceSince : end
  const limit = { since: limitSince, deadlineAt: limitSince + facts.unsureMs + policy.generationLimitMs }
  const grace = { since: graceSince, deadlineAt: graceSince + policy.refundGraceMs }

  const final = (status: RefundStatus, reason: RefundReason): Verdict => {
    return { status, reason, since: end, deadlineAt: null, dueAt: null, unread: [] }
  }
  const waiting = (status: RefundStatus, reason: RefundReason, wait: Wait): Verdict => {
    return { status, reason, ...wait, dueAt: wait.deadlineAt, unread: [] }
  }
  const proven = (status: RefundStatus, reason: RefundReason, wait: Wait, proof: ProofStream[]): Verdict => {
    const unread = proof.filter(
      (stream) =>
        (readUntil[stream] ?? Number.NEGATIVE_INFINITY) <= wait.deadlineAt || facts.unreadable.includes(stream),
    )
    // The missing credits may have come back without a row.
    const isProven = unread.length === 0 && facts.surplus < charged - refunded && !facts.isImported
    return { status: isProven ? status : 'cannot_tell', reason, ...wait, dueAt: null, unread }
  }
  const ownStreams: ProofStream[] = facts.agent ? [`jobs:${facts.agent}`, 'credits'] : ['credits']
  // Earlier tries that came back whole need no answer: the other rules look at the last try.
  const back = refunded - facts.refundedTries

  // R1: more came back than was charged, unless a charge is still to be read.
  if (refunded > charged) {
    const isProven = readUntil.credits !== null && !facts.lacksCharges
    if (isProven) return final('needs_review', 'over_refunded')
    return { ...final('cannot_tell', 'over_refunded'), unread: ['credits'] }
  }
  // R2: the whole charge came back.
  if (charged > 0 && refunded === charged) {
    if (facts.chargeRetracted) return final('refunded', 'charge_withdrawn')
    return final('refunded', facts.refundLapsed ? 'refund_lapsed' : 'refund_posted')
  }
  // R3: the job may still finish in time.
  if (unfinished && now <= limit.deadlineAt) return waiting('in_progress', 'generating', limit)
  // R4: nothing was charged, so nothing can be missing.
  if (charged === 0) return final('not_charged', 'no_charge')
  // R5: this version does not know the state of the job.
  if (outcome === 'unknown') return final('needs_review', 'unknown_status')
  // R17: some results came, and exactly the share of the others came back.
  if (!unfinished && isShareRefunded(facts)) return final('partially_refunded', 'share_refunded')
  // R18: a refund without ids may have given the open credits back.
  if (facts.possibleRefund) return final('needs_review', 'possible_refund')
  // R6: the job did not finish in time.
  if (unfinished) return proven('result_missing', 'stuck', limit, ownStreams)

  if (outcome === 'succeeded') {
    if (resultCount > 0) {
      // R7: the job delivered everything, and nothing came back.
      if (back === 0 && resultCount >= requestedResults) return final('completed', 'delivered')
      // R8: the job delivered a result, and a part of the charge came back.
      if (back > 0) return final('partially_refunded', 'part_refunded')
      // R19: some results are missing; the share of the others may still come back.
      if (now <= grace.deadlineAt) return waiting('refund_pending', 'partly_delivered', grace)
      // R20: some results are missing at the full price.
      return proven('needs_review', 'partly_delivered', grace, ['credits'])
    }
    // R9: the result may still appear.
    if (now <= limit.deadlineAt) return waiting('in_progress', 'awaiting_result', limit)
    // R10: the result did not appear in time.
    return proven('result_missing', 'no_result', limit, ownStreams)
  }
  if (outcome === 'failed' && facts.failureOrigin === 'system') {
    // R11: Carat refunds system failures; the refund may still arrive.
    if (now <= grace.deadlineAt) return waiting('refund_pending', 'system_failure', grace)
    // R12: the refund, or the rest of it, did not arrive in time.
    return proven('refund_missing', 'system_failure', grace, ['credits'])
  }
  // R13: Carat does not say whether it refunds jobs that a policy stopped.
  if (outcome === 'failed' && facts.failureOrigin === 'policy') return final('needs_review', 'policy_block')
  // R14: Carat promises no refund for other failures and for canceled jobs.
  if (outcome === 'failed' || outcome === 'canceled') {
    const byUser = outcome === 'canceled' || facts.failureOrigin === 'user'
    return final('needs_review', byUser ? 'canceled' : 'unknown_failure')
  }
  // R22: the charge names a job that was deleted, so nothing tells what it made.
  if (facts.jobDeleted) return final('needs_review', 'job_deleted')
  // R15: the job of the charge may still appear.
  if (now <= limit.deadlineAt) return waiting('in_progress', 'awaiting_job', limit)
  // R21: the charge may have paid for jobs near it that nothing was charged for.
  if (requestedResults > 0) return final('needs_review', 'possible_job')
  // R23: the charge names no job, and may be for one that was deleted before it was read.
  if (facts.possibleDeletion) return final('needs_review', 'possible_deletion')
  // R16: no job appeared in time.
  return proven('result_missing', 'no_job', limit, ['jobs:agent-1', 'jobs:agent-2', 'credits'])
}

/** The start and the end of a wait, in epoch ms. */
interface Wait {
  since: number
  deadlineAt: number
}

/**
 * The refund rules (R) of docs/refund-rules.md: the refund status of one case. A case is called missing only if every
 * stream that could disprove it was synced after the wait ended.
 */
import type { Agent, Outcome, RecordStream, RefundReason, RefundStatus } from '../../shared/values.ts'

/** The facts of a case: a job, or a charge for media without a job. Amounts are whole credits, times epoch ms. */
export interface CaseFacts {
  outcome: Outcome
  /** `system`, `policy`, `user`, a value this version does not know, or null. */
  failureOrigin: string | null
  resultCount: number
  /** The agent of the job; without a job, the agent that the charge names, or null. */
  agent: Agent | null
  /** The creation of the job, or the time of the charge. */
  createdAt: number
  finishedAt: number | null
  /** Credits charged, retracted charges included; zero or more. */
  charged: number
  /** Credits given back: refunds that the service still lists, and retracted charges; zero or more. */
  refunded: number
  /** Whether the service retracted a charge of this case. */
  chargeRetracted: boolean
  /** Credits that came into the balance without a row since the charge; zero or more. */
  surplus: number
}

/** The two waits of the account, in milliseconds. */
export interface Policy {
  refundGraceMs: number
  generationLimitMs: number
}

/** The time up to which each stream is complete; null if it was never synced to its end. */
export type ReadUntil = Readonly<Record<RecordStream, number | null>>

export interface Verdict {
  status: RefundStatus
  reason: RefundReason
  /** The start of the wait. */
  since: number
  /** The end of the wait; null if the rule has none. At exactly this time, the earlier rule still holds. */
  deadlineAt: number | null
  /** The deadline if it is still ahead: after it, the status changes without a sync. */
  dueAt: number | null
  /** The streams that must be synced before the case may be called missing; none if only the balance speaks against it. */
  unread: RecordStream[]
}

/** Decides the refund status of a case at the time `now` (epoch ms). The first rule that fits holds. */
export function decideRefundStatus(facts: CaseFacts, policy: Policy, readUntil: ReadUntil, now: number): Verdict {
  const { outcome, charged, refunded } = facts
  const unfinished = outcome === 'queued' || outcome === 'running'
  const since = unfinished || outcome === 'no_job' ? facts.createdAt : (facts.finishedAt ?? facts.createdAt)

  const final = (status: RefundStatus, reason: RefundReason): Verdict => {
    return { status, reason, since, deadlineAt: null, dueAt: null, unread: [] }
  }
  const waiting = (status: RefundStatus, reason: RefundReason, deadlineAt: number): Verdict => {
    return { status, reason, since, deadlineAt, dueAt: deadlineAt, unread: [] }
  }
  const missing = (status: RefundStatus, reason: RefundReason, deadlineAt: number, proof: RecordStream[]): Verdict => {
    const unread = proof.filter((stream) => (readUntil[stream] ?? Number.NEGATIVE_INFINITY) <= deadlineAt)
    // What is missing may have come back without a row.
    const isProven = unread.length === 0 && facts.surplus < charged - refunded
    return { status: isProven ? status : 'cannot_tell', reason, since, deadlineAt, dueAt: null, unread }
  }
  const afterLimit = since + policy.generationLimitMs
  const afterGrace = since + policy.refundGraceMs
  const ownStreams: RecordStream[] = facts.agent ? [`jobs:${facts.agent}`, 'credits'] : ['credits']

  // R1: more came back than was charged.
  if (refunded > charged) return final('needs_review', 'over_refunded')
  // R2: the whole charge came back.
  if (charged > 0 && refunded === charged) {
    return final('refunded', facts.chargeRetracted ? 'charge_withdrawn' : 'refund_posted')
  }
  // R3: the job may still finish in time.
  if (unfinished && now <= afterLimit) return waiting('in_progress', 'generating', afterLimit)
  // R4: nothing was charged, so nothing can be missing.
  if (charged === 0) return final('not_charged', 'no_charge')
  // R5: this version does not know the state of the job.
  if (outcome === 'unknown') return final('needs_review', 'unknown_status')
  // R6: the job did not finish in time.
  if (unfinished) return missing('result_missing', 'stuck', afterLimit, ownStreams)

  if (outcome === 'succeeded') {
    if (facts.resultCount > 0) {
      // R7: the job delivered a result, and nothing came back.
      if (refunded === 0) return final('completed', 'delivered')
      // R8: the job delivered a result, and a part of the charge came back.
      return final('partially_refunded', 'part_refunded')
    }
    // R9: the result may still appear.
    if (now <= afterLimit) return waiting('in_progress', 'awaiting_result', afterLimit)
    // R10: the result did not appear in time.
    return missing('result_missing', 'no_result', afterLimit, ownStreams)
  }
  if (outcome === 'failed' && facts.failureOrigin === 'system') {
    // R11: Carat refunds system failures; the refund may still arrive.
    if (now <= afterGrace) return waiting('refund_pending', 'system_failure', afterGrace)
    // R12: the refund, or the rest of it, did not arrive in time.
    return missing('refund_missing', 'system_failure', afterGrace, ['credits'])
  }
  // R13: Carat does not say whether it refunds jobs that a policy stopped.
  if (outcome === 'failed' && facts.failureOrigin === 'policy') return final('needs_review', 'policy_block')
  // R14: Carat promises no refund for other failures and for canceled jobs.
  if (outcome === 'failed' || outcome === 'canceled') {
    const byUser = outcome === 'canceled' || facts.failureOrigin === 'user'
    return final('needs_review', byUser ? 'canceled' : 'unknown_failure')
  }
  // R15: the job of the charge may still appear.
  if (now <= afterLimit) return waiting('in_progress', 'awaiting_job', afterLimit)
  // R16: no job appeared in time.
  return missing('result_missing', 'no_job', afterLimit, ['jobs:agent-1', 'jobs:agent-2', 'credits'])
}

/** Every refund rule at its exact boundary, written out by hand. Times are milliseconds after midnight of one day. */
import type { CaseFacts } from '../../src/core/domain/refund-status.ts'
import type { ProofStream, RefundReason, RefundStatus } from '../../src/shared/values.ts'
import {
  again,
  charge,
  dayAndLimit,
  dayOnly,
  empty,
  failed,
  graceOfCharge,
  graceOfEnd,
  job,
  lateCharge,
  limitOfCreation,
  limitOfEnd,
  limitOfRetry,
  midnight,
  policy,
  running,
  second,
  short,
} from './refund-facts.ts'
import type { Situation } from './refund-oracle.ts'

/** Milliseconds after midnight up to which each stream was read; never if absent. */
type Reads = Partial<Record<ProofStream, number>>
const all = (ms: number): Reads => ({ credits: ms, 'jobs:agent-1': ms, 'jobs:agent-2': ms })

export interface TableRow {
  name: string
  /** The id of the rule in docs/refund-rules.md. */
  rule: string
  situation: Situation
  status: RefundStatus
  reason: RefundReason
  unread: ProofStream[]
}

type Answer = [RefundStatus, RefundReason, ...ProofStream[]]
const generating: Answer = ['in_progress', 'generating']
const partRefunded: Answer = ['partially_refunded', 'part_refunded']
const stuck: Answer = ['result_missing', 'stuck']
const shareRefunded: Answer = ['partially_refunded', 'share_refunded']
const row = (rule: number, name: string, facts: CaseFacts, now: number, reads: Reads, answer: Answer): TableRow => {
  const read = (stream: ProofStream) => {
    const ms = reads[stream]
    return ms === undefined ? null : midnight + ms
  }
  const [status, reason, ...unread] = answer
  return {
    name: `R${rule}: ${name}`,
    rule: `R${rule}`,
    situation: {
      facts,
      policy,
      readUntil: {
        'jobs:agent-1': read('jobs:agent-1'),
        'jobs:agent-2': read('jobs:agent-2'),
        credits: read('credits'),
      },
      now: midnight + now,
    },
    status,
    reason,
    unread,
  }
}

export const boundaryTable: TableRow[] = [
  row(1, 'one credit too many', { ...job, refunded: 11 }, 0, all(1), ['needs_review', 'over_refunded']),
  row(1, 'a refund of what was never charged', { ...job, charged: 0, refunded: 1 }, 0, all(1), [
    'needs_review',
    'over_refunded',
  ]),
  row(1, 'even while the job runs', { ...running, refunded: 11 }, 0, all(1), ['needs_review', 'over_refunded']),
  row(1, 'a charge may still be read', { ...job, refunded: 11 }, 0, {}, ['cannot_tell', 'over_refunded', 'credits']),
  row(1, 'a charge may be older than the history', { ...job, refunded: 11, lacksCharges: true }, 0, all(1), [
    'cannot_tell',
    'over_refunded',
    'credits',
  ]),
  row(2, 'all of it', { ...failed, refunded: 10 }, 0, {}, ['refunded', 'refund_posted']),
  row(2, 'a single credit', { ...failed, charged: 1, refunded: 1 }, 0, {}, ['refunded', 'refund_posted']),
  row(2, 'a charge that was retracted', { ...failed, refunded: 10, chargeRetracted: true }, 0, {}, [
    'refunded',
    'charge_withdrawn',
  ]),
  row(2, 'credits that had expired', { ...failed, refunded: 10, refundLapsed: true }, 0, {}, [
    'refunded',
    'refund_lapsed',
  ]),
  row(
    2,
    'a retracted charge counts before expired credits',
    { ...failed, refunded: 10, chargeRetracted: true, refundLapsed: true },
    0,
    {},
    ['refunded', 'charge_withdrawn'],
  ),
  row(2, 'even of a job that succeeded', { ...job, refunded: 10 }, 0, {}, ['refunded', 'refund_posted']),
  row(3, 'at the limit', running, limitOfCreation, all(limitOfCreation + 1), generating),
  row(3, 'queued, at the limit', { ...running, outcome: 'queued' }, limitOfCreation, {}, generating),
  row(3, 'before it is charged', { ...running, charged: 0 }, limitOfCreation, {}, generating),
  row(3, 'with a part given back', { ...running, refunded: 9 }, limitOfCreation, {}, generating),
  row(3, 'after a try that came back whole, from its last charge', again, limitOfRetry, {}, generating),
  row(4, 'a result for nothing', { ...job, charged: 0 }, 0, {}, ['not_charged', 'no_charge']),
  row(4, 'stuck for nothing', { ...running, charged: 0 }, limitOfCreation + 1, {}, ['not_charged', 'no_charge']),
  row(4, 'failed for nothing', { ...failed, charged: 0 }, graceOfEnd + 1, {}, ['not_charged', 'no_charge']),
  row(4, 'unknown for nothing', { ...job, outcome: 'unknown', charged: 0 }, 0, {}, ['not_charged', 'no_charge']),
  row(4, 'a charge of nothing', { ...charge, charged: 0 }, limitOfCreation + 1, {}, ['not_charged', 'no_charge']),
  row(5, 'a status from the future', { ...job, outcome: 'unknown' }, 0, {}, ['needs_review', 'unknown_status']),
  row(17, 'two of four results, half of it back', { ...short, refunded: 6 }, 0, {}, shareRefunded),
  row(
    17,
    'a canceled job with three of ten results',
    { ...job, outcome: 'canceled', resultCount: 3, requestedResults: 10, charged: 100, refunded: 70 },
    0,
    {},
    shareRefunded,
  ),
  row(
    17,
    'a share that is rounded up',
    { ...short, requestedResults: 3, charged: 10, refunded: 4 },
    0,
    {},
    shareRefunded,
  ),
  row(
    17,
    'a share that is rounded down',
    { ...short, requestedResults: 3, charged: 10, refunded: 3 },
    0,
    {},
    shareRefunded,
  ),
  row(
    17,
    'after a try that came back whole',
    { ...short, charged: 24, refunded: 18, refundedTries: 12 },
    0,
    {},
    shareRefunded,
  ),
  row(
    17,
    'a charge without a job for ten jobs near it',
    { ...charge, resultCount: 6, requestedResults: 10, charged: 330, refunded: 132 },
    limitOfCreation + 1,
    {},
    shareRefunded,
  ),
  row(18, 'a failed job', { ...failed, possibleRefund: true }, graceOfEnd + 1, all(limitOfEnd), [
    'needs_review',
    'possible_refund',
  ]),
  row(18, 'a job that did not finish', { ...running, possibleRefund: true }, limitOfCreation + 1, all(limitOfEnd), [
    'needs_review',
    'possible_refund',
  ]),
  row(6, 'a millisecond past the limit', running, limitOfCreation + 1, all(limitOfCreation + 1), stuck),
  row(
    6,
    'queued in Agent 2.0',
    { ...running, outcome: 'queued', agent: 'agent-2' },
    limitOfCreation + 1,
    {
      credits: limitOfCreation + 1,
      'jobs:agent-2': limitOfCreation + 1,
    },
    stuck,
  ),
  row(
    6,
    'counted from creation, not from an end',
    { ...running, finishedAt: midnight + 60 * second },
    limitOfCreation + 1,
    all(limitOfCreation + 1),
    stuck,
  ),
  row(6, 'read at the limit only', running, limitOfCreation + 1, all(limitOfCreation), [
    'cannot_tell',
    'stuck',
    'credits',
    'jobs:agent-1',
  ]),
  row(
    6,
    'the other agent proves nothing',
    running,
    limitOfCreation + 1,
    {
      credits: limitOfCreation + 1,
      'jobs:agent-2': limitOfCreation + 1,
    },
    ['cannot_tell', 'stuck', 'jobs:agent-1'],
  ),
  row(6, 'credits unread', running, limitOfCreation + 1, { 'jobs:agent-1': limitOfCreation + 1 }, [
    'cannot_tell',
    'stuck',
    'credits',
  ]),
  row(6, 'a retry that did not finish', again, limitOfRetry + 1, all(limitOfRetry + 1), stuck),
  row(6, 'the balance holds the credits', { ...running, surplus: 10 }, limitOfCreation + 1, all(limitOfCreation + 1), [
    'cannot_tell',
    'stuck',
  ]),
  row(7, 'a result', job, 0, {}, ['completed', 'delivered']),
  row(7, 'long after', job, limitOfEnd + 1, {}, ['completed', 'delivered']),
  row(7, 'an earlier try came back whole', { ...job, charged: 20, refunded: 10, refundedTries: 10 }, 0, {}, [
    'completed',
    'delivered',
  ]),
  row(7, 'more results than asked for', { ...job, resultCount: 2 }, 0, {}, ['completed', 'delivered']),
  row(8, 'a share that is not the price of the others', { ...short, refunded: 5 }, 0, {}, partRefunded),
  row(8, 'a result and one credit back', { ...job, refunded: 1 }, 0, {}, partRefunded),
  row(8, 'a result and all but one back', { ...job, refunded: 9 }, limitOfEnd + 1, {}, partRefunded),
  row(19, 'a share of less than one credit', { ...short, resultCount: 3, charged: 3 }, graceOfEnd, {}, [
    'refund_pending',
    'partly_delivered',
  ]),
  row(19, 'at the limit', short, graceOfEnd, {}, ['refund_pending', 'partly_delivered']),
  row(20, 'a millisecond past the limit', short, graceOfEnd + 1, { credits: graceOfEnd + 1 }, [
    'needs_review',
    'partly_delivered',
  ]),
  row(20, 'read at the limit only', short, graceOfEnd + 1, { credits: graceOfEnd }, [
    'cannot_tell',
    'partly_delivered',
    'credits',
  ]),
  row(9, 'at the limit', empty, limitOfEnd, all(limitOfEnd + 1), ['in_progress', 'awaiting_result']),
  row(9, 'without an end counted from creation', { ...empty, finishedAt: null }, limitOfCreation, {}, [
    'in_progress',
    'awaiting_result',
  ]),
  row(10, 'a millisecond past the limit', empty, limitOfEnd + 1, all(limitOfEnd + 1), ['result_missing', 'no_result']),
  row(10, 'a part given back is not a result', { ...empty, refunded: 9 }, limitOfEnd + 1, all(limitOfEnd + 1), [
    'result_missing',
    'no_result',
  ]),
  row(
    10,
    'without an end counted from creation',
    { ...empty, finishedAt: null },
    limitOfCreation + 1,
    all(limitOfCreation + 1),
    ['result_missing', 'no_result'],
  ),
  row(10, 'read at the limit only', empty, limitOfEnd + 1, all(limitOfEnd), [
    'cannot_tell',
    'no_result',
    'credits',
    'jobs:agent-1',
  ]),
  row(10, 'never read', empty, limitOfEnd + 1, {}, ['cannot_tell', 'no_result', 'credits', 'jobs:agent-1']),
  row(10, 'the balance holds the credits', { ...empty, surplus: 10 }, limitOfEnd + 1, all(limitOfEnd + 1), [
    'cannot_tell',
    'no_result',
  ]),
  row(11, 'at the limit', failed, graceOfEnd, all(graceOfEnd + 1), ['refund_pending', 'system_failure']),
  row(11, 'with a part given back', { ...failed, refunded: 9 }, graceOfEnd, {}, ['refund_pending', 'system_failure']),
  row(11, 'at the limit after a late charge', { ...failed, lastChargedAt: midnight + lateCharge }, graceOfCharge, {}, [
    'refund_pending',
    'system_failure',
  ]),
  row(
    12,
    'a millisecond past the limit after a late charge',
    { ...failed, lastChargedAt: midnight + lateCharge },
    graceOfCharge + 1,
    { credits: graceOfCharge + 1 },
    ['refund_missing', 'system_failure'],
  ),
  row(12, 'a millisecond past the limit', failed, graceOfEnd + 1, { credits: graceOfEnd + 1 }, [
    'refund_missing',
    'system_failure',
  ]),
  row(12, 'with a part given back', { ...failed, refunded: 9 }, graceOfEnd + 1, { credits: graceOfEnd + 1 }, [
    'refund_missing',
    'system_failure',
  ]),
  row(12, 'even where a result came', { ...failed, resultCount: 1 }, graceOfEnd + 1, { credits: graceOfEnd + 1 }, [
    'refund_missing',
    'system_failure',
  ]),
  row(12, 'read at the limit only', failed, graceOfEnd + 1, all(graceOfEnd), [
    'cannot_tell',
    'system_failure',
    'credits',
  ]),
  row(12, 'jobs prove nothing', failed, graceOfEnd + 1, { ...all(graceOfEnd + 1), credits: graceOfEnd - 1 }, [
    'cannot_tell',
    'system_failure',
    'credits',
  ]),
  row(12, 'a record could not be read', { ...failed, unreadable: ['credits'] }, graceOfEnd + 1, all(graceOfEnd + 1), [
    'cannot_tell',
    'system_failure',
    'credits',
  ]),
  row(12, 'the balance holds the rest', { ...failed, refunded: 4, surplus: 6 }, graceOfEnd + 1, all(graceOfEnd + 1), [
    'cannot_tell',
    'system_failure',
  ]),
  row(12, 'the balance holds too little', { ...failed, refunded: 4, surplus: 5 }, graceOfEnd + 1, all(graceOfEnd + 1), [
    'refund_missing',
    'system_failure',
  ]),
  row(13, 'a blocked prompt', { ...failed, failureOrigin: 'policy' }, graceOfEnd + 1, all(limitOfEnd), [
    'needs_review',
    'policy_block',
  ]),
  row(14, 'stopped by the user', { ...failed, failureOrigin: 'user' }, graceOfEnd + 1, {}, [
    'needs_review',
    'canceled',
  ]),
  row(14, 'canceled', { ...failed, outcome: 'canceled', failureOrigin: null }, 0, {}, ['needs_review', 'canceled']),
  row(14, 'canceled by the system', { ...failed, outcome: 'canceled' }, graceOfEnd + 1, {}, [
    'needs_review',
    'canceled',
  ]),
  row(14, 'no cause given', { ...failed, failureOrigin: null }, 0, {}, ['needs_review', 'unknown_failure']),
  row(14, 'a cause from the future', { ...failed, failureOrigin: 'weather' }, graceOfEnd + 1, {}, [
    'needs_review',
    'unknown_failure',
  ]),
  row(22, 'a deleted job', { ...charge, jobDeleted: true }, limitOfCreation, {}, ['needs_review', 'job_deleted']),
  row(15, 'at the limit', charge, limitOfCreation, all(limitOfCreation + 1), ['in_progress', 'awaiting_job']),
  row(15, 'at the limit after the stated day', dayOnly, dayAndLimit, {}, ['in_progress', 'awaiting_job']),
  row(
    21,
    'jobs near it that nothing was charged for',
    { ...charge, requestedResults: 1, resultCount: 1 },
    limitOfCreation + 1,
    {},
    ['needs_review', 'possible_job'],
  ),
  row(15, 'a job deleted unread within the limit', { ...charge, possibleDeletion: true }, limitOfCreation, {}, [
    'in_progress',
    'awaiting_job',
  ]),
  row(23, 'a job deleted unread', { ...charge, possibleDeletion: true }, limitOfCreation + 1, {}, [
    'needs_review',
    'possible_deletion',
  ]),
  row(16, 'a millisecond past the limit', charge, limitOfCreation + 1, all(limitOfCreation + 1), [
    'result_missing',
    'no_job',
  ]),
  row(
    16,
    'an agent named: both are still looked at',
    { ...charge, agent: 'agent-2' },
    limitOfCreation + 1,
    { credits: limitOfCreation + 1, 'jobs:agent-2': limitOfCreation + 1 },
    ['cannot_tell', 'no_job', 'jobs:agent-1'],
  ),
  row(
    16,
    'Agent 2.0 unread',
    charge,
    limitOfCreation + 1,
    { credits: limitOfCreation + 1, 'jobs:agent-1': limitOfCreation + 1 },
    ['cannot_tell', 'no_job', 'jobs:agent-2'],
  ),
  row(16, 'a millisecond past the limit after the stated day', dayOnly, dayAndLimit + 1, all(dayAndLimit + 1), [
    'result_missing',
    'no_job',
  ]),
  row(16, 'credits unread', charge, limitOfCreation + 1, { ...all(limitOfCreation + 1), credits: limitOfCreation }, [
    'cannot_tell',
    'no_job',
    'credits',
  ]),
  row(16, 'the balance holds the credits', { ...charge, surplus: 11 }, limitOfCreation + 1, all(limitOfCreation + 1), [
    'cannot_tell',
    'no_job',
  ]),
  row(
    16,
    'only imports know the charge',
    { ...charge, isImported: true },
    limitOfCreation + 1,
    all(limitOfCreation + 1),
    ['cannot_tell', 'no_job'],
  ),
  row(16, 'nothing read', charge, limitOfCreation + 1, {}, [
    'cannot_tell',
    'no_job',
    'credits',
    'jobs:agent-1',
    'jobs:agent-2',
  ]),
]

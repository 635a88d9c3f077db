/** The sets S1 to S8 of docs/refund-rules.md: groups of refund statuses with one meaning. S2 is `attentionStatuses`. */
import { attentionStatuses, type RefundStatus } from './values.ts'

/** Credits are missing beyond doubt. */
export const lostStatuses: readonly RefundStatus[] = ['refund_missing', 'result_missing']

/** A refund may still arrive in time. */
export const awaitingRefundStatuses: readonly RefundStatus[] = ['refund_pending']

/** A result, or a job, may still arrive in time. */
export const awaitingResultStatuses: readonly RefundStatus[] = ['in_progress']

/** A stream must be synced before the case may be called missing. */
export const unprovenStatuses: readonly RefundStatus[] = ['cannot_tell']

/** The case may still change, or a person has to look at it. */
export const openStatuses: readonly RefundStatus[] = [
  ...attentionStatuses,
  ...unprovenStatuses,
  ...awaitingRefundStatuses,
  ...awaitingResultStatuses,
]

/** Credits came back, all or some. */
export const refundedStatuses: readonly RefundStatus[] = ['partially_refunded', 'refunded']

/** The case has its credits or its result: a message to support about it needs no answer. */
export const resolvedStatuses: readonly RefundStatus[] = ['refunded', 'completed', 'not_charged']

/** Whether a case of this status asks the user to act, unless the user dismissed it. */
export const asksForAttention = (status: RefundStatus): boolean =>
  (attentionStatuses as readonly RefundStatus[]).includes(status)

export const isLost = (status: RefundStatus): boolean => lostStatuses.includes(status)

/** What the product concludes from a refund status: sets S1 to S5 of docs/refund-rules.md, and the key of the words of a case. */
import { attentionStatuses, type RefundReason, type RefundStatus } from './values.ts'

/** Credits are missing beyond doubt. */
export const lostStatuses: readonly RefundStatus[] = ['refund_missing', 'result_missing']

/** The case may still change, or a person has to look at it. */
export const openStatuses: readonly RefundStatus[] = [
  ...attentionStatuses,
  'cannot_tell',
  'refund_pending',
  'in_progress',
]

/** Credits came back, all or some. */
export const refundedStatuses: readonly RefundStatus[] = ['partially_refunded', 'refunded']

/** The case has its credits or its result: a message to support about it needs no answer. */
export const resolvedStatuses: readonly RefundStatus[] = ['refunded', 'completed', 'not_charged']

export const isLost = (status: RefundStatus): boolean => lostStatuses.includes(status)

/** What the words of a case depend on; `refunded` in credits. */
export interface Answer {
  refundStatus: RefundStatus
  reason: RefundReason
  refunded: number
}

/** A part of the refund arrived and the rest is missing (R12). The reason stays `system_failure`; the words differ. */
export const isRestMissing = ({ refundStatus, refunded }: Answer): boolean =>
  refundStatus === 'refund_missing' && refunded > 0

/** The key of the words of a case in the locale table `refunds.verdict`, below its status. */
export const wordsReason = (answer: Answer): RefundReason => (isRestMissing(answer) ? 'part_refunded' : answer.reason)

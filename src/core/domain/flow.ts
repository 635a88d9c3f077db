import type { RefundStatus } from '../../shared/values.ts'
import type { CreditFlow } from '../../shared/views.ts'

/** A period without charges. */
export const emptyFlow: CreditFlow = {
  delivered: 0,
  notGeneration: 0,
  refunded: 0,
  pending: 0,
  inProgress: 0,
  attention: 0,
  cannotTell: 0,
  dismissed: 0,
}

/** The segment of the flow bar for the credits of a case that did not come back: F1 to F6 of docs/refund-rules.md. */
export function flowSegmentOf(status: RefundStatus, dismissed: boolean): keyof CreditFlow {
  switch (status) {
    // F1
    case 'refund_pending':
      return 'pending'
    // F2
    case 'in_progress':
      return 'inProgress'
    // F3
    case 'cannot_tell':
      return 'cannotTell'
    // F4, and F5 if the user dismissed the case.
    case 'refund_missing':
    case 'result_missing':
    case 'needs_review':
      return dismissed ? 'dismissed' : 'attention'
    // F6
    case 'completed':
    case 'partially_refunded':
    case 'refunded':
    case 'not_charged':
      return 'delivered'
  }
}

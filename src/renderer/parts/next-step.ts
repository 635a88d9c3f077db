import type { CaseDetail } from '../../shared/views.ts'

export type Step = 'support' | 'chat' | 'libraries' | 'result' | 'job' | 'ledger' | 'sync'

type StepFacts = Pick<CaseDetail, 'refundStatus' | 'reason' | 'chatUrl'>

/** The recommended next step for a case. */
export function nextStep(facts: StepFacts): Step {
  switch (facts.refundStatus) {
    case 'refund_missing':
    case 'result_missing':
      return 'support'
    case 'cannot_tell':
      return 'sync'
    case 'needs_review':
      return facts.reason === 'over_refunded' ? 'ledger' : 'support'
    case 'in_progress':
      return facts.reason === 'generating' ? chatOf(facts) : 'libraries'
    case 'refund_pending':
      return chatOf(facts)
    case 'refunded':
      return 'ledger'
    case 'partially_refunded':
    case 'completed':
      return 'result'
    case 'not_charged':
      return 'job'
  }
}

/** The chat of a job; the job itself if Carat states no address of the chat. */
const chatOf = ({ chatUrl }: StepFacts): Step => (chatUrl === null ? 'job' : 'chat')

/** Whether a missing result may be in another library or sign-in, where Help searches with the user. */
export const mayBeElsewhere = ({ refundStatus, reason }: StepFacts): boolean =>
  refundStatus === 'result_missing' || (refundStatus === 'cannot_tell' && reason !== 'system_failure')

/** Whether a person has to decide, because Carat's rules do not cover the case. */
export const needsJudgement = ({ refundStatus, reason }: StepFacts): boolean =>
  refundStatus === 'needs_review' && reason !== 'over_refunded'

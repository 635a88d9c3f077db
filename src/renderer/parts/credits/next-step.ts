import { type Answer, answerOf, type NextStep } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'

/**
 * The next step of a case; the job if its chat has no address. Nothing more can be read about a case whose credits may
 * be in the balance already: only support can tell.
 */
export function nextStep(item: Answer & Pick<CaseDetail, 'chatUrl' | 'surplus' | 'unreadable'>): NextStep {
  const { step } = answerOf(item)
  if (item.surplus > 0 || item.unreadable.length > 0) return 'support'
  return step === 'chat' && item.chatUrl === null ? 'job' : step
}

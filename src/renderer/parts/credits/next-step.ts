import { type Answer, answerOf, doubtOf, type NextStep } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'

/** The doubts that no later sync removes: only support can tell. */
const beyondReading: readonly ReturnType<typeof doubtOf>[] = [
  'balance',
  'unreadable',
  'unreadable_job',
  'jobs',
  'credits',
]

/** The next step of a case; the job if its chat has no address. */
export function nextStep(item: Answer & Parameters<typeof doubtOf>[0] & Pick<CaseDetail, 'chatUrl'>): NextStep {
  const { step } = answerOf(item)
  if (beyondReading.includes(doubtOf(item))) return 'support'
  return step === 'chat' && item.chatUrl === null ? 'job' : step
}

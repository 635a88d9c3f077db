import { type Answer, answerOf, type NextStep } from '../../shared/refund-answers.ts'

/** The next step of a case. Without an address of the chat, the job stands in for it. */
export function nextStep(item: Answer & { chatUrl: string | null }): NextStep {
  const { step } = answerOf(item)
  return step === 'chat' && item.chatUrl === null ? 'job' : step
}

import { type Answer, answerOf } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import type { HelpState } from '../../navigation/help-path.ts'

type NoResultStep = 'charge' | 'refunded' | 'result' | 'signIn' | 'unread' | 'end'
type MissingStep = 'search' | 'signIn' | 'unread' | 'end'

/** The steps of a wizard in order, the current step, and its answer; undefined while the user still has to decide. */
export interface Plan<Step extends string> {
  steps: Step[]
  current: Step
  answer?: 'explained' | 'found' | 'otherSignIn' | 'delivered' | 'unread' | 'contact' | 'elsewhere'
}

type CaseFacts = Pick<
  CaseDetail,
  'refundStatus' | 'reason' | 'refunded' | 'surplus' | 'unreadable' | 'outcome' | 'agent' | 'jobId'
>

/**
 * The app's own answer about a charge: nothing is missing, the result was delivered, the job failed, or no answer yet.
 */
export function ownAnswer(item: CaseFacts): 'explained' | 'delivered' | 'failed' | 'open' {
  const { help } = answerOf(item)
  return help === 'open' && (item.outcome === 'failed' || item.outcome === 'canceled') ? 'failed' : help
}

/** The end of a search for a result: it was delivered, too little is synced to tell, or support must answer. */
export function endingOf(
  item: Answer & Pick<CaseDetail, 'surplus' | 'unreadable'>,
): 'delivered' | 'unread' | 'contact' {
  const { help, step } = answerOf(item)
  if (help === 'delivered') return 'delivered'
  return step === 'sync' && item.surplus === 0 && item.unreadable.length === 0 ? 'unread' : 'contact'
}

/** The job that answers the search: the user's choice, or the delivered job until the user rejects it. */
export function foundJob({ result, step }: HelpState, item: CaseFacts | null): HelpState['result'] {
  if (result) return result
  if (!item?.agent || item.jobId === null || step !== undefined || ownAnswer(item) !== 'delivered') return undefined
  return { agent: item.agent, jobId: item.jobId }
}

/** Plans "credits were charged, but there is no result". `unread` counts the streams that are not completely synced. */
export function planNoResult(state: HelpState, { item, unread }: { item: CaseFacts | null; unread: number }) {
  const own = item ? ownAnswer(item) : 'open'
  const searched: NoResultStep[] = own === 'failed' ? [] : ['result', 'signIn']
  const steps: NoResultStep[] = ['charge', 'refunded', ...searched, ...unreadStep(unread), 'end']
  return { steps, ...currentOfNoResult(state, item, unread) } satisfies Plan<NoResultStep>
}

function currentOfNoResult(
  state: HelpState,
  item: CaseFacts | null,
  unread: number,
): Omit<Plan<NoResultStep>, 'steps'> {
  if (!item) return { current: 'charge' }
  const own = ownAnswer(item)
  if (own === 'explained') return { current: 'refunded', answer: 'explained' }
  const last = { current: 'end', answer: endingOf(item) } as const
  if (state.step === 'end') return last
  if (state.step === 'unread' || own === 'failed') return unread > 0 ? { current: 'unread' } : last
  if (state.step === 'signIn') return { current: 'signIn' }
  if (state.step === 'otherSignIn') return { current: 'signIn', answer: 'otherSignIn' }
  return { current: 'result', answer: foundJob(state, item) && 'found' }
}

/** Plans "chats or works are missing". `unread` counts the streams that are not completely synced. */
export function planMissing(state: HelpState, { unread }: { unread: number }) {
  const steps: MissingStep[] = ['search', 'signIn', ...unreadStep(unread), 'end']
  return { steps, ...currentOfMissing(state, unread) } satisfies Plan<MissingStep>
}

function currentOfMissing({ step, result }: HelpState, unread: number): Omit<Plan<MissingStep>, 'steps'> {
  if (result) return { current: 'search', answer: 'found' }
  if (step === 'signIn') return { current: 'signIn' }
  if (step === 'otherSignIn') return { current: 'signIn', answer: 'otherSignIn' }
  if (step === 'unread' && unread > 0) return { current: 'unread' }
  return step === 'unread' || step === 'end' ? { current: 'end', answer: 'elsewhere' } : { current: 'search' }
}

const unreadStep = (unread: number) => (unread > 0 ? (['unread'] as const) : [])

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StreamState, Whereabouts } from '../../../shared/views.ts'
import { lines } from '../../i18n/format.ts'
import { type HelpPath, type HelpState, helpPath } from '../../navigation/help-path.ts'
import { HelpPage } from './help-page.tsx'
import type { Plan } from './plan.ts'
import { OtherSignIn, SignInStep } from './sign-in-step.tsx'
import { Steps, type StepView } from './steps.tsx'
import { UnreadStep } from './unread-step.tsx'

interface WizardProps<Step extends string> {
  path: HelpPath
  plan: Plan<Step>
  views: Record<Step, StepView>
  /** Whether the data of the steps is loaded; until then only the frame is drawn. */
  ready: boolean
  started: boolean
  rail: ReactNode
}

/** Draws a Help path of several steps. After an answer, later steps are hidden. */
export function Wizard<Step extends string>({ path, plan, views, ready, started, rail }: WizardProps<Step>) {
  const { t } = useTranslation()
  const { steps, current, answer } = plan
  const position = steps.indexOf(current)
  const visible = answer ? steps.slice(0, position + 1) : steps
  return (
    <HelpPage
      path={path}
      started={started}
      progress={
        answer
          ? t(current === 'end' ? 'help.searched' : 'help.answered')
          : t('help.progress', { step: position + 1, count: steps.length })
      }
      rail={rail}
    >
      {ready && <Steps steps={visible.map((id) => ({ id, ...views[id] }))} current={current} answer={answer} />}
    </HelpPage>
  )
}

interface LastStepsProps {
  path: HelpPath
  /** The part of the state that later steps keep. */
  state: HelpState
  step: HelpState['step']
  others: Whereabouts['otherAccounts']
  unread: StreamState[]
}

/** The steps that both wizards share: another sign-in, and streams that are not completely synced. */
export function useLastSteps({ path, state, step, others, unread }: LastStepsProps) {
  const { t } = useTranslation()
  const to = (next: HelpState['step']) => helpPath(path, { ...state, step: next })
  const isElsewhere = step === 'otherSignIn'
  return {
    signIn: {
      title: t(isElsewhere ? 'help.signIn.answerTitle' : 'help.step.signIn', lines),
      finding: t('help.signIn.finding', lines),
      body: isElsewhere ? (
        <OtherSignIn others={others} />
      ) : (
        <SignInStep others={others} elsewhere={to('otherSignIn')} goOn={to(unread.length > 0 ? 'unread' : 'end')} />
      ),
    },
    unread: {
      title: t('help.step.unread', lines),
      finding: t('help.unread.finding', { count: unread.length, ...lines }),
      body: <UnreadStep streams={unread} goOn={to('end')} />,
    },
  } satisfies Record<string, StepView>
}

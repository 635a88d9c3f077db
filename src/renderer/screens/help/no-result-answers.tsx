import { useTranslation } from 'react-i18next'
import { answerOf } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { lines } from '../../i18n/format.ts'
import { useVerdict } from '../../i18n/use-texts.ts'
import { helpPath } from '../../navigation/help-path.ts'
import { casePath, messagePath } from '../../navigation/paths.ts'
import { PolicyNote } from '../../parts/credits/policy-note.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { SyncButton } from '../../parts/sync/sync-buttons.tsx'
import { endingOf } from './plan.ts'
import stepStyles from './steps.module.css'

const primary = { variant: 'primary', size: 'large' } as const

export function VerdictTitle({ item }: { item: CaseDetail }) {
  return useVerdict(item).title
}

/** The answer if the refund rules explain the charge: the reason, and what would change the verdict. */
export function Explained({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const { why, change } = useVerdict(item)
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{why}</p>
      <p className={`lines ${stepStyles.text}`}>{change}</p>
      <InternalLink to={casePath(item)} button={primary}>
        {t('help.answer.proof')}
      </InternalLink>
    </>
  )
}

/** The answer after the complete search: the verdict on the charge and the next step. */
export function Ending({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const { why } = useVerdict(item)
  const { agent, jobId } = item
  const ending = endingOf(item)
  const steps = {
    delivered: (
      <InternalLink
        to={helpPath('unwanted', agent && jobId !== null ? { result: { agent, jobId } } : {})}
        button={primary}
      >
        {t('help.unwanted.title')}
      </InternalLink>
    ),
    unread: <SyncButton variant="primary" size="large" />,
    contact: (
      <InternalLink to={messagePath(item)} button={primary}>
        {t('refunds.step.support.label')}
      </InternalLink>
    ),
  }
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{why}</p>
      {answerOf(item).needsJudgement && <PolicyNote />}
      {ending === 'contact' && <p className={`lines ${stepStyles.text}`}>{t('help.no-result.end.text', lines)}</p>}
      <div className={stepStyles.actions}>
        {steps[ending]}
        <InternalLink to={casePath(item, { tab: 'all' })}>{t('help.answer.proof')}</InternalLink>
      </div>
    </>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { answerOf, type NextStep } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { jobRef } from '../../data/records.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { helpPath } from '../../navigation/help-path.ts'
import { diaryPath, importPath, jobPath, libraryPath, messagePath } from '../../navigation/paths.ts'
import { nextStep } from '../../parts/credits/next-step.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { SyncButton } from '../../parts/sync/sync-buttons.tsx'
import type { ButtonLook } from '../../ui/button.tsx'
import { Time } from '../../ui/values.tsx'
import styles from './case-explanation.module.css'

const primary: ButtonLook = { variant: 'primary', size: 'large' }

/** The next step of a case and what it does, then messages already sent to support. */
export function StepLine({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const next = nextStep(item)
  // No sync reads what a table lacks.
  const step = next === 'sync' && item.lacking.length > 0 ? 'table' : next
  const { mayBeElsewhere, offersSupport } = answerOf(item)
  const { agent, jobId, chatUrl } = item
  const job = agent && jobId !== null ? jobRef({ account: item.account, agent, jobId }) : null
  // Results that were matched to a charge are links above.
  const isAbove = step === 'result' && job === null
  const toJob = job ? jobPath(job) : libraryPath()

  const actions: Record<NextStep | 'table', ReactNode> = {
    support: (
      <InternalLink to={messagePath(item)} button={primary}>
        {t('refunds.step.support.label')}
      </InternalLink>
    ),
    chat: job && chatUrl !== null && (
      <ExternalLink to={{ chat: job, url: chatUrl }} button={primary}>
        {t('refunds.job.openChat')}
      </ExternalLink>
    ),
    libraries: (
      <InternalLink to={libraryPath()} agent="all" button={primary}>
        {t('refunds.step.libraries.label')}
      </InternalLink>
    ),
    result: (
      <InternalLink to={toJob} button={primary}>
        {t('refunds.step.result.label')}
      </InternalLink>
    ),
    job: (
      <InternalLink to={toJob} button={primary}>
        {t('refunds.step.job.label')}
      </InternalLink>
    ),
    ledger: (
      <InternalLink to={creditsPath({ row: item.transactions.at(-1)?.id })} button={primary}>
        {t('refunds.step.ledger.label')}
      </InternalLink>
    ),
    sync: <SyncButton {...primary} />,
    table: (
      <InternalLink to={importPath()} button={primary}>
        {t('refunds.step.table.label')}
      </InternalLink>
    ),
  }
  return (
    <div className={styles.step}>
      {!isAbove && (
        <>
          {actions[step]}
          <p className={`lines ${styles.promise}`}>{t(`refunds.step.${step}.promise`, lines)}</p>
        </>
      )}
      {offersSupport && (
        <p className={styles.contact}>
          {t('refunds.contact')} <InternalLink to={messagePath(item)}>{t('refunds.step.support.label')}</InternalLink>
        </p>
      )}
      {mayBeElsewhere && (
        <p className={styles.contact}>
          {t('refunds.look')}{' '}
          <InternalLink to={helpPath('no-result', { case: item.case })} account={item.account}>
            {t('help.step.search')}
          </InternalLink>
        </p>
      )}
      {item.support.length > 0 && (
        <p className={styles.contact}>
          <InternalLink to={diaryPath}>{t('support.title')}</InternalLink>
          {item.support.map(({ id, state, changedAt }) => (
            <span key={id}>
              {middleDot}
              {t(`support.state.${state}`)} <Time at={changedAt} />
            </span>
          ))}
        </p>
      )}
    </div>
  )
}

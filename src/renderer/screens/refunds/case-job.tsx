import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../shared/views.ts'
import { jobRef } from '../../data/records.ts'
import { middleDot, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { jobPath } from '../../navigation/paths.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { Thumbnail } from '../../parts/jobs/thumbnail.tsx'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import styles from './case-job.module.css'

/** The job of a case with a link to its chat, or the charge without a job. */
export function CaseJob({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { agent, thumbnail, chatUrl, model } = item
  const { account, jobId } = item
  const job = item.outcome !== 'no_job' && agent && jobId !== null ? jobRef({ account, agent, jobId }) : null
  const charge = item.transactions.find((row) => row.kind === 'charge')
  const when = charge && format.dateTime(charge.occurredAt, precisionOf(charge.precisionMs))
  return (
    <div className={styles.line}>
      <Thumbnail className={styles.picture} media={job && thumbnail && { ...job, resultId: thumbnail.id }} alt="" />
      <div className={styles.text}>
        <p className={styles.prompt}>
          {job ? (
            <InternalLink to={jobPath(job)} className={styles.job}>
              {item.prompt}
            </InternalLink>
          ) : (
            t('refunds.job.noJob')
          )}
        </p>
        <p className={styles.made}>
          {agent && <AgentBadge agent={agent} />}
          <AccountBadge account={account} />
          <span>{[model, when && t('refunds.job.charged', { when })].filter(Boolean).join(middleDot)}</span>
        </p>
      </div>
      {job && chatUrl !== null && (
        <ExternalLink to={{ chat: job, url: chatUrl }}>{t('refunds.job.openChat')}</ExternalLink>
      )}
    </div>
  )
}

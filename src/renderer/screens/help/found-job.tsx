import { useTranslation } from 'react-i18next'
import type { JobItem } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { jobPath } from '../../navigation/paths.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { JobLink } from './candidates.tsx'
import styles from './found-job.module.css'
import stepStyles from './steps.module.css'

interface FoundJobProps {
  job: Pick<JobItem, 'agent' | 'jobId'>
  /** The address that rejects this job and continues the search. */
  goOn: string
}

/** The answer if the result was found: the job with a link to its chat. */
export function FoundJob({ job: { agent, jobId }, goOn }: FoundJobProps) {
  const { t } = useTranslation()
  const { data: job, error, refetch } = useRoute('jobs.get', { agent, jobId })
  if (error) return <ErrorState error={error} onRetry={refetch} />
  if (job?.jobId !== jobId) return null
  const button = { variant: 'primary', size: 'large' } as const
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>
        {t(`help.answer.${job.removedAt === null ? 'there' : 'kept'}`, lines)}
      </p>
      <div className={styles.job}>
        <JobLink job={job} />
      </div>
      <div className={stepStyles.actions}>
        {job.chatUrl !== null && job.removedAt === null ? (
          <>
            <ExternalLink to={{ chat: { agent, jobId }, url: job.chatUrl }} button={button}>
              {t('library.openChat')}
            </ExternalLink>
            <InternalLink to={jobPath({ agent, jobId })}>{t('help.answer.openJob')}</InternalLink>
          </>
        ) : (
          <InternalLink to={jobPath({ agent, jobId })} button={button}>
            {t('help.answer.openJob')}
          </InternalLink>
        )}
        <InternalLink to={goOn}>{t('help.answer.another')}</InternalLink>
      </div>
    </>
  )
}

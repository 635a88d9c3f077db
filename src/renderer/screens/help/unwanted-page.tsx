import { useTranslation } from 'react-i18next'
import type { JobDetail } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { recordAttributes } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import { useVerdict } from '../../i18n/use-texts.ts'
import { helpPath, useHelpState } from '../../navigation/help-path.ts'
import { casePath, jobPath, libraryPath } from '../../navigation/paths.ts'
import { PolicyNote } from '../../parts/credits/policy-note.tsx'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import { JobLink } from './candidates.tsx'
import { CaratQuotes } from './carat-quotes.tsx'
import styles from './help-page.module.css'
import { HelpPage } from './help-page.tsx'

const tips = [1, 2, 3, 4, 5] as const
const primary = { variant: 'primary', size: 'large' } as const

/** The result is not as expected: shows the rule, then how to improve the next result. Offers no support message. */
export function UnwantedPage() {
  const { t } = useTranslation()
  const { result } = useHelpState()
  const { data, error, refetch } = useRoute('jobs.get', result ?? { agent: 'agent-1', jobId: '-' }, {
    enabled: result !== undefined,
  })
  const job = result && data?.jobId === result.jobId ? data : undefined
  useReady(result === undefined || job !== undefined || error !== null)
  return (
    <HelpPage
      path="unwanted"
      started={result !== undefined}
      progress={job && t('help.answered')}
      rail={
        <CaratQuotes
          quotes={[t('help.unwanted.quote1', lines), t('help.unwanted.quote2', lines)]}
          source="helpUnwanted"
        />
      }
    >
      <PolicyNote />
      {result && error && <ErrorState error={error} onRetry={() => refetch()} />}
      {job && <Chosen job={job} />}
      <section>
        <SectionHeading>{t('help.unwanted.tips')}</SectionHeading>
        <ul className={styles.tips}>
          {tips.map((tip) => (
            <li key={tip} className="lines">
              {t(`help.unwanted.tip${tip}`, lines)}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <SectionHeading>{t('help.unwanted.again')}</SectionHeading>
        {job ? <TryAgain job={job} /> : <PickResult />}
      </section>
      <section>
        <SectionHeading>{t('help.unwanted.more')}</SectionHeading>
        <p className={`lines ${styles.hint}`}>{t('help.unwanted.moreText', lines)}</p>
        <ExternalLink to="upgrade" button={{}}>
          {t('help.unwanted.upgrade')}
        </ExternalLink>
      </section>
    </HelpPage>
  )
}

/** The rule applied to the chosen job: it was delivered, or its verdict is a different case. */
function Chosen({ job }: { job: JobDetail }) {
  const { t } = useTranslation()
  const { title, why } = useVerdict(job.case)
  return (
    <section data-answer={job.refundStatus}>
      <SectionHeading>{t('help.unwanted.chosen')}</SectionHeading>
      <div className={styles.chosen}>
        <JobLink job={job} />
        <div>
          <h4 className="lines">{title}</h4>
          <p className={`lines ${styles.hint}`}>{why}</p>
          {job.refundStatus !== 'completed' && (
            <InternalLink to={casePath(job.case, { tab: 'all' })}>{t('help.answer.proof')}</InternalLink>
          )}
        </div>
      </div>
    </section>
  )
}

function TryAgain({ job: { agent, jobId, chatUrl, removedAt } }: { job: JobDetail }) {
  const { t } = useTranslation()
  const inChat = chatUrl !== null && removedAt === null
  return (
    <>
      {inChat && <p className={`lines ${styles.hint}`}>{t('help.unwanted.chatText', lines)}</p>}
      <p className={styles.actions}>
        {inChat && (
          <ExternalLink to={{ chat: { agent, jobId }, url: chatUrl }} button={primary}>
            {t('library.openChat')}
          </ExternalLink>
        )}
        <InternalLink to={jobPath({ agent, jobId })}>{t('help.answer.openJob')}</InternalLink>
        <InternalLink to={helpPath('unwanted')}>{t('help.unwanted.another')}</InternalLink>
      </p>
    </>
  )
}

/** The newest results to choose from. */
function PickResult() {
  const { t } = useTranslation()
  const { data } = useRoute('jobs.list', { refundStatuses: ['completed'], limit: 4 })
  return (
    <>
      <p className={`lines ${styles.hint}`}>{t('help.unwanted.againText', lines)}</p>
      {data && data.items.length > 0 && (
        <ul className={styles.results}>
          {data.items.map((job) => (
            <li key={`${job.agent}/${job.jobId}`} {...recordAttributes(job)}>
              <JobLink job={job} to={helpPath('unwanted', { result: job })} />
            </li>
          ))}
        </ul>
      )}
      <InternalLink to={libraryPath({ statuses: ['completed'] })} agent="all" button={primary}>
        {t('help.unwanted.againButton')}
      </InternalLink>
    </>
  )
}

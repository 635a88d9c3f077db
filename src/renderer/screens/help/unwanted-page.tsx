import { useTranslation } from 'react-i18next'
import { ExternalLink, InternalLink } from '../../components/links.tsx'
import { PolicyNote } from '../../components/policy-note.tsx'
import { SectionHeading } from '../../components/section-heading.tsx'
import { useRoute } from '../../data/hooks.ts'
import { useReady } from '../../data/ready.ts'
import { recordAttributes } from '../../data/record-attributes.ts'
import { libraryPath } from '../../navigation/paths.ts'
import { JobLink } from './candidates.tsx'
import { CaratWords } from './carat-words.tsx'
import styles from './help-page.module.css'
import { HelpPage } from './help-page.tsx'

const tips = [1, 2, 3, 4, 5] as const

/** The result is not what was wanted: the rule first, then how the next one comes closer. No way to support is offered. */
export function UnwantedPage() {
  const { t } = useTranslation()
  const lines = { separator: '\n' }
  useReady(true)
  return (
    <HelpPage
      path="unwanted"
      rail={
        <CaratWords
          quotes={[t('help.unwanted.quote1', lines), t('help.unwanted.quote2', lines)]}
          source="helpUnwanted"
        />
      }
    >
      <PolicyNote />
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
        <p className={`lines ${styles.hint}`}>{t('help.unwanted.againText', lines)}</p>
        <NewestResults />
        <InternalLink
          to={libraryPath({ statuses: ['completed'] })}
          agent="all"
          button={{ variant: 'primary', size: 'large' }}
        >
          {t('help.unwanted.againButton')}
        </InternalLink>
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

/** The newest results, each of which leads to its chat. */
function NewestResults() {
  const { data } = useRoute('jobs.list', { refundStatuses: ['completed'], limit: 4 })
  if (!data || data.items.length === 0) return null
  return (
    <ul className={styles.results}>
      {data.items.map((job) => (
        <li key={`${job.agent}/${job.jobId}`} {...recordAttributes(job)}>
          <JobLink job={job} />
        </li>
      ))}
    </ul>
  )
}

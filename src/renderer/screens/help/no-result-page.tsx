import { useTranslation } from 'react-i18next'
import { ExternalLink } from '../../components/links.tsx'
import { SectionHeading } from '../../components/section-heading.tsx'
import { useReady } from '../../data/ready.ts'
import { CaratWords } from './carat-words.tsx'
import styles from './help-page.module.css'
import { HelpPage } from './help-page.tsx'
import { LedgerPlace, LibraryPlaces, Places, RefundsPlace } from './places.tsx'
import { SyncSection } from './sync-section.tsx'

/** Credits were deducted, but there is no result. */
export function NoResultPage() {
  const { t } = useTranslation()
  const lines = { separator: '\n' }
  useReady(true)
  return (
    <HelpPage
      path="no-result"
      rail={
        <>
          <CaratWords
            quotes={[
              t('help.no-result.quote1', lines),
              t('help.no-result.quote2', lines),
              t('help.no-result.quote3', lines),
            ]}
            source="helpFailed"
          />
          <ExternalLink to="helpHistory">{t('help.no-result.historyLink')}</ExternalLink>
        </>
      }
    >
      <section>
        <SectionHeading>{t('help.where.title')}</SectionHeading>
        <Places>
          <LibraryPlaces />
          <RefundsPlace />
          <LedgerPlace />
        </Places>
      </section>
      <SyncSection />
      <section>
        <SectionHeading>{t('help.no-result.last')}</SectionHeading>
        <p className={`lines ${styles.hint}`}>{t('help.no-result.lastText', lines)}</p>
        <ExternalLink to="support" button={{}}>
          {t('nav.support')}
        </ExternalLink>
      </section>
    </HelpPage>
  )
}

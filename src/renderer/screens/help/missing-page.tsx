import { useTranslation } from 'react-i18next'
import { ExternalLink } from '../../components/links.tsx'
import { SectionHeading } from '../../components/section-heading.tsx'
import { useRoute } from '../../data/hooks.ts'
import { useReady } from '../../data/ready.ts'
import { useLabels } from '../../i18n/use-labels.ts'
import { CaratWords } from './carat-words.tsx'
import styles from './help-page.module.css'
import { HelpPage } from './help-page.tsx'
import { LibraryPlaces, Places } from './places.tsx'
import { SyncSection } from './sync-section.tsx'

/** Chats or works that seem gone: the other agent, another sign-in, not synced yet, or kept only here. */
export function MissingPage() {
  const { t } = useTranslation()
  const lines = { separator: '\n' }
  useReady(true)
  return (
    <HelpPage
      path="missing"
      rail={
        <>
          <CaratWords
            quotes={[t('help.missing.quote1', lines), t('help.missing.quote2', lines), t('help.missing.quote3', lines)]}
            source="helpMissingChats"
          />
          <section className={styles.web}>
            <h3>{t('help.missing.web')}</h3>
            <ExternalLink to="agent1">{t('agent.agent-1')}</ExternalLink>
            <ExternalLink to="agent2">{t('agent.agent-2')}</ExternalLink>
          </section>
        </>
      }
    >
      <section>
        <SectionHeading>{t('help.where.title')}</SectionHeading>
        <Places>
          <LibraryPlaces />
        </Places>
      </section>
      <AccountSection />
      <SyncSection />
      <section>
        <SectionHeading>{t('help.missing.kept')}</SectionHeading>
        <p className={`lines ${styles.hint}`}>{t('help.missing.keptText', lines)}</p>
      </section>
    </HelpPage>
  )
}

function AccountSection() {
  const { t } = useTranslation()
  const labels = useLabels()
  const { data: account } = useRoute('account.get', {})
  if (!account) return null
  const { displayName, email, signInMethod } = account
  return (
    <section>
      <SectionHeading>{t('help.where.account')}</SectionHeading>
      <p className={styles.account}>{[displayName, labels.signIn(signInMethod), email].filter(Boolean).join(' · ')}</p>
      <p className={`lines ${styles.hint}`}>{t('help.missing.accountDetail', { separator: '\n' })}</p>
    </section>
  )
}

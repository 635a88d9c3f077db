import { ChevronRight, CircleQuestionMark, CreditCard, ImageOff, type LucideIcon, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { lines } from '../../i18n/format.ts'
import { type HelpPath, helpPaths } from '../../navigation/help-path.ts'
import { ExternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './help-index.module.css'

const icons: Record<HelpPath, LucideIcon> = { 'no-result': CreditCard, unwanted: ImageOff, missing: SearchX }

export function HelpIndex() {
  const { t } = useTranslation()
  useReady(true)
  return (
    <Screen title={t('nav.help')}>
      <Sheet>
        <div className={styles.page}>
          <header>
            <h2 className="lines">{t('help.title', lines)}</h2>
            <p className={`lines ${styles.lead}`}>{t('help.lead', lines)}</p>
          </header>
          <ul className={styles.paths}>
            {helpPaths.map((path) => (
              <li key={path}>
                <Link href={`/help/${path}`} className={styles.path}>
                  <Icon icon={icons[path]} size={20} />
                  <span>
                    <span className={`lines ${styles.name}`}>{t(`help.${path}.title`, lines)}</span>
                    <span className={`lines ${styles.summary}`}>{t(`help.${path}.summary`, lines)}</span>
                  </span>
                  <Icon icon={ChevronRight} />
                </Link>
              </li>
            ))}
          </ul>
          <section>
            <SectionHeading>{t('help.caratHelp')}</SectionHeading>
            <ul className={styles.links}>
              <li>
                <ExternalLink to="helpFailed">{t('help.index.failed')}</ExternalLink>
              </li>
              <li>
                <ExternalLink to="helpUnwanted">{t('help.rule.helpLink')}</ExternalLink>
              </li>
              <li>
                <ExternalLink to="helpMissingChats">{t('help.index.missingChats')}</ExternalLink>
              </li>
              <li>
                <ExternalLink to="helpHistory">{t('help.no-result.historyLink')}</ExternalLink>
              </li>
              <li>
                <ExternalLink to="terms">{t('help.rule.termsLink')}</ExternalLink>
              </li>
              <li>
                <ExternalLink to="upgrade">{t('help.unwanted.upgrade')}</ExternalLink>
              </li>
            </ul>
          </section>
          <p className={styles.contact}>
            <Icon icon={CircleQuestionMark} />
            {t('help.no-result.last')} <ExternalLink to="support">{t('nav.support')}</ExternalLink>
          </p>
        </div>
      </Sheet>
    </Screen>
  )
}

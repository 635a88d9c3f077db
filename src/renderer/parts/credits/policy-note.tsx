import { Scale } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { lines } from '../../i18n/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { ExternalLink } from '../screen/links.tsx'
import styles from './policy-note.module.css'

/** Carat's refund rule with its legal basis. Shown before every contact to support. */
export function PolicyNote() {
  const { t } = useTranslation()
  const title = useId()
  return (
    <section className={styles.note} aria-labelledby={title}>
      <Icon icon={Scale} size={18} />
      <div className={styles.text}>
        <h3 id={title}>{t('help.rule.title')}</h3>
        <p className="lines">{t('help.rule.failed', lines)}</p>
        <p className="lines">{t('help.rule.unwanted', lines)}</p>
        <p className={styles.links}>
          <span className={styles.ground}>{t('help.rule.ground')}</span>
          <ExternalLink to="terms">{t('help.rule.article26')}</ExternalLink>
          <ExternalLink to="law17">{t('help.rule.article17')}</ExternalLink>
          <ExternalLink to="helpUnwanted">{t('help.rule.helpLink')}</ExternalLink>
        </p>
      </div>
    </section>
  )
}

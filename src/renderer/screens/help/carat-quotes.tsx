import { useTranslation } from 'react-i18next'
import type { LinkKey } from '../../../shared/values.ts'
import { ExternalLink } from '../../parts/screen/links.tsx'
import styles from './carat-quotes.module.css'

interface CaratQuotesProps {
  quotes: string[]
  /** The page of Carat's help that is quoted. */
  source: LinkKey
}

/** Short quotes of Carat's help with a link to the full page. */
export function CaratQuotes({ quotes, source }: CaratQuotesProps) {
  const { t } = useTranslation()
  return (
    <section className={styles.words}>
      <h3>{t('help.carat.title')}</h3>
      <div className={styles.quotes}>
        {quotes.map((quote) => (
          <p key={quote} className="lines">
            {quote}
          </p>
        ))}
        <ExternalLink to={source}>{t('help.carat.open')}</ExternalLink>
      </div>
    </section>
  )
}

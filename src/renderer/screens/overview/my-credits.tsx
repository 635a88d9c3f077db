import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { Balance } from '../../parts/balance.tsx'
import { ExternalLink } from '../../parts/links.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './my-credits.module.css'

/** The balance with a link to top up. */
export function MyCredits() {
  const { t } = useTranslation()
  const id = useId()
  const { data: account } = useRoute('account.get', {})
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} aside={<ExternalLink to="upgrade">{t('overview.topUp')}</ExternalLink>}>
        {t('overview.myCredits')}
      </SectionHeading>
      <div className={styles.body}>
        {account ? (
          <Balance account={account} layout="wide" />
        ) : (
          account === null && <p className={`lines ${styles.none}`}>{t('credits.noBalance', { separator: '\n' })}</p>
        )}
      </div>
    </section>
  )
}

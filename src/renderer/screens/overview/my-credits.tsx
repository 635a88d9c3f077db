import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { AccountBalances } from '../../parts/accounts/account-balances.tsx'
import { Balance } from '../../parts/accounts/balance.tsx'
import { ExternalLink } from '../../parts/screen/links.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './my-credits.module.css'

/** The balance with a link to top up. */
export function MyCredits({ byAccount }: Pick<Overview, 'byAccount'>) {
  const { t } = useTranslation()
  const id = useId()
  const { data: account } = useRoute('account.get', {})
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} aside={<ExternalLink to="upgrade">{t('overview.topUp')}</ExternalLink>}>
        {t('overview.myCredits')}
      </SectionHeading>
      <div className={styles.body}>
        {byAccount.length > 0 ? (
          <AccountBalances used={byAccount} />
        ) : account ? (
          <Balance account={account} layout="wide" />
        ) : (
          account === null && <p className={`lines ${styles.none}`}>{t('credits.noBalance', lines)}</p>
        )}
      </div>
    </section>
  )
}

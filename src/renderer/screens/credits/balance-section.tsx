import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useShowsAll } from '../../data/account.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { AccountBalances } from '../../parts/accounts/account-balances.tsx'
import { Balance } from '../../parts/accounts/balance.tsx'
import styles from './balance-section.module.css'

/** The balance of the account with its heading. */
export function BalanceSection() {
  const { t, i18n } = useTranslation()
  const id = useId()
  const { data: account } = useRoute('account.get', {})
  const showsAll = useShowsAll()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {t('credits.left')}
      </h2>
      {showsAll ? (
        <AccountBalances />
      ) : account ? (
        <Balance account={account} layout={i18n.language === 'both' ? 'wide' : 'inline'} />
      ) : (
        account === null && <p className={`lines ${styles.none}`}>{t('credits.noBalance', lines)}</p>
      )}
    </section>
  )
}

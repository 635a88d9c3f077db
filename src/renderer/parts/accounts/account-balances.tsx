import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/views.ts'
import { useAccountsInView } from '../../data/account.ts'
import { useCommand } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import styles from './account-balances.module.css'
import { useAccountLabel } from './account-label.ts'

/** The balance of each account, and with `used` what it spent. Balances are never added: credits stay in their account. */
export function AccountBalances({ used = [] }: { used?: Overview['byAccount'] }) {
  const { t } = useTranslation()
  const accounts = useAccountsInView()
  const accountLabel = useAccountLabel()
  const { mutate: show } = useCommand('accounts.show')
  const usedOf = new Map(used.map((row) => [row.account, row]))
  return (
    <>
      <ul className={styles.accounts} aria-label={t('account.balances')}>
        {accounts.map(({ id, balance, balanceAsOf }) => (
          <li key={id} className={styles.account} data-account={id}>
            <Button variant="plain" size="small" className={styles.name} onClick={() => show({ id })}>
              <span className="clip">{accountLabel(id)}</span>
              <span className="sr-only">{t('account.showAlone')}</span>
            </Button>
            {balance === null ? (
              <span className={styles.none}>{t('account.noBalance')}</span>
            ) : (
              <Amount value={balance} look="unit" className={styles.balance} />
            )}
            <span className={styles.facts}>
              {balanceAsOf !== null && <Time at={balanceAsOf} />}
              <Used row={usedOf.get(id)} />
            </span>
          </li>
        ))}
      </ul>
      <p className={`lines ${styles.note}`}>{t('account.notAdded', lines)}</p>
    </>
  )
}

function Used({ row }: { row: Overview['byAccount'][number] | undefined }) {
  const { t } = useTranslation()
  if (!row) return null
  const { charged, attentionCount, attentionCredits } = row
  return (
    <>
      <span>{t('account.charged', { amount: charged })}</span>
      {attentionCount > 0 && (
        <span className={styles.attention}>
          {t('account.toCheck', { count: attentionCount, amount: attentionCredits })}
        </span>
      )}
    </>
  )
}

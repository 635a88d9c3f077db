import { useTranslation } from 'react-i18next'
import { useShowsAll } from '../data/account.ts'
import { useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import { useAccountName } from '../parts/accounts/account-name.ts'
import { later } from '../parts/screen/later.tsx'
import styles from './sidebar.module.css'

const AccountMenu = later('menu', () => import('./account-menu.tsx').then((code) => code.AccountMenu))

/** The account shown, and a menu of all accounts with the way to the user's own history. Absent until it is loaded. */
export function AccountBlock() {
  const { t } = useTranslation()
  const labels = useLabels()
  const accountName = useAccountName()
  const { data: account } = useRoute('account.get', {})
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const showsAll = useShowsAll()
  if (account === undefined) return null
  const shown = accounts.filter(({ isShown }) => isShown)
  const one = account ? (account.isImported ? accountName(account) : account.displayName) : t('account.none')
  const from = account && labels.signIn(account.signInMethod)
  const name = showsAll ? t('account.all') : one
  return (
    <AccountMenu
      trigger={
        <button type="button" className={styles.account}>
          <span className={styles.avatar} aria-hidden>
            {[...name][0]}
          </span>
          <span className={`${styles.who} ${styles.word}`}>
            <span className={`clip ${styles.name}`}>{name}</span>
            {showsAll ? (
              <span className={styles.plan}>{t('account.count', { count: shown.length })}</span>
            ) : (
              account && (
                <span className={styles.plan}>
                  {account.isImported ? from : `${from}${middleDot}${labels.plan(account.plan)}`}
                </span>
              )
            )}
          </span>
          <span className="sr-only">{t('account.menu')}</span>
        </button>
      }
    />
  )
}

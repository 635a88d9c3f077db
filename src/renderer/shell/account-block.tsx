import { useTranslation } from 'react-i18next'
import { useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import styles from './sidebar.module.css'

/** The current account: name, sign-in method and plan. Empty before the first sync. */
export function AccountBlock() {
  const labels = useLabels()
  const { data: account } = useRoute('account.get', {})
  const { t } = useTranslation()
  if (!account) return null
  const name = account.isImported ? t('account.imported') : account.displayName
  const from = labels.signIn(account.signInMethod)
  return (
    <div className={styles.account}>
      <span className={styles.avatar} aria-hidden>
        {[...name][0]}
      </span>
      <span className={`${styles.who} ${styles.word}`}>
        <span className={`clip ${styles.name}`}>{name}</span>
        <span className={styles.plan}>
          {account.isImported ? from : `${from}${middleDot}${labels.plan(account.plan)}`}
        </span>
      </span>
    </div>
  )
}

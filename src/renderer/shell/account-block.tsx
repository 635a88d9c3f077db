import { useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import styles from './sidebar.module.css'

/** The current account: name, sign-in method and plan. Empty before the first sync. */
export function AccountBlock() {
  const labels = useLabels()
  const { data: account } = useRoute('account.get', {})
  if (!account) return null
  return (
    <div className={styles.account}>
      <span className={styles.avatar} aria-hidden>
        {[...account.displayName][0]}
      </span>
      <span className={`${styles.who} ${styles.word}`}>
        <span className={`clip ${styles.name}`}>{account.displayName}</span>
        <span
          className={styles.plan}
        >{`${labels.signIn(account.signInMethod)}${middleDot}${labels.plan(account.plan)}`}</span>
      </span>
    </div>
  )
}

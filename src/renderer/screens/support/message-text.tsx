import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SupportDraft } from '../../../shared/views.ts'
import styles from './support.module.css'

/** The exact text of a message. `busy` while it is being composed again. */
export function MessageText({ message, busy }: { message: SupportDraft; busy: boolean }) {
  const { t } = useTranslation()
  const title = useId()
  return (
    <section className={styles.message} aria-labelledby={title} aria-busy={busy}>
      <h2 id={title}>{t('support.new.preview')}</h2>
      <p className={styles.subject}>{message.subject}</p>
      <p className={styles.text}>{message.text}</p>
    </section>
  )
}

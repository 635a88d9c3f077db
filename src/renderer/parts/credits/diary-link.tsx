import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SupportCase } from '../../../shared/views.ts'
import { useNow } from '../../data/clock.ts'
import { useRoute } from '../../data/hooks.ts'
import { diaryPath } from '../../navigation/paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { InternalLink } from '../screen/links.tsx'
import styles from './diary-link.module.css'

/** Whether the reminder to look for an answer is due. Resolved messages are never due. */
export const isReminderDue = ({ remindAt, state }: SupportCase, now: number): boolean =>
  remindAt !== null && remindAt <= now && state !== 'resolved'

/** A link to the diary of messages, with the number of due reminders. */
export function DiaryLink() {
  const { t } = useTranslation()
  const now = useNow()
  const { data: entries = [] } = useRoute('support.list', {})
  const due = entries.filter((entry) => isReminderDue(entry, now)).length
  return (
    <InternalLink to={diaryPath} button={{ variant: 'soft' }}>
      <Icon icon={BookOpen} size={14} />
      {t('support.title')}
      {due > 0 && <span className={`num ${styles.due}`}>{t('support.remind.dueCount', { count: due })}</span>}
    </InternalLink>
  )
}

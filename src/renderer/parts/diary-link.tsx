import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../clock.ts'
import { useRoute } from '../data/hooks.ts'
import { diaryPath } from '../navigation/support-path.ts'
import styles from '../screens/support/support.module.css'
import { Icon } from '../ui/icon.tsx'
import { InternalLink } from './links.tsx'
import { isReminderDue } from './reminder.ts'

/** The way to the diary, with how many of its reminders are due. */
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

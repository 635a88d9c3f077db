import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../clock.ts'
import { Icon } from '../../components/icon.tsx'
import { InternalLink } from '../../components/links.tsx'
import { useRoute } from '../../data/hooks.ts'
import { diaryPath } from '../../navigation/support-path.ts'
import { isReminderDue } from './reminder.ts'
import styles from './support.module.css'

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

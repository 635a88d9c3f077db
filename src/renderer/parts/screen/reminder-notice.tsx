import { Bell } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { now, useNow } from '../../data/clock.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { diaryPath } from '../../navigation/paths.ts'
import { Button } from '../../ui/button.tsx'
import { isReminderDue } from '../credits/diary-link.tsx'
import { InternalLink } from './links.tsx'
import { Notice } from './notice.tsx'

const laterMs = 3 * 86_400_000

/** Tells the user on every screen that a reminder to look for an answer from support is due. */
export function ReminderNotice() {
  const { t } = useTranslation()
  const time = useNow()
  const { data: entries = [] } = useRoute('support.list', {})
  const update = useCommand('support.update')
  const due = entries.filter((entry) => isReminderDue(entry, time))
  if (due.length === 0) return null
  const remindLater = () => {
    for (const { id } of due) update.mutate({ id, remindAt: now() + laterMs })
  }
  return (
    <Notice
      tone="accent"
      icon={Bell}
      title={t('notice.reminderTitle', { count: due.length, ...lines })}
      body={t('notice.reminderBody', lines)}
    >
      <InternalLink to={diaryPath} button={{ size: 'small' }}>
        {t('support.title')}
      </InternalLink>
      <Button size="small" onClick={remindLater}>
        {t('notice.reminderLater')}
      </Button>
    </Notice>
  )
}

import { useTranslation } from 'react-i18next'
import { type NotificationKind, notificationKinds } from '../../../shared/notifications.ts'
import type { NotificationSettings, Settings } from '../../../shared/settings.ts'
import { useBridge } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import styles from './notifications-section.module.css'
import { OnOff, Section } from './section.tsx'

interface NotificationsSectionProps {
  settings: Settings
  update: (change: Partial<Settings>) => void
}

/** The quiet hours when the user turns them on for the first time. */
const usualNight = { from: 22, until: 8 }
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** Which notifications of the system the app shows, and when. Pages of the browser host show none. */
export function NotificationsSection({ settings, update }: NotificationsSectionProps) {
  const { t } = useTranslation()
  const { host } = useBridge()
  if (host === 'browser') return null
  const { notifications, showsBadge } = settings
  const { muted, quietHours, showsText } = notifications
  const change = (patch: Partial<NotificationSettings>) => update({ notifications: { ...notifications, ...patch } })
  const mute = (kind: NotificationKind, isMuted: boolean) =>
    change({ muted: notificationKinds.filter((known) => (known === kind ? isMuted : muted.includes(known))) })
  return (
    <Section title={t('settings.notifications.title')}>
      <fieldset className={styles.kinds}>
        <legend className={styles.legend}>{t('settings.notifications.kinds')}</legend>
        <p className={`lines ${styles.hint}`}>{t('settings.notifications.hint', lines)}</p>
        {notificationKinds.map((kind) => (
          <Checkbox key={kind} checked={!muted.includes(kind)} onChange={(checked) => mute(kind, !checked)}>
            {t(`settings.notifications.kind.${kind}`)}
          </Checkbox>
        ))}
      </fieldset>
      <OnOff
        label={t('settings.notifications.showsText')}
        hint={t('settings.notifications.showsTextHint', lines)}
        value={showsText}
        onChange={(value) => change({ showsText: value })}
      />
      <OnOff
        label={t('settings.notifications.quietHours')}
        hint={t('settings.notifications.quietHoursHint', lines)}
        value={quietHours !== null}
        onChange={(value) => change({ quietHours: value ? usualNight : null })}
      />
      {quietHours && <QuietHours value={quietHours} onChange={(value) => change({ quietHours: value })} />}
      <OnOff
        label={t('settings.notifications.showsBadge')}
        hint={t('settings.notifications.showsBadgeHint', lines)}
        value={showsBadge}
        onChange={(value) => update({ showsBadge: value })}
      />
    </Section>
  )
}

interface QuietHoursProps {
  value: NonNullable<NotificationSettings['quietHours']>
  onChange: (value: NonNullable<NotificationSettings['quietHours']>) => void
}

function QuietHours({ value, onChange }: QuietHoursProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.hours}>
      {(['from', 'until'] as const).map((end) => (
        <label key={end} className={styles.hour}>
          {t(`settings.notifications.${end}`)}
          <select
            className={`num ${styles.select}`}
            value={value[end]}
            onChange={(event) => onChange({ ...value, [end]: Number(event.target.value) })}
          >
            {hours.map((hour) => (
              <option key={hour} value={hour}>
                {`${String(hour).padStart(2, '0')}:00`}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  )
}

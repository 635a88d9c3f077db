import type { RefundStatus } from '../../../shared/values.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import { statusLooks } from './status.ts'
import styles from './status-pill.module.css'

interface StatusPillProps {
  status: RefundStatus
  /** `bare` has no background; `onPicture` is readable over a thumbnail. */
  look?: 'default' | 'bare' | 'onPicture'
}

export function StatusPill({ status, look = 'default' }: StatusPillProps) {
  const labels = useLabels()
  const { icon, tone, iconClass } = statusLooks[status]
  return (
    <span className={`${styles.pill} ${styles[look] ?? ''}`} data-status={status} data-tone={tone}>
      <Icon icon={icon} size={14} className={iconClass} />
      <span className="clip">{labels.status(status)}</span>
    </span>
  )
}

/** Only the icon in its tone, for rows that show the status in words. */
export function StatusIcon({ status, size = 18 }: { status: RefundStatus; size?: 18 | 24 }) {
  const { icon, tone, iconClass } = statusLooks[status]
  return (
    <span className="tone" data-tone={tone}>
      <Icon icon={icon} size={size} className={iconClass} />
    </span>
  )
}

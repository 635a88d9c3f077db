import type { RefundStatus } from '../../shared/values.ts'
import { useLabels } from '../i18n/use-labels.ts'
import { Icon } from '../ui/icon.tsx'
import { statusLooks } from './status.ts'
import styles from './status-pill.module.css'

interface StatusPillProps {
  status: RefundStatus
  /** `bare` has no ground; `onPicture` stands over a thumbnail. */
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

/** The icon alone in its tone, for rows that say the word themselves. */
export function StatusIcon({ status, size = 18 }: { status: RefundStatus; size?: 18 | 24 }) {
  const { icon, tone, iconClass } = statusLooks[status]
  return (
    <span className="tone" data-tone={tone}>
      <Icon icon={icon} size={size} className={iconClass} />
    </span>
  )
}

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from '../../ui/icon.tsx'
import type { Tone } from '../credits/status.ts'
import styles from './notices.module.css'

interface NoticeProps {
  tone: Tone
  icon: LucideIcon
  iconClass?: string
  title?: string
  body: string
  children?: ReactNode
}

/** A message above every screen, with its actions. */
export function Notice({ tone, icon, iconClass, title, body, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone}>
      <Icon icon={icon} size={18} className={iconClass} />
      <p className={`lines ${styles.text}`} role="status">
        {title && <strong>{title}</strong>}
        {body}
      </p>
      <div className={styles.actions}>{children}</div>
    </div>
  )
}

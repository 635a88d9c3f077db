import { CloudOff, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../shared/errors.ts'
import { useErrorText } from '../i18n/use-texts.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import styles from './states.module.css'

interface EmptyStateProps {
  icon: LucideIcon
  /** What is empty, in one sentence. */
  title: string
  /** Why it is empty, in one sentence. */
  reason?: string
  /** A button or link that leads on. */
  action?: ReactNode
}

export function EmptyState({ icon, title, reason, action }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <Icon icon={icon} size={20} />
      <h2>{title}</h2>
      {reason && <p className={`${styles.text} lines`}>{reason}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}

interface ErrorStateProps {
  /** What failed; a general sentence by default. */
  title?: string
  error: ErrorView
  /** What is not affected by the failure. */
  holds?: string
  onRetry?: () => void
}

/** Shown instead of content that could not be loaded. */
export function ErrorState({ title, error, holds, onRetry }: ErrorStateProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (
    <div className={`${styles.state} ${styles.error}`} role="alert">
      <Icon icon={CloudOff} size={20} />
      <h2>{title ?? t('common.failedTitle')}</h2>
      <p className={`${styles.text} lines`}>{errorText(error)}</p>
      <p className={`${styles.text} lines`}>{holds ?? t('common.failedBody', { separator: '\n' })}</p>
      {onRetry && (
        <Button size="small" className={styles.action} onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}

import { CloudOff, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../../shared/errors.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './states.module.css'

interface EmptyStateProps {
  icon: LucideIcon
  /** A sentence that names the empty list. */
  title: string
  /** A sentence that gives the reason. */
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

/** A placeholder for content that is being read. It appears late, so that a quick answer does not make it flash. */
export function LoadingState() {
  const { t } = useTranslation()
  return (
    <p role="status" className={`${styles.text} ${styles.loading}`}>
      {t('common.loading')}
    </p>
  )
}

interface ErrorStateProps {
  /** A sentence that names the failure; a general sentence by default. */
  title?: string
  error: ErrorView
  onRetry?: () => void
}

/** Shown instead of content that could not be loaded. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (
    <div className={`${styles.state} ${styles.error}`} role="alert">
      <Icon icon={CloudOff} size={20} />
      <h2>{title ?? t('common.failedTitle')}</h2>
      <p className={`${styles.text} lines`}>{errorText(error)}</p>
      {onRetry && (
        <Button size="small" className={styles.action} onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { buttonClass } from '../ui/button.tsx'
import { Logo } from './logo.tsx'
import styles from './unreachable-page.module.css'

export function UnreachablePage({ onRetry = () => location.reload() }: { onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <main className={styles.page}>
      <div className={styles.text} role="alert">
        <Logo className={styles.mark} />
        <h1 className="lines">{t('notice.unreachableTitle', { separator: '\n' })}</h1>
        <p className="lines">{t('notice.unreachableBody', { separator: '\n' })}</p>
        <button type="button" className={buttonClass({ variant: 'primary' })} onClick={onRetry}>
          {t('common.retry')}
        </button>
      </div>
    </main>
  )
}

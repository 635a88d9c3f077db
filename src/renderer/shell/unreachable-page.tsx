import { useTranslation } from 'react-i18next'
import { buttonClass } from '../ui/button.tsx'
import { FullPage } from './full-page.tsx'

export function UnreachablePage({ onRetry = () => location.reload() }: { onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <FullPage role="alert">
      <h1 className="lines">{t('notice.unreachableTitle', { separator: '\n' })}</h1>
      <p className="lines">{t('notice.unreachableBody', { separator: '\n' })}</p>
      <button type="button" className={buttonClass({ variant: 'primary' })} onClick={onRetry}>
        {t('common.retry')}
      </button>
    </FullPage>
  )
}

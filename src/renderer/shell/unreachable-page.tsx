import { useTranslation } from 'react-i18next'
import { lines } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { FullPage } from './full-page.tsx'

export function UnreachablePage({ onRetry = () => location.reload() }: { onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <FullPage
      role="alert"
      title={t('notice.unreachableTitle', lines)}
      text={<p className="lines">{t('notice.unreachableBody', lines)}</p>}
    >
      <Button variant="primary" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </FullPage>
  )
}

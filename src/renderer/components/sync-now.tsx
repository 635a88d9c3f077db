import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../data/connection.ts'
import { useCommand } from '../data/hooks.ts'
import { Button } from './button.tsx'

/** The primary step where what is missing may only be unread. */
export function SyncNow() {
  const { t } = useTranslation()
  const { sync } = useConnection()
  const { mutate } = useCommand('sync.now')
  return (
    <Button
      variant="primary"
      size="large"
      icon={RefreshCw}
      disabled={sync?.status === 'running'}
      onClick={() => mutate({})}
    >
      {t('sync.now')}
    </Button>
  )
}

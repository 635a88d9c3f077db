import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../../data/account.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { ConnectDialog } from '../../parts/connect-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Problem } from './file-path.tsx'
import { Row } from './section.tsx'

const lines = { separator: '\n' }

/** The service that the records come from; a service can be connected, and one that was connected here disconnected. */
export function ServiceRow() {
  const { t } = useTranslation()
  const { data: service } = useRoute('service.get', {})
  if (!service) return null
  return (
    <Row label={t('settings.service')} hint={service.api === null ? t('settings.sandbox', lines) : service.api}>
      {service.canConnect && <Connect />}
      {service.isConnected && <Disconnect />}
    </Row>
  )
}

function Connect() {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  return (
    <>
      <Button onClick={() => setAsks(true)}>{t('connect.open')}</Button>
      <ConnectDialog open={asks} onClose={() => setAsks(false)} />
    </>
  )
}

function Disconnect() {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { mutateAsync, isPending, error } = useCommand('service.disconnect')
  const [asks, setAsks] = useState(false)
  const disconnected = () => {
    readAgain()
    toast(t('connect.ended'))
  }
  return (
    <>
      <Button onClick={() => setAsks(true)}>{t('connect.end')}</Button>
      <Dialog
        open={asks}
        onOpenChange={setAsks}
        title={t('connect.endTitle')}
        description={t('connect.endLead', lines)}
        actions={
          <>
            <Button onClick={() => setAsks(false)}>{t('common.cancel')}</Button>
            <Button variant="primary" disabled={isPending} onClick={() => mutateAsync({}).then(disconnected, () => {})}>
              {t('connect.end')}
            </Button>
          </>
        }
      >
        <Problem error={error} />
      </Dialog>
    </>
  )
}

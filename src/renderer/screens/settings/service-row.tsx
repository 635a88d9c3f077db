import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { SignOutDialog } from '../../parts/accounts/sign-out-dialog.tsx'
import { ConnectDialog } from '../../parts/screen/later-dialogs.tsx'
import { Button } from '../../ui/button.tsx'
import { Row } from './section.tsx'

/** The service that the records come from, and where the sign-in at it is kept; to connect and to sign out. */
export function ServiceRow() {
  const { t } = useTranslation()
  const { data: service } = useRoute('service.get', {})
  const [connects, setConnects] = useState(false)
  const [ends, setEnds] = useState(false)
  if (!service) return null
  const { api, kept, canConnect, isConnected, isElsewhere, tokenStorage } = service
  const hint = [
    api ?? t('settings.sandbox', lines),
    kept && t(`connect.kept.${tokenStorage}`, lines),
    isElsewhere && t('connect.elsewhere', lines),
  ]
  return (
    <Row label={t('settings.service')} hint={hint.filter(Boolean).join('\n')}>
      {canConnect && <Button onClick={() => setConnects(true)}>{t('connect.open')}</Button>}
      {(isConnected || kept) && (
        <Button onClick={() => setEnds(true)}>{t(kept === 'browser' ? 'connect.signOut' : 'connect.end')}</Button>
      )}
      <ConnectDialog open={connects} onClose={() => setConnects(false)} />
      {ends && <SignOutDialog onClose={() => setEnds(false)} />}
    </Row>
  )
}

import { Pause, Play, RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../data/connection.ts'
import { useCommand } from '../../data/hooks.ts'
import { Button, type ButtonLook } from '../../ui/button.tsx'

/** Starts a sync, or resumes a paused one. Not rendered if nothing can be stored. */
export function SyncButton(look: ButtonLook) {
  const { t } = useTranslation()
  const { sync } = useConnection()
  const syncNow = useCommand('sync.now')
  const resume = useCommand('sync.resume')
  if (sync?.status === 'read_only') return null
  if (sync?.status === 'paused') {
    return (
      <Button {...look} icon={Play} onClick={() => resume.mutate({})}>
        {t('sync.resume')}
      </Button>
    )
  }
  return (
    <Button {...look} icon={RefreshCw} disabled={sync?.status === 'running'} onClick={() => syncNow.mutate({})}>
      {t('sync.now')}
    </Button>
  )
}

/** Pauses the sync. Not rendered while it is paused or before an account is known. */
export function PauseButton(look: ButtonLook) {
  const { t } = useTranslation()
  const { sync } = useConnection()
  const pause = useCommand('sync.pause')
  const known = sync?.streams.some(({ stream, lastSuccessAt }) => stream === 'account' && lastSuccessAt !== null)
  if (!sync || !known || ['paused', 'signed_out', 'read_only'].includes(sync.status)) return null
  return (
    <Button {...look} icon={Pause} onClick={() => pause.mutate({})}>
      {t('sync.pause')}
    </Button>
  )
}

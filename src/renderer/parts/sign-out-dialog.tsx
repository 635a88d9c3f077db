import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../data/account.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { Problem } from './problem.tsx'

const lines = { separator: '\n' }

interface SignOutDialogProps {
  open: boolean
  onClose: () => void
}

/** Asks before the sign-in at the service, or the connection by a token, is ended. The records stay. */
export function SignOutDialog({ open, onClose }: SignOutDialogProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { data: service } = useRoute('service.get', {})
  const { mutateAsync, isPending, error } = useCommand('service.disconnect')
  const words = service?.kept === 'browser' ? 'signOut' : 'end'
  const end = async () => {
    const { revocation } = await mutateAsync({})
    readAgain()
    toast(t(revocation === 'failed' ? 'connect.notRevoked' : `connect.${words}Done`))
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={t(`connect.${words}Title`)}
      description={t(`connect.${words}Lead`, lines)}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={isPending} onClick={() => void end().catch(() => {})}>
            {t(`connect.${words}`)}
          </Button>
        </>
      }
    >
      <Problem error={error} />
    </Dialog>
  )
}

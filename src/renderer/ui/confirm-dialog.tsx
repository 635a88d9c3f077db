import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  title: string
  description: string
  /** The words of the button that confirms. */
  confirm: string
  /** Whether the content says everything that will happen. */
  isReady: boolean
  /** Whether it happens now: the dialog then stays until it has ended. */
  isPending: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}

/** An open dialog that says what an action will do, and asks before it does. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, description, confirm, isReady, isPending, onConfirm, onClose, children } = props
  const { t } = useTranslation()
  return (
    <Dialog
      open
      onOpenChange={(open) => open || isPending || onClose()}
      title={title}
      description={description}
      actions={
        <>
          <Button disabled={isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button variant="primary" disabled={!isReady || isPending} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}

import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../data/account.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { useErrorText } from '../i18n/use-texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './connect-dialog.module.css'

const lines = { separator: '\n' }

interface ConnectDialogProps {
  open: boolean
  onClose: () => void
}

/** Asks for the address and the token of a service. Both are checked with the service before anything is stored. */
export function ConnectDialog({ open, onClose }: ConnectDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={t('connect.title')}
      description={t('connect.lead', lines)}
    >
      <ConnectForm onClose={onClose} />
    </Dialog>
  )
}

function ConnectForm({ onClose }: Pick<ConnectDialogProps, 'onClose'>) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const toast = useToast()
  const id = useId()
  const { data: service } = useRoute('service.get', {})
  const readAgain = useReadAgain()
  const { mutateAsync, isPending, error } = useCommand('service.connect')
  const [address, setAddress] = useState('')
  const [token, setToken] = useState('')
  const connected = () => {
    readAgain()
    toast(t('connect.done'))
    onClose()
  }
  // Not by `mutate`, whose callbacks are dropped with a dialog that the new records unmount.
  const connect = () => mutateAsync({ address, token }).then(connected, () => {})
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        connect()
      }}
    >
      <label htmlFor={`${id}-address`}>{t('connect.address')}</label>
      <TextField
        id={`${id}-address`}
        type="text"
        inputMode="url"
        required
        maxLength={2_000}
        placeholder={t('connect.example')}
        autoComplete="off"
        spellCheck={false}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <label htmlFor={`${id}-token`}>{t('connect.token')}</label>
      <TextField
        id={`${id}-token`}
        type="password"
        required
        maxLength={8_000}
        autoComplete="off"
        aria-describedby={`${id}-hint`}
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <p id={`${id}-hint`} className={`lines ${styles.hint}`}>
        {service && t(`connect.kept.${service.tokenStorage}`, lines)}
      </p>
      {error && (
        <p className={`lines ${styles.problem}`} role="alert">
          {errorText(error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" disabled={isPending}>
          {t(isPending ? 'connect.checking' : 'connect.check')}
        </Button>
      </div>
    </form>
  )
}

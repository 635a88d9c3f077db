import { ArrowUpRight } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../../data/account.ts'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Problem } from '../screen/problem.tsx'
import styles from './connect-dialog.module.css'

interface ConnectDialogProps {
  /** The service in use, to sign in at again; without it, the dialog asks for an address. */
  again?: string | null
  open: boolean
  onClose: () => void
}

/**
 * Signs in at a service: with the browser if the service offers it, else with an access token. Nothing is stored before the
 * service has answered.
 */
export function ConnectDialog({ again = null, open, onClose }: ConnectDialogProps) {
  const { t } = useTranslation()
  const { mutate: cancel } = useCommand('service.cancelSignIn')
  const signIn = useCommand('service.signIn')
  const close = () => {
    cancel({})
    onClose()
  }
  const lead = again === null ? t('connect.lead', lines) : again
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || close()}
      title={t(again === null ? 'connect.title' : 'connect.againTitle')}
      // While the user has to act in the browser, the dialog shows only that step.
      description={signIn.isPending ? undefined : lead}
    >
      <ConnectForm fixed={again} signIn={signIn} onCancel={close} onDone={onClose} />
    </Dialog>
  )
}

interface ConnectFormProps {
  /** The address of the service in use; null to ask for one. */
  fixed: string | null
  signIn: ReturnType<typeof useCommand<'service.signIn'>>
  onCancel: () => void
  onDone: () => void
}

function ConnectForm({ fixed, signIn, onCancel, onDone }: ConnectFormProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { data: service } = useRoute('service.get', {})
  const check = useCommand('service.check')
  const connect = useCommand('service.connect')
  const [typed, setTyped] = useState('')
  const [token, setToken] = useState('')
  /** Why the token is asked for: the service offers nothing else, or the user wants it. */
  const [asksToken, setAsksToken] = useState<'only' | 'wanted' | null>(null)
  const hintId = useId()
  const address = fixed ?? typed
  const isPending = check.isPending || connect.isPending

  const done = () => {
    readAgain()
    toast(t('connect.done'))
    onDone()
  }
  // Not by `mutate`, whose callbacks are dropped with a dialog that the new records unmount.
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    for (const command of [check, signIn, connect]) command.reset()
    if (asksToken) return connect.mutateAsync({ address, token }).then(done, () => {})
    const { offersSignIn } = await check.mutateAsync({ address })
    if (!offersSignIn) return setAsksToken('only')
    await signIn.mutateAsync({ address }).then(done, () => {})
  }

  if (signIn.isPending) {
    return <Waiting signInAddress={service?.signInAddress ?? null} onCancel={onCancel} />
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event).catch(() => {})}>
      {fixed === null && (
        <AddressField
          value={typed}
          onChange={(value) => {
            setTyped(value)
            if (asksToken === 'only') setAsksToken(null)
          }}
        />
      )}
      {asksToken && <TokenField value={token} onChange={setToken} isOnly={asksToken === 'only'} hintId={hintId} />}
      <p id={hintId} className={`lines ${styles.hint}`}>
        {service && t(`connect.kept.${service.tokenStorage}`, lines)}
      </p>
      {service?.isElsewhere && <p className={`lines ${styles.hint}`}>{t('connect.elsewhere', lines)}</p>}
      <Problem error={connect.error ?? signIn.error ?? check.error} />
      <div className={styles.actions}>
        {!asksToken && (
          <Button variant="plain" className={styles.other} onClick={() => setAsksToken('wanted')}>
            {t('connect.useToken')}
          </Button>
        )}
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" disabled={isPending}>
          {t(isPending ? 'connect.checking' : asksToken ? 'connect.check' : 'connect.signIn')}
        </Button>
      </div>
    </form>
  )
}

interface FieldProps {
  value: string
  onChange: (value: string) => void
}

function AddressField({ value, onChange }: FieldProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{t('connect.address')}</label>
      <TextField
        id={id}
        type="text"
        inputMode="url"
        required
        maxLength={2_000}
        placeholder={t('connect.example')}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  )
}

interface TokenFieldProps extends FieldProps {
  /** Whether the service offers nothing but a token. */
  isOnly: boolean
  /** The id of the text that says where the sign-in is kept. */
  hintId: string
}

function TokenField({ value, onChange, isOnly, hintId }: TokenFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <>
      {isOnly && (
        <p className={`lines ${styles.reason}`} role="status">
          {t('connect.tokenOnly', lines)}
        </p>
      )}
      <label htmlFor={id}>{t('connect.token')}</label>
      <TextField
        id={id}
        type="password"
        required
        // The field appears in answer to a button of this form.
        autoFocus
        maxLength={8_000}
        autoComplete="off"
        aria-describedby={hintId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  )
}

/** Shown while the user signs in with the browser. Electron opens it; in the browser host, this page opens a tab. */
function Waiting({ signInAddress, onCancel }: { signInAddress: string | null; onCancel: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const show = useCommand('service.showSignIn')
  const opened = useRef<string | null>(null)
  useEffect(() => {
    if (bridge.host !== 'browser' || signInAddress === null || opened.current === signInAddress) return
    opened.current = signInAddress
    window.open(signInAddress, '_blank', 'noopener,noreferrer')
  }, [bridge, signInAddress])
  const again = (
    <>
      {t('connect.openAgain')}
      <Icon icon={ArrowUpRight} size={14} />
    </>
  )
  return (
    <div className={styles.form}>
      <p className={`lines ${styles.reason}`} role="status">
        {t(signInAddress === null ? 'connect.checking' : 'connect.waiting', lines)}
      </p>
      <div className={styles.actions}>
        {signInAddress !== null &&
          (bridge.host === 'browser' ? (
            <a href={signInAddress} target="_blank" rel="noopener noreferrer" className={buttonClass({})}>
              {again}
              <span className="sr-only">{t('common.opensOutside')}</span>
            </a>
          ) : (
            <Button onClick={() => show.mutate({})}>{again}</Button>
          ))}
        <Button autoFocus onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  )
}

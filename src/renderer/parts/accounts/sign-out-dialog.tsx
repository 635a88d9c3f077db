import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../../data/account.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Problem } from '../screen/problem.tsx'
import styles from './connect-dialog.module.css'
import { DeletionList } from './deletion-list.tsx'

interface SignOutDialogProps {
  onClose: () => void
}

/**
 * Asks before the sign-in at the service, or the connection by a token, is ended, and whether the records of its account go
 * too. They stay by default.
 */
export function SignOutDialog({ onClose }: SignOutDialogProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { data: service } = useRoute('service.get', {})
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const disconnect = useCommand('service.disconnect')
  const remove = useCommand('accounts.delete')
  const [deletes, setDeletes] = useState(false)
  const [keepsBackups, setKeepsBackups] = useState(false)
  // Kept from the time of the question: once signed out, the sample account is the synced one.
  const [synced] = useState(() => accounts.find(({ isSynced, isSample }) => isSynced && !isSample))
  const [words] = useState<'signOut' | 'end'>(() => (service?.kept === 'browser' ? 'signOut' : 'end'))
  const [canDelete] = useState(() => synced !== undefined && service?.isConnected === true)
  const plan = useRoute(
    'accounts.deletionPlan',
    { id: synced?.id ?? '' },
    { enabled: deletes && synced !== undefined, staleTime: 0, gcTime: 0 },
  )
  const isPending = disconnect.isPending || remove.isPending

  const end = async () => {
    const { revocation } = await disconnect.mutateAsync({})
    if (deletes && synced) await remove.mutateAsync({ id: synced.id, keepsBackups })
    readAgain()
    toast(t(revocation === 'failed' ? 'connect.notRevoked' : `connect.${words}Done`))
    if (deletes) toast(t('settings.deletion.done'))
    onClose()
  }
  const confirm = deletes
    ? t(isPending ? 'settings.deletion.deleting' : `connect.${words}AndDelete`)
    : t(`connect.${words}`)
  return (
    <ConfirmDialog
      title={t(`connect.${words}Title`)}
      description={t(`connect.${words}Lead`, lines)}
      confirm={confirm}
      isReady={!deletes || plan.data !== undefined}
      isPending={isPending}
      onConfirm={() => void end().catch(() => {})}
      onClose={onClose}
    >
      {/* Not offered for a service of `--api`: the next start would read the records again. */}
      {canDelete && (
        <div className={styles.form}>
          <span className={styles.hint} aria-hidden="true">
            {t('connect.records')}
          </span>
          <Segmented
            fill
            label={t('connect.records')}
            value={deletes ? 'delete' : 'keep'}
            onChange={(choice) => setDeletes(choice === 'delete')}
            options={[
              { value: 'keep', label: t('connect.keepRecords') },
              { value: 'delete', label: t('connect.deleteRecords') },
            ]}
          />
        </div>
      )}
      <p className="lines">{t(deletes ? 'settings.deletion.lead' : 'connect.keepLead', lines)}</p>
      {deletes && plan.data && (
        <DeletionList
          plan={plan.data}
          keepsBackups={keepsBackups}
          onKeepsBackups={setKeepsBackups}
          disabled={isPending}
        />
      )}
      <Problem error={disconnect.error ?? remove.error ?? plan.error} />
    </ConfirmDialog>
  )
}

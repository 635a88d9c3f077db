import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../../data/account.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { DeletionList } from '../../parts/accounts/deletion-list.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Row } from './section.tsx'

/** Deletes the account that is shown. The sample account would only come back. */
export function DeleteAccountRow() {
  const { t } = useTranslation()
  const { data: account } = useRoute('account.get', {})
  const [asks, setAsks] = useState(false)
  if (!account || account.isSample) return null
  return (
    <Row label={t('settings.deletion.title')} hint={t('settings.deletion.hint', lines)}>
      <Button onClick={() => setAsks(true)}>{t('settings.deletion.open')}</Button>
      {asks && <DeletionDialog id={account.id} onClose={() => setAsks(false)} />}
    </Row>
  )
}

/** Lists what will be deleted before anything is deleted. */
function DeletionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { data: plan, error } = useRoute('accounts.deletionPlan', { id }, { staleTime: 0, gcTime: 0 })
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const signsOut = accounts.some((account) => account.id === id && account.isSynced)
  const remove = useCommand('accounts.delete')
  const [keepsBackups, setKeepsBackups] = useState(false)
  const deleted = () => {
    onClose()
    readAgain()
    toast(t('settings.deletion.done'))
  }
  return (
    <ConfirmDialog
      title={t('settings.deletion.question')}
      description={t('settings.deletion.lead', lines)}
      confirm={t(remove.isPending ? 'settings.deletion.deleting' : 'settings.deletion.confirm')}
      isReady={plan !== undefined}
      isPending={remove.isPending}
      onConfirm={() => remove.mutateAsync({ id, keepsBackups }).then(deleted, () => {})}
      onClose={onClose}
    >
      {signsOut && <p className="lines">{t('settings.deletion.signsOut', lines)}</p>}
      {plan && (
        <DeletionList
          plan={plan}
          keepsBackups={keepsBackups}
          onKeepsBackups={setKeepsBackups}
          disabled={remove.isPending}
        />
      )}
      <Problem error={error ?? remove.error} />
    </ConfirmDialog>
  )
}

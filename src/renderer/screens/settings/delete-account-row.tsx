import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadAgain } from '../../data/account.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { Problem } from '../../parts/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Row } from './section.tsx'

const lines = { separator: '\n' }

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

const kinds = ['jobs', 'transactions', 'imports', 'marks', 'messages', 'originals', 'copies'] as const

/** Lists what goes before anything does. */
function DeletionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const readAgain = useReadAgain()
  const { data: plan, error } = useRoute('accounts.deletionPlan', { id }, { staleTime: 0, gcTime: 0 })
  const remove = useCommand('accounts.delete')
  const [keepsBackups, setKeepsBackups] = useState(false)
  const deleted = () => {
    onClose()
    readAgain()
    toast(t('settings.deletion.done'))
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || remove.isPending || onClose()}
      title={t('settings.deletion.question')}
      description={t('settings.deletion.lead', lines)}
      actions={
        <>
          <Button disabled={remove.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={!plan || remove.isPending}
            onClick={() => remove.mutateAsync({ id, keepsBackups }).then(deleted, () => {})}
          >
            {t(remove.isPending ? 'settings.deletion.deleting' : 'settings.deletion.confirm')}
          </Button>
        </>
      }
    >
      {plan && (
        <ul>
          {kinds
            .filter((kind) => plan[kind] > 0)
            .map((kind) => (
              <li key={kind}>{t(`settings.deletion.${kind}`, { count: plan[kind] })}</li>
            ))}
          {plan.backups.length > 0 && <li>{t('settings.deletion.backups', { count: plan.backups.length })}</li>}
        </ul>
      )}
      {plan && plan.backups.length > 0 && (
        <Checkbox checked={keepsBackups} onChange={setKeepsBackups} disabled={remove.isPending}>
          {t('settings.deletion.keepBackups')}
        </Checkbox>
      )}
      <Problem error={error ?? remove.error} />
    </Dialog>
  )
}

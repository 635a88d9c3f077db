import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MovePlan } from '../../../shared/import-views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Problem } from '../screen/problem.tsx'
import { useAccountLabel } from './account-label.ts'
import styles from './connect-dialog.module.css'

/** The account on screen if it can be joined to another, and the accounts to which it can be. */
export function useJoinable(): { id: string; targets: string[] } | null {
  const { data: account } = useRoute('account.get', {})
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const targets = accounts.filter(({ isImported, isSample }) => !isImported && !isSample).map(({ id }) => id)
  return account?.isImported && targets.length > 0 ? { id: account.id, targets } : null
}

interface JoinDialogProps {
  id: string
  targets: readonly string[]
  onClose: () => void
}

/** Joins an account of imports to an account of a service, after a list of what follows. */
export function JoinDialog({ id, targets, onClose }: JoinDialogProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const accountLabel = useAccountLabel()
  const field = useId()
  const [into, setInto] = useState(targets[0] ?? '')
  const { data: plan, error } = useRoute('accounts.joinPlan', { id, into }, { staleTime: 0, gcTime: 0 })
  const join = useCommand('accounts.join')
  const done = () => {
    onClose()
    toast(t('account.join.done'))
  }
  return (
    <ConfirmDialog
      title={t('account.join.title')}
      description={t('account.join.lead', lines)}
      confirm={t('account.join.confirm')}
      isReady={plan !== undefined}
      isPending={join.isPending}
      onConfirm={() => join.mutateAsync({ id, into }).then(done, () => {})}
      onClose={onClose}
    >
      <div className={styles.form}>
        <label htmlFor={field}>{t('account.join.to')}</label>
        <Select
          id={field}
          label={t('account.join.to')}
          value={into}
          onChange={setInto}
          options={targets.map((target) => ({ value: target, label: accountLabel(target) }))}
        />
      </div>
      {plan && <MoveList plan={plan} known={plan.known} />}
      <Problem error={error ?? join.error} />
    </ConfirmDialog>
  )
}

/** What goes from one account to another. */
export function MoveList({ plan, known = 0 }: { plan: MovePlan; known?: number }) {
  const { t } = useTranslation()
  return (
    <ul>
      <li>{t('settings.deletion.imports', { count: plan.imports })}</li>
      {plan.rows > 0 && <li>{t('account.join.rows', { count: plan.rows })}</li>}
      {known > 0 && <li>{t('account.join.known', { count: known })}</li>}
      {plan.marks > 0 && <li>{t('settings.deletion.marks', { count: plan.marks })}</li>}
      {plan.messages > 0 && <li>{t('settings.deletion.messages', { count: plan.messages })}</li>}
    </ul>
  )
}

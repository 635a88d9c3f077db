import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem } from '../../../shared/import-views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useAccountName } from '../../parts/accounts/account-name.ts'
import { JoinDialog, MoveList, useJoinable } from '../../parts/accounts/join-dialog.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Row } from './section.tsx'

/** Joins an account of imports to one of a service, and separates those that are joined to the account on screen. */
export function JoinRows() {
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const joinable = useJoinable()
  // The account that was shown last is first.
  const joined = accounts[0]?.joined ?? []
  return (
    <>
      {joinable && <JoinRow {...joinable} />}
      {joined.map((one) => (
        <SeparateRow key={one.id} joined={one} />
      ))}
    </>
  )
}

function JoinRow({ id, targets }: { id: string; targets: string[] }) {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  return (
    <Row label={t('account.join.label')} hint={t('account.join.hint', lines)}>
      <Button onClick={() => setAsks(true)}>{t('account.join.open')}</Button>
      {asks && <JoinDialog id={id} targets={targets} onClose={() => setAsks(false)} />}
    </Row>
  )
}

function SeparateRow({ joined }: { joined: AccountItem['joined'][number] }) {
  const { t } = useTranslation()
  const accountName = useAccountName()
  const [asks, setAsks] = useState(false)
  const name = accountName({ ...joined, isImported: true, isSample: false })
  return (
    <Row label={t('account.separate.label')} hint={t('account.separate.hint', { name, ...lines })}>
      <Button onClick={() => setAsks(true)}>{t('account.separate.open')}</Button>
      {asks && <SeparateDialog id={joined.id} onClose={() => setAsks(false)} />}
    </Row>
  )
}

/** Separates a joined account again, after a list of what goes back. */
function SeparateDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { data: plan, error } = useRoute('accounts.separationPlan', { id }, { staleTime: 0, gcTime: 0 })
  const separate = useCommand('accounts.separate')
  const done = () => {
    onClose()
    toast(t('account.separate.done'))
  }
  return (
    <ConfirmDialog
      title={t('account.separate.title')}
      description={t('account.separate.lead', lines)}
      confirm={t('account.separate.confirm')}
      isReady={plan !== undefined}
      isPending={separate.isPending}
      onConfirm={() => separate.mutateAsync({ id }).then(done, () => {})}
      onClose={onClose}
    >
      {plan && <MoveList plan={plan} />}
      <Problem error={error ?? separate.error} />
    </ConfirmDialog>
  )
}

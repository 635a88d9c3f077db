import { useTranslation } from 'react-i18next'
import type { DeletionPlan } from '../../../shared/views.ts'
import { Checkbox } from '../../ui/checkbox.tsx'

const kinds = ['jobs', 'transactions', 'imports', 'marks', 'messages', 'originals', 'copies'] as const

interface DeletionListProps {
  plan: DeletionPlan
  keepsBackups: boolean
  onKeepsBackups: (keeps: boolean) => void
  disabled: boolean
}

/** What a deletion of an account removes, and whether its backups go too. */
export function DeletionList({ plan, keepsBackups, onKeepsBackups, disabled }: DeletionListProps) {
  const { t } = useTranslation()
  return (
    <>
      <ul>
        {kinds
          .filter((kind) => plan[kind] > 0)
          .map((kind) => (
            <li key={kind}>{t(`settings.deletion.${kind}`, { count: plan[kind] })}</li>
          ))}
        {plan.backups.length > 0 && <li>{t('settings.deletion.backups', { count: plan.backups.length })}</li>}
      </ul>
      {plan.backups.length > 0 && (
        <Checkbox checked={keepsBackups} onChange={onKeepsBackups} disabled={disabled}>
          {t('settings.deletion.keepBackups')}
        </Checkbox>
      )}
    </>
  )
}

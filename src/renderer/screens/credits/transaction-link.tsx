import { CornerDownRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LedgerItem } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { creditsPath } from '../../navigation/credits-path.ts'
import { casePath } from '../../navigation/paths.ts'
import { StatusPill } from '../../parts/credits/status-pill.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './transaction-link.module.css'

/** The refund status of a charge as a link to its case; for a refund, a link to the charge that it reverses. */
export function TransactionLink({ item, onJump }: { item: LedgerItem; onJump: (id: string) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { kind, reverses, reversesAt, refundStatus, occurredAt } = item
  if (kind === 'refund' && reverses && reversesAt !== null) {
    const sameDay = format.dayKey(reversesAt) === format.dayKey(occurredAt)
    return (
      <Link href={creditsPath({ row: reverses })} className={styles.reverses} onClick={() => onJump(reverses)}>
        <Icon icon={CornerDownRight} size={14} />
        {t(sameDay ? 'credits.reverses' : 'credits.reversesOn', { at: reversesAt })}
      </Link>
    )
  }
  if (!item.case || !refundStatus) return null
  return (
    <Link href={casePath({ account: item.account, case: item.case })} className={styles.case}>
      <StatusPill status={refundStatus} />
    </Link>
  )
}

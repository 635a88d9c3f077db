import { useTranslation } from 'react-i18next'
import { creditsInQuestion } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useVerdict } from '../../i18n/use-texts.ts'
import { StatusIcon } from '../../parts/credits/status-pill.tsx'
import styles from './case-explanation.module.css'

/** The verdict with its credits and reason. Screen readers announce a changed verdict. */
export function VerdictHeader({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const verdict = useVerdict(item)
  const { refundStatus, reason, charged, refunded, outstanding, matchedCharge } = item
  const numbers: Partial<Record<typeof refundStatus, string>> = {
    partially_refunded: `${format.number(refunded)} / ${format.number(charged)}`,
    refunded: format.number(refunded),
    // Earlier tries came back.
    completed: format.number(outstanding),
    in_progress: format.number(charged),
    not_charged: format.number(matchedCharge?.amount ?? 0),
  }
  return (
    <header className={styles.header}>
      <h2 className={styles.verdict}>
        <StatusIcon status={refundStatus} size={24} />
        <span className="lines" aria-live="polite">
          {verdict.title}
        </span>
      </h2>
      <p className={styles.outstanding}>
        <span>{t(`refunds.amount.${reason === 'over_refunded' ? reason : refundStatus}`)}</span>
        <strong className="num">{numbers[refundStatus] ?? format.number(creditsInQuestion(item))}</strong>
      </p>
      <p className={`lines ${styles.why}`}>{verdict.why}</p>
    </header>
  )
}

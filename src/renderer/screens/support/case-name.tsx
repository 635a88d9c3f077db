import { useTranslation } from 'react-i18next'
import type { CaseItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { StatusIcon } from '../../parts/credits/status-pill.tsx'
import styles from './support.module.css'

/** A case in a line: status, prompt and credits. */
export function CaseName({ item }: { item: CaseItem }) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  return (
    <span className={styles.case} {...recordAttributes(item)}>
      <StatusIcon status={item.refundStatus} />
      <span className={styles.status}>{labels.status(item.refundStatus)}</span>
      <span className={`clip ${styles.about}`}>
        {item.prompt ?? t('refunds.charge', { when: format.dateTime(item.since, precisionOf(item.precisionMs)) })}
      </span>
      <span className="num">{format.credits(item.charged)}</span>
    </span>
  )
}

// biome-ignore-all lint/a11y/useSemanticElements: the rows are positioned, which the elements of a real table cannot be
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/use-format.tsx'
import styles from './day-row.module.css'
import type { LedgerRow } from './ledger-rows.ts'

/** The heading of a day with its charged and refunded credits. */
export function DayRow({ day: { at, totals } }: { day: Extract<LedgerRow, { type: 'day' }> }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div role="cell" aria-colspan={7} className={styles.day}>
      <strong>
        {[format.nearDay(at), format.weekday(at)].filter(Boolean).join(format.language === 'ko' ? ' ' : ', ')}
      </strong>
      {totals && (
        <span className="num">{t('credits.daySums', { charged: totals.charged, refunded: totals.refunded })}</span>
      )}
    </div>
  )
}

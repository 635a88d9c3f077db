import { Check, CircleX, type LucideIcon, Minus, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ImportPreview, PreviewRow } from '../../../shared/import-views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import type { Tone } from '../../parts/credits/status.ts'
import { Icon } from '../../ui/icon.tsx'
import { Amount } from '../../ui/values.tsx'
import styles from './panes.module.css'

const looks: Record<PreviewRow['outcome'], { icon: LucideIcon; tone: Tone }> = {
  new: { icon: Plus, tone: 'accent' },
  recognised: { icon: Check, tone: 'grey' },
  refused: { icon: CircleX, tone: 'amber' },
  ignored: { icon: Minus, tone: 'grey' },
}

/** Each row as a transaction, or the reason why it is not one. */
export function UnderstoodTable({ preview, labelId }: { preview: ImportPreview; labelId: string }) {
  const { t } = useTranslation()
  return (
    <table className={styles.table} aria-labelledby={labelId}>
      <thead>
        <tr>
          <th scope="col">{t('history.understood.state')}</th>
          <th scope="col">{t('history.understood.time')}</th>
          <th scope="col" className={styles.amount}>
            {t('history.understood.amount')}
          </th>
          <th scope="col">{t('history.understood.kind')}</th>
          <th scope="col">{t('history.understood.feature')}</th>
          <th scope="col">{t('history.understood.text')}</th>
        </tr>
      </thead>
      <tbody>
        {preview.rows.map((row, index) => (
          <tr key={row.row} data-outcome={row.outcome}>
            <td>
              <State outcome={row.outcome} isHeading={index === preview.reading.headingRow} />
            </td>
            <Meaning row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function State({ outcome, isHeading }: { outcome: PreviewRow['outcome']; isHeading: boolean }) {
  const { t } = useTranslation()
  const { icon, tone } = looks[outcome]
  return (
    <span className={styles.state}>
      <span className="tone" data-tone={tone}>
        <Icon icon={icon} size={14} />
      </span>
      {t(isHeading ? 'history.outcome.heading' : `history.outcome.${outcome}`)}
    </span>
  )
}

function Meaning({ row: { transaction, reason } }: { row: PreviewRow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  if (!transaction) {
    return (
      <td colSpan={5} className={styles.why}>
        {reason && t(`import.reason.${reason.code}`, reason.params)}
      </td>
    )
  }
  const { occurredAt, precision, amount, kind, feature, memo } = transaction
  return (
    <>
      <td className="num">{format.exact(occurredAt, precision)}</td>
      <td className={styles.amount}>
        <Amount value={amount} look="signed" />
      </td>
      <td>{labels.transaction(kind)}</td>
      <td>{feature && labels.feature(feature)}</td>
      <td>
        <span className={`clip ${styles.cell}`} title={memo ?? undefined}>
          {memo}
        </span>
      </td>
    </>
  )
}

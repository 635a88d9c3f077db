import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './seam-rows.module.css'

interface SeamRowsProps {
  preview: ImportPreview
  /** The positions of the further rows, newer than those of the preview; null if the user did not choose. */
  choice: readonly number[] | null
  onChange: (further: number[]) => void
}

/** The rows that may be the same as known rows or further ones: the user says which. */
export function SeamRows({ preview: { seam, uncertain }, choice, onChange }: SeamRowsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  const id = useId()
  if (seam.length === 0) return null
  const further = new Set(choice ?? seam.filter(({ isFurther }) => isFurther).map(({ position }) => position))
  const set = (positions: readonly number[], isFurther: boolean) => {
    const changed = new Set(further)
    for (const position of positions)
      if (isFurther) changed.add(position)
      else changed.delete(position)
    onChange([...changed])
  }
  const all = seam.map(({ position }) => position)
  return (
    <section aria-labelledby={id} data-tone="amber" className={styles.seam}>
      <SectionHeading id={id} count={uncertain}>
        {t('history.seam.title')}
      </SectionHeading>
      <p className={`lines ${styles.meaning}`}>{t('history.seam.meaning', lines)}</p>
      <ul aria-label={t('history.seam.choose')}>
        {seam.length > 1 && (
          <li>
            <Checkbox checked={further.size === seam.length} onChange={(checked) => set(all, checked)}>
              {t('history.seam.all')}
            </Checkbox>
          </li>
        )}
        {seam.map(({ position, row, transaction: { occurredAt, precision, amount, feature, kind, memo } }) => (
          <li key={position} data-seam-row={row}>
            <Checkbox checked={further.has(position)} onChange={(checked) => set([position], checked)}>
              {t('history.seam.further', { row })}
              <span className={`num ${styles.row}`}>
                {[
                  format.exact(occurredAt, precision),
                  format.signed(amount),
                  memo ?? (feature ? labels.feature(feature) : labels.transaction(kind)),
                ].join(middleDot)}
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  )
}

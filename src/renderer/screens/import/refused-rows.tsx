import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import { lines } from '../../i18n/format.ts'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './refused-rows.module.css'

/** The rows that were not understood, each with the reason: they are never dropped silently. */
export function RefusedRows({ preview: { refused, counts } }: { preview: ImportPreview }) {
  const { t } = useTranslation()
  const id = useId()
  if (refused.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} count={counts.refused}>
        {t('history.refusedRows')}
      </SectionHeading>
      <ul className={styles.rows}>
        {refused.map(({ row, cells, reason }) => (
          <li key={row}>
            <span className={`num ${styles.number}`}>{t('history.row', { row })}</span>
            <span className={`clip ${styles.cells}`}>{cells.filter(Boolean).join(' | ')}</span>
            {reason && (
              <span className={`lines ${styles.reason}`}>
                {t(`import.reason.${reason.code}`, { ...reason.params, ...lines })}
              </span>
            )}
          </li>
        ))}
      </ul>
      {counts.refused > refused.length && (
        <p className={styles.rest}>{t('history.refusedMore', { count: counts.refused - refused.length })}</p>
      )}
    </section>
  )
}

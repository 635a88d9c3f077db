import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/use-format.tsx'
import { Amount } from '../../ui/values.tsx'
import styles from './case-list.module.css'
import type { Section } from './sections.ts'

/** The heading of a section with the number of cases and their credits. */
export function SectionRow({ section, count, credits }: { section: Section; count: number; credits: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={styles.heading}>
      <h2>{t(`refunds.section.${section}`)}</h2>
      <span className={`num ${styles.count}`}>{format.number(count)}</span>
      <Amount value={credits} look="unit" className={styles.sum} />
    </div>
  )
}

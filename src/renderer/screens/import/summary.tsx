import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './summary.module.css'

/** What an import would add, in a sentence; the rest of the table in numbers; and what the table cannot prove. */
export function Summary({ preview }: { preview: ImportPreview }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { counts, covers, source, showsRefunds, isRemembered } = preview
  const title = useRef<HTMLHeadingElement>(null)
  // The whole screen has changed, so the focus moves to its new heading.
  useEffect(() => title.current?.focus(), [])
  const understood = counts.new + counts.recognised
  const facts = [
    source,
    // The period ends with the last moment of its last day or minute.
    covers && format.range(covers.from, covers.to - 1),
    counts.recognised > 0 && t('history.known', { count: counts.recognised }),
    counts.refused > 0 && t('history.refused', { count: counts.refused }),
    isRemembered && t('history.remembered'),
  ].filter(Boolean)
  const sentence = counts.new > 0 ? 'history.new' : understood > 0 ? 'history.nothingNew' : 'history.nothing'
  return (
    <div>
      <h2 ref={title} tabIndex={-1} className={`lines ${styles.title}`} aria-live="polite">
        {t(sentence, { count: counts.new, ...lines })}
      </h2>
      <p className={styles.facts}>{facts.join(middleDot)}</p>
      {understood === 0 && <p className={`lines ${styles.facts}`}>{t('history.nothingHint', lines)}</p>}
      {understood > 0 && !showsRefunds && (
        <div className={styles.warning} data-tone="amber">
          <Icon icon={TriangleAlert} />
          <p className="lines">
            <strong>{t('history.noRefunds.title')}</strong> {t('history.noRefunds.meaning', lines)}
          </p>
        </div>
      )}
    </div>
  )
}

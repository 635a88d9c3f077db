import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import type { Guess, Reading } from '../../../shared/imports.ts'
import styles from './panes.module.css'
import { SourceTable } from './source-table.tsx'
import { UnderstoodTable } from './understood-table.tsx'

interface PanesProps {
  preview: ImportPreview
  reading: Reading
  guesses: readonly Guess[]
  isStale: boolean
  onReading: (reading: Reading) => void
}

/** The source table at the left and its understood rows at the right, row beside row. */
export function Panes({ preview, reading, guesses, isStale, onReading }: PanesProps) {
  const { t } = useTranslation()
  const leftId = useId()
  const rightId = useId()
  const [left, right, follow] = useScrollTogether()
  const { rows, counts } = preview
  const total = counts.new + counts.recognised + counts.refused + counts.ignored
  return (
    <div>
      <div className={styles.panes} aria-busy={isStale}>
        <section aria-labelledby={leftId}>
          <h3 id={leftId}>{t('history.asRead')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it */}
          <div className={styles.pane} ref={left} tabIndex={0} onScroll={() => follow(left, right)}>
            <SourceTable preview={preview} reading={reading} guesses={guesses} onReading={onReading} labelId={leftId} />
          </div>
        </section>
        <section aria-labelledby={rightId}>
          <h3 id={rightId}>{t('history.asUnderstood')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it */}
          <div className={styles.pane} ref={right} tabIndex={0} onScroll={() => follow(right, left)}>
            <UnderstoodTable preview={preview} labelId={rightId} />
          </div>
        </section>
      </div>
      {total > rows.length && <p className={styles.rest}>{t('history.firstRows', { count: rows.length, total })}</p>}
    </div>
  )
}

type Pane = { readonly current: HTMLDivElement | null }

/** Two panes that scroll up and down together, and sideways each on its own. */
function useScrollTogether() {
  const left = useRef<HTMLDivElement>(null)
  const right = useRef<HTMLDivElement>(null)
  /** The pane that was moved by us: its own event must not move the other one back. */
  const moved = useRef<HTMLDivElement>(null)
  const follow = (from: Pane, to: Pane) => {
    if (!from.current || !to.current) return
    if (moved.current === from.current) {
      moved.current = null
      return
    }
    const before = to.current.scrollTop
    to.current.scrollTop = from.current.scrollTop
    if (to.current.scrollTop !== before) moved.current = to.current
  }
  return [left, right, follow] as const
}

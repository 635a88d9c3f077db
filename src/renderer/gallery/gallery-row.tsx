import type { CSSProperties } from 'react'
import { DayHeading } from './day-heading.tsx'
import styles from './gallery.module.css'
import { isLocalDay, type ListLayout, type PlacedRow } from './list-layout.ts'
import { msPerDay } from './list-page.ts'
import { countOfDay } from './scroll-anchor.ts'

interface GalleryRowProps {
  placed: PlacedRow
  layout: ListLayout
  /** Pixels from the top of the page. */
  y: number
  /** Whether older jobs follow after the list. */
  more: boolean
  aside: string | undefined
}

/** A row without jobs: the heading of a day, or the place of jobs that are not read yet. */
export function GalleryRow({ placed, layout, y, more, aside }: GalleryRowProps) {
  const { part, row, height } = placed
  const style = { '--y': `${y}px`, '--h': `${height}px` } as CSSProperties
  if (row?.kind === 'day') {
    return (
      // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
      <div role="listitem" className={styles.day} style={style}>
        <DayHeading at={row.at} count={countOfDay(layout, { part, at: row.at }, more)} aside={aside} />
      </div>
    )
  }
  const of = layout.parts[part]?.of
  const heads = of?.first === 0
  return (
    <div className={`${styles.unread} ${heads ? styles.heads : ''}`} style={style} aria-hidden>
      {heads && isLocalDay(layout, of.day) && <DayHeading at={of.day + msPerDay / 2} count={of.jobs} aside={aside} />}
    </div>
  )
}

import type { CSSProperties, ReactNode } from 'react'
import styles from './gallery.module.css'
import { isLocalDay, type ListLayout, type PlacedRow } from './list-layout.ts'
import { msPerDay } from './list-page.ts'
import { countOfDay } from './scroll-anchor.ts'

/** `at` is a time of the day. `count` is null while a part of the day is not loaded. `isFirst`: the top of the list. */
export type RenderHeading = (day: { at: number; count: number | null; isFirst: boolean }) => ReactNode

interface GalleryRowProps<Item> {
  placed: PlacedRow<Item>
  layout: ListLayout<Item>
  /** Pixels from the top of the canvas. */
  y: number
  /** Whether older items follow after the list. */
  more: boolean
  renderHeading: RenderHeading
}

/** A row without items: the heading of a day, or the placeholder of a page that is not loaded. */
export function GalleryRow<Item>({ placed, layout, y, more, renderHeading }: GalleryRowProps<Item>) {
  const { page, row, top, height } = placed
  const style = { '--y': `${y}px`, '--h': `${height}px` } as CSSProperties
  const isFirst = top === 0
  if (row?.kind === 'day') {
    const { at } = row
    return (
      // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
      <div role="listitem" className={styles.day} style={style}>
        {renderHeading({ at, count: countOfDay(layout, { page, at }, more), isFirst })}
      </div>
    )
  }
  const of = layout.pages[page]?.of
  const hasHeading = of?.first === 0
  return (
    <div className={`${styles.placeholder} ${hasHeading ? styles.headed : ''}`} style={style} aria-hidden>
      {hasHeading &&
        isLocalDay(layout, of.day) &&
        renderHeading({ at: of.day + msPerDay / 2, count: of.total, isFirst })}
    </div>
  )
}

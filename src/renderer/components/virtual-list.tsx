import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import styles from './virtual-list.module.css'

interface VirtualListProps<T> {
  label: string
  items: readonly T[]
  getKey: (item: T) => string
  /** The row's height in pixels before it is measured. */
  estimateHeight: (item: T) => number
  renderRow: (item: T, index: number) => ReactNode
  /** Called when the last rows come into view. */
  onEnd?: () => void
  /** The key of a row that stays in the page wherever one scrolls, and is scrolled to when it becomes another one. */
  keep?: string
}

/** A list that draws only what is in view of the nearest scrolling ancestor. Rows are measured, so they may wrap. */
export function VirtualList<T>({ label, items, getKey, estimateHeight, renderRow, onEnd, keep }: VirtualListProps<T>) {
  const list = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ scroller: Element; margin: number } | null>(null)

  useLayoutEffect(() => {
    const locate = () => list.current && setPlace(placeOf(list.current))
    locate()
    addEventListener('resize', locate)
    return () => removeEventListener('resize', locate)
  }, [])

  const kept = keep === undefined ? -1 : items.findIndex((item) => getKey(item) === keep)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => place?.scroller ?? null,
    scrollMargin: place?.margin ?? 0,
    getItemKey: (index) => getKey(items[index] as T),
    estimateSize: (index) => estimateHeight(items[index] as T),
    overscan: 8,
    rangeExtractor: (range: Range) => withIndex(defaultRangeExtractor(range), kept),
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? -1
  const atEnd = items.length > 0 && last >= items.length - 1

  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list at its end asks again, a new callback does not
  useEffect(() => {
    if (atEnd) onEnd?.()
  }, [atEnd, items.length])

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come or go around the kept one scroll nothing
  useEffect(() => {
    if (kept >= 0) virtualizer.scrollToIndex(kept, { align: 'auto' })
  }, [keep, place !== null, items.length > 0])

  return (
    // biome-ignore lint/a11y/useSemanticElements: positioned rows cannot be the children of a ul in every browser's tree
    <div
      ref={list}
      role="list"
      aria-label={label}
      className={styles.list}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div
          key={row.key}
          ref={virtualizer.measureElement}
          role="listitem"
          data-index={row.index}
          className={styles.row}
          style={{ transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)` }}
        >
          {renderRow(items[row.index] as T, row.index)}
        </div>
      ))}
    </div>
  )
}

function placeOf(list: HTMLElement): { scroller: Element; margin: number } {
  let scroller: Element = list.parentElement ?? document.documentElement
  while (scroller.parentElement && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
    scroller = scroller.parentElement
  }
  const margin = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop
  return { scroller, margin }
}

const withIndex = (indexes: number[], extra: number): number[] =>
  extra < 0 || indexes.includes(extra) ? indexes : [...indexes, extra].sort((a, b) => a - b)

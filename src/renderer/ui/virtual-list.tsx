import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { scrollerOf } from './scroller.ts'
import styles from './virtual-list.module.css'

interface VirtualListProps<T> {
  label: string
  /** `rowgroup`: the body of a table with one header row, whose rows draw cells. */
  role?: 'list' | 'rowgroup'
  items: readonly T[]
  getKey: (item: T) => string
  /** The row's height in pixels before it is measured. */
  estimateHeight: (item: T) => number
  renderRow: (item: T, index: number) => ReactNode
  /** Called when the last rows come into view, and again if it is set while they are: undefined means not now. */
  onEnd?: () => void
  /** The key of a row that always stays rendered; the list scrolls to it when the key changes. */
  keep?: string
  /** Whether a row sticks to the top while the rows below it scroll, such as the heading of a day. */
  isHeading?: (item: T) => boolean
}

/**
 * A list that renders only the rows in the viewport of its nearest scrolling ancestor. Rows are measured, so they may
 * wrap. Rows inserted above the viewport do not move it. `--covered` is the height of sticky content above the list.
 */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, role = 'list', items, getKey, estimateHeight, renderRow, onEnd, keep, isHeading } = props
  const list = useRef<HTMLDivElement>(null)
  const position = useListPosition(list)

  const kept = keep === undefined ? -1 : items.findIndex((item) => getKey(item) === keep)
  const headings = useMemo(
    () => (isHeading ? items.flatMap((item, index) => (isHeading(item) ? [index] : [])) : []),
    [items, isHeading],
  )
  const headingOf = (start: number) => headings.findLast((index) => index <= start) ?? -1
  const firstHeading = items[headings[0] ?? -1]
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => position?.scroller ?? null,
    scrollMargin: position?.margin ?? 0,
    getItemKey: (index) => getKey(items[index] as T),
    estimateSize: (index) => estimateHeight(items[index] as T),
    overscan: 8,
    scrollPaddingStart: firstHeading ? estimateHeight(firstHeading) : 0,
    anchorTo: position && position.scroller.scrollTop > position.margin ? 'end' : 'start',
    rangeExtractor: (range: Range) =>
      withIndex(withIndex(defaultRangeExtractor(range), kept), headingOf(range.startIndex)),
  })
  const stuck = headingOf(virtualizer.range?.startIndex ?? 0)
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? -1
  const atEnd = items.length > 0 && last >= items.length - 1

  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list at its end calls again, a new callback does not
  useEffect(() => {
    if (atEnd) onEnd?.()
  }, [atEnd, items.length, onEnd !== undefined])

  // biome-ignore lint/correctness/useExhaustiveDependencies: changes of other rows must not scroll
  useEffect(() => {
    if (kept >= 0) virtualizer.scrollToIndex(kept, { align: 'auto' })
  }, [keep, position !== null, kept >= 0])

  return (
    <div
      ref={list}
      {...{ role, 'aria-label': label }}
      className={styles.list}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.map(({ key, index, start }) => (
        <div
          key={key}
          ref={virtualizer.measureElement}
          {...rowRole(role, index)}
          data-index={index}
          className={index === stuck ? styles.stuck : styles.row}
          style={
            index === stuck ? undefined : { transform: `translateY(${start - virtualizer.options.scrollMargin}px)` }
          }
        >
          {renderRow(items[index] as T, index)}
        </div>
      ))}
    </div>
  )
}

// Positioned rows cannot be children of real list or table elements in all browsers, so they have roles.
const rowRole = (role: 'list' | 'rowgroup', index: number) =>
  role === 'list' ? { role: 'listitem' } : { role: 'row', 'aria-rowindex': index + 2 }

interface ListPosition {
  scroller: Element
  /** Top of the list in the scrolled content, minus the height of sticky content above it, in pixels. */
  margin: number
}

/** The position of a list in its scroller, measured again when an element around it changes its size. */
function useListPosition(list: RefObject<HTMLElement | null>): ListPosition | null {
  const [position, setPosition] = useState<ListPosition | null>(null)
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const locate = () => {
      const next = positionOf(element)
      setPosition((last) => (last?.scroller === next.scroller && last.margin === next.margin ? last : next))
    }
    locate()
    const observer = new ResizeObserver(locate)
    for (let around = element.parentElement; around; around = around.parentElement) observer.observe(around)
    return () => observer.disconnect()
  }, [list])
  return position
}

function positionOf(list: HTMLElement): ListPosition {
  const scroller = scrollerOf(list)
  const start = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop
  return { scroller, margin: start - Number.parseFloat(getComputedStyle(list).scrollMarginTop) }
}

const withIndex = (indexes: number[], extra: number): number[] =>
  extra < 0 || indexes.includes(extra) ? indexes : [...indexes, extra].sort((a, b) => a - b)

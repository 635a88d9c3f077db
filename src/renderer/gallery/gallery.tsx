import { type CSSProperties, type Ref, useDeferredValue, useEffect, useImperativeHandle, useRef } from 'react'
import { PassesFast } from '../ui/scroller.ts'
import styles from './gallery.module.css'
import { GalleryItem, type RenderItem } from './gallery-item.tsx'
import { GalleryRow, type RenderHeading } from './gallery-row.tsx'
import { countOf, findTile, rowsBetween, tilesOf } from './list-layout.ts'
import type { DayPosition, ItemTraits, PagedList } from './list-page.ts'
import type { View } from './page-layout.ts'
import { countOfDay } from './scroll-anchor.ts'
import { Scrubber, type ScrubberTexts } from './scrubber.tsx'
import { needsScrubber, type ScrubberDay } from './scrubber-layout.ts'
import { useGalleryFocus } from './use-gallery-focus.ts'
import { useIsScrollingFast } from './use-is-scrolling-fast.ts'
import { useListLayout } from './use-list-layout.ts'
import type { GallerySizes } from './use-measures.ts'
import { useRenderWindow } from './use-render-window.ts'
import { type GalleryViewport, overscan, viewportOf } from './viewport.ts'

export interface GalleryHandle {
  /** Whether newer items would move the items that the user looks at or points to. */
  isInUse(): boolean
  scrollToTop(): void
  /** Scrolls to a day, or to the next older one, and focuses its item at a position. */
  goToDay(position: DayPosition): void
}

interface GalleryProps<Item> {
  handle: Ref<GalleryHandle>
  list: PagedList<Item>
  /** Must be stable, as must be `sizes` and `dayOf`: a new one lays out every page again. */
  traits: ItemTraits<Item>
  sizes: GallerySizes
  view: View
  /** The accessible name of the list. */
  label: string
  /** The local day of a time, such as `2026-01-28`. */
  dayOf: (at: number) => string
  renderItem: RenderItem<Item>
  renderHeading: RenderHeading
  /** Whether another list will probably replace this one soon: only what is in view is drawn, without pictures. */
  isPassing: boolean
  /** The days of the history for the scrubber, newest first; none in a search. */
  days: readonly ScrubberDay[]
  scrubberTexts: ScrubberTexts
  /** The key of the item that is open. */
  selected: string | null
  /** The key of the item that was open: it takes the focus back if nothing else has it. */
  returnTo: string | null
  /** Called when the arrow keys reach an item. */
  onReach: (item: Item) => void
}

/** A list of items by day, as a grid of tiles or as lines. It has one tab stop; arrow keys move from item to item. */
export function Gallery<Item>(props: GalleryProps<Item>) {
  const { handle, list, traits, sizes, view, label, dayOf, renderItem, renderHeading, isPassing } = props
  const { days, scrubberTexts, selected, returnTo, onReach } = props
  const { id, pages, more, setInView } = list
  const element = useRef<HTMLDivElement>(null)
  const stuck = useRef<HTMLDivElement>(null)
  const viewport = useRef<GalleryViewport>(null)
  const layout = useListLayout(element, { id, pages, view, sizes, traits, dayOf })
  const focus = useGalleryFocus({ list: element, viewport, layout, returnTo, onReach })
  const anchorKey = focus.focused ?? selected
  const shown = useRenderWindow({ list: element, stuck, viewport, layout, id, anchorKey })
  const isScrollingFast = useIsScrollingFast(element)

  // Another list is first rendered without overscan, so that its visible items are painted sooner.
  const isNew = useDeferredValue(id) !== id || isPassing
  const rows = rowsBetween(layout, shown.from + (isNew ? overscan : 0), shown.to - (isNew ? overscan : 0))
  const inWindow = tilesOf(layout, rows)
  // The tab stop stays rendered wherever the user scrolls, and keeps the focus.
  const tabStop =
    findTile(layout, focus.active) ??
    findTile(layout, selected) ??
    inWindow.find(({ top, row }) => top + row.height > shown.top)
  const isRendered = inWindow.some(({ tile }) => tile.key === tabStop?.tile.key)
  const tiles = tabStop && !isRendered ? [...inWindow, tabStop] : inWindow

  const [first = 0, last = -1] = [rows[0]?.page, rows.at(-1)?.page]
  const kept = findTile(layout, anchorKey)?.page ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other pages are worth a report, not a new callback
  useEffect(() => {
    if (last >= 0) setInView({ first, last, kept })
  }, [first, last, kept, pages])

  useImperativeHandle(handle, () => ({
    isInUse: () => element.current !== null && (selected !== null || isInUse(element.current)),
    scrollToTop: () => viewport.current?.goToTop(),
    goToDay: focus.goToDay,
  }))

  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree */}
      <div
        ref={element}
        role="list"
        aria-label={label}
        className={`${styles.gallery} ${view === 'list' ? styles.lines : ''}`}
        style={{ '--day': `${layout.dayHeight}px`, '--pitch': `${layout.pitch}px` } as CSSProperties}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        <div ref={stuck} className={styles.stuck} aria-hidden>
          {shown.day && renderHeading({ at: shown.day.at, count: countOfDay(layout, shown.day, more), isFirst: true })}
        </div>
        {rows.map(
          (placed) =>
            placed.row?.kind !== 'items' && (
              <GalleryRow
                key={`${placed.page} ${placed.row?.key ?? 'placeholder'}`}
                placed={placed}
                layout={layout}
                y={placed.top - shown.shift}
                more={more}
                renderHeading={renderHeading}
              />
            ),
        )}
        <PassesFast value={isScrollingFast || isPassing}>
          {tiles.map(({ tile, row, top, index }) => (
            <GalleryItem
              key={tile.key}
              tile={tile}
              y={Math.max(0, Math.min(shown.canvas - row.height, top - shown.shift))}
              height={row.height}
              index={index}
              size={more ? -1 : countOf(layout)}
              isTabStop={tile.key === tabStop?.tile.key}
              isSelected={tile.key === selected}
              renderItem={renderItem}
            />
          ))}
        </PassesFast>
      </div>
      {needsScrubber(days) && (
        <Scrubber
          days={days}
          at={shown.day?.at ?? null}
          texts={scrubberTexts}
          onGo={(day) => viewport.current?.goTo({ key: null, inDay: { day, before: 0 }, distance: 0 })}
        />
      )}
    </div>
  )
}

const isInUse = (list: Element): boolean =>
  viewportOf(list).top > 0 || list.matches(':hover') || list.contains(document.activeElement)

import { type CSSProperties, type Ref, useDeferredValue, useEffect, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundJob, JobDay } from '../../shared/views.ts'
import { PicturesWait } from '../parts/thumbnail.tsx'
import { GalleryItem } from '../screens/library/list/gallery-item.tsx'
import { DayHeading } from './day-heading.tsx'
import styles from './gallery.module.css'
import { GalleryRow } from './gallery-row.tsx'
import { countOf, findTile, rowsBetween, tilesOf } from './list-layout.ts'
import type { Part, PartsInView, PlaceInDay } from './list-page.ts'
import type { View } from './page-layout.ts'
import { countOfDay } from './scroll-anchor.ts'
import { Scrubber } from './scrubber.tsx'
import { isWorthScrubbing } from './scrubber-layout.ts'
import { useGalleryFocus } from './use-gallery-focus.ts'
import { useIsFlying } from './use-is-scrolling-fast.ts'
import { useListLayout } from './use-list-layout.ts'
import { useGalleryWindow } from './use-viewport.ts'
import { beyond, type GalleryWindow, viewOf } from './viewport.ts'

export interface GalleryHandle {
  /** Whether newer jobs would move what the user looks at or points to. */
  isLookedAt(): boolean
  scrollToTop(): void
  /** Goes to a day of the history, or to the next older one, and puts the focus on the job before which so many others come. */
  goToDay(place: PlaceInDay): void
}

interface GalleryProps {
  handle: Ref<GalleryHandle>
  /** Which list the jobs are of; another one begins at its top. */
  id: string
  parts: readonly Part[]
  /** The days of the history, newest first; none in a search. */
  days: readonly JobDay[]
  /** Whether older jobs follow. */
  more: boolean
  view: View
  /** How many jobs there are, in words. */
  total: string
  /** The key of the job that is open. */
  selected: string | null
  /** The job that was open: it takes the focus back where nothing else has it. */
  returnTo: string | null
  /** The address that opens a job. */
  pathOf: (job: FoundJob) => string
  onOpen: () => void
  /** Called as the arrow keys reach a job. */
  onReach: (job: FoundJob) => void
  onInView: (parts: PartsInView) => void
}

/** Jobs by day, as a grid of pictures or a list of lines. One tab stop; arrow keys go from job to job. */
export function Gallery(props: GalleryProps) {
  const { handle, id, parts, days, more, view, total, selected, returnTo, pathOf, onOpen, onReach, onInView } = props
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const window = useRef<GalleryWindow>(null)
  const layout = useListLayout(list, { id, parts, view })
  const focus = useGalleryFocus({ list, window, layout, returnTo, onReach })
  const anchor = focus.focused ?? selected
  const shown = useGalleryWindow({ list, window, layout, id, anchor })
  const isFlying = useIsFlying(list)

  // Of another list what is in view comes first, and what is beyond it once that is painted.
  const isNew = useDeferredValue(id) !== id
  const rows = rowsBetween(layout, shown.from + (isNew ? beyond : 0), shown.to - (isNew ? beyond : 0))
  const inRows = tilesOf(layout, rows)
  // The tab stop stays in the page wherever one scrolls, and the focus with it.
  const stop =
    findTile(layout, focus.active) ??
    findTile(layout, selected) ??
    inRows.find(({ top, row }) => top + row.height > shown.top)
  const tiles = stop && !inRows.some(({ tile }) => tile.key === stop.tile.key) ? [...inRows, stop] : inRows

  const [first = 0, last = -1] = [rows[0]?.part, rows.at(-1)?.part]
  const kept = findTile(layout, anchor)?.part ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: other parts in view are news, a new callback is not
  useEffect(() => {
    if (last >= 0) onInView({ first, last, kept })
  }, [first, last, kept, parts])

  useImperativeHandle(handle, () => ({
    isLookedAt: () => list.current !== null && (selected !== null || isLookedAt(list.current)),
    scrollToTop: () => list.current?.scrollIntoView({ block: 'start', behavior: 'instant' }),
    goToDay: focus.goToDay,
  }))

  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree */}
      <div
        ref={list}
        role="list"
        aria-label={t('library.jobs')}
        className={`${styles.gallery} ${view === 'list' ? styles.lines : ''}`}
        style={{ '--day': `${layout.dayHeight}px`, '--pitch': `${layout.pitch}px` } as CSSProperties}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        {shown.day && (
          <div className={styles.stuck} aria-hidden>
            <DayHeading at={shown.day.at} count={countOfDay(layout, shown.day, more)} aside={total} />
          </div>
        )}
        {rows.map(
          (placed) =>
            placed.row?.kind !== 'jobs' && (
              <GalleryRow
                key={placed.row?.key ?? `unread ${placed.part}`}
                placed={placed}
                layout={layout}
                y={placed.top - shown.shift}
                more={more}
                aside={placed.top === 0 ? total : undefined}
              />
            ),
        )}
        <PicturesWait value={isFlying}>
          {tiles.map(({ tile, row, top, place }) => (
            <GalleryItem
              key={tile.key}
              tile={tile}
              y={Math.max(0, Math.min(shown.page - row.height, top - shown.shift))}
              height={row.height}
              view={view}
              place={place}
              size={more ? -1 : countOf(layout)}
              isStop={tile.key === stop?.tile.key}
              isSelected={tile.key === selected}
              path={pathOf(tile.job)}
              onOpen={onOpen}
              replaces={selected !== null}
            />
          ))}
        </PicturesWait>
      </div>
      {isWorthScrubbing(days) && (
        <Scrubber
          days={days}
          at={shown.day?.at ?? null}
          onGo={(day) => window.current?.goTo({ key: null, inDay: { day, before: 0 }, distance: 0 })}
        />
      )}
    </div>
  )
}

const isLookedAt = (list: Element): boolean =>
  viewOf(list).top > 0 || list.matches(':hover') || list.contains(document.activeElement)

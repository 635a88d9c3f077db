import {
  type CSSProperties,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { FoundJob } from '../../../shared/views.ts'
import { nextTile } from './arrow-keys.ts'
import { DayHeading } from './day-heading.tsx'
import styles from './gallery.module.css'
import { GalleryItem } from './gallery-item.tsx'
import type { Layout, Row, Tile } from './layout.ts'
import { useGalleryLayout } from './use-gallery-layout.ts'
import { useGalleryWindow, viewOf } from './use-gallery-window.ts'

export interface GalleryHandle {
  /** Whether newer jobs would move what the user looks at or points to. */
  isLookedAt(): boolean
  scrollToTop(): void
}

interface GalleryProps {
  handle: Ref<GalleryHandle>
  /** Which list the jobs are of; another one begins at its top. */
  id: string
  jobs: readonly FoundJob[]
  /** Whether older jobs follow. */
  more: boolean
  view: Layout['view']
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
  /** Called with the places of the first and the last job that are in or near the view. */
  onInView: (first: number, last: number) => void
}

/** Jobs by day, as a grid of pictures or a list of lines. One tab stop; arrow keys go from job to job. */
export function Gallery(props: GalleryProps) {
  const { handle, id, jobs, more, view, total, selected, returnTo, pathOf, onOpen, onReach, onInView } = props
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const layout = useGalleryLayout(list, props)
  const [active, setActive] = useState<string | null>(null)
  const [hasFocus, setHasFocus] = useState(false)
  const { shown, showTile } = useGalleryWindow({ list, layout, id, anchor: hasFocus ? active : selected })

  const rows = layout.rows.slice(Math.max(0, shown.first), shown.last + 1)
  const inRows = tilesOf(rows)
  // The tab stop stays in the page wherever one scrolls, and the focus with it.
  const stop = tileOf(layout, active) ?? tileOf(layout, selected) ?? firstTile(layout, shown.top)
  const tiles = stop && !inRows.includes(stop) ? [...inRows, stop] : inRows
  const [first, last] = [inRows[0]?.index, inRows.at(-1)?.index]
  // biome-ignore lint/correctness/useExhaustiveDependencies: other jobs in view are news, a new callback is not
  useEffect(() => {
    if (first !== undefined && last !== undefined) onInView(first, last)
  }, [first, last, jobs])

  const focusJob = (key: string) => {
    flushSync(() => setActive(key))
    showTile(key)
    list.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
  }
  useReturn(returnTo, layout, focusJob)
  useImperativeHandle(handle, () => ({
    isLookedAt: () => list.current !== null && (selected !== null || isLookedAt(list.current)),
    scrollToTop: () => list.current?.scrollIntoView({ block: 'start', behavior: 'instant' }),
  }))

  const onKeyDown = (event: KeyboardEvent) => {
    const key = (event.target as HTMLElement).dataset.tile
    const from = key === undefined ? undefined : tiles.find((tile) => tile.key === key)
    if (!from || !list.current || event.altKey || event.metaKey || event.shiftKey) return
    const { top, bottom } = viewOf(list.current)
    const next = nextTile(layout, from, event.key, event.ctrlKey, bottom - top)
    if (!next) return
    event.preventDefault()
    focusJob(next.key)
    onReach(next.job)
  }

  const stuck = layout.rows[shown.day]
  return (
    // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
    <div
      ref={list}
      role="list"
      aria-label={t('library.jobs')}
      className={`${styles.gallery} ${view === 'list' ? styles.lines : ''}`}
      style={{ '--height': `${layout.height}px`, '--day': `${layout.rows[0]?.height ?? 0}px` } as CSSProperties}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => {
        setActive(target.dataset.tile ?? null)
        setHasFocus(true)
      }}
      onBlur={() => setHasFocus(false)}
    >
      {stuck?.kind === 'day' && (
        <div className={styles.stuck} aria-hidden>
          <DayHeading at={stuck.at} count={stuck.count} aside={total} />
        </div>
      )}
      {rows.map((row) =>
        row.kind === 'day' ? (
          // biome-ignore lint/a11y/useSemanticElements: see above
          <div key={row.key} role="listitem" className={styles.day} style={{ '--y': `${row.top}px` } as CSSProperties}>
            <DayHeading at={row.at} count={row.count} aside={row === layout.rows[0] ? total : undefined} />
          </div>
        ) : null,
      )}
      {tiles.map((tile) => (
        <GalleryItem
          key={tile.key}
          tile={tile}
          row={layout.rows[layout.rowOf.get(tile.key) ?? 0] as Row}
          view={view}
          isStop={tile === stop}
          isSelected={tile.key === selected}
          size={more ? -1 : jobs.length}
          path={pathOf(tile.job)}
          onOpen={onOpen}
          replaces={selected !== null}
        />
      ))}
    </div>
  )
}

/** Gives the focus back to the job that was open, unless it went elsewhere. */
function useReturn(key: string | null, layout: Layout, focusJob: (key: string) => void) {
  const returned = useRef<string | null>(null)
  useEffect(() => {
    if (key === null) returned.current = null
    if (key === null || returned.current === key || !layout.rowOf.has(key)) return
    returned.current = key
    // An effect may not render at once, as the focus needs it.
    queueMicrotask(() => document.activeElement === document.body && focusJob(key))
  })
}

const tilesOf = (rows: readonly Row[]): Tile[] => rows.flatMap((row) => (row.kind === 'jobs' ? row.tiles : []))

function tileOf({ rows, rowOf }: Layout, key: string | null): Tile | undefined {
  const row = key === null ? undefined : rows[rowOf.get(key) ?? -1]
  return row?.kind === 'jobs' ? row.tiles.find((tile) => tile.key === key) : undefined
}

/** The first tile from a row on. */
const firstTile = ({ rows }: Layout, from: number): Tile | undefined => tilesOf(rows.slice(from, from + 2))[0]

function isLookedAt(list: Element): boolean {
  return viewOf(list).top > 0 || list.matches(':hover') || list.contains(document.activeElement)
}

import {
  type CSSProperties,
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { FoundJob } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { nextTile } from './arrow-keys.ts'
import { DayHeading } from './day-heading.tsx'
import styles from './gallery.module.css'
import { GalleryItem } from './gallery-item.tsx'
import { type Layout, layOut, type Row, type Tile, tileShape } from './layout.ts'
import { useGalleryWindow, viewOf } from './use-gallery-window.ts'
import { useMeasures } from './use-measures.ts'

const quarterHour = 15 * 60_000
/** How near to its end, in rows, a list asks for more. */
const nearEnd = 12

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
  onInView: (first: number, last: number) => void
  onNearEnd: () => void
}

/** Jobs by day, as a grid of pictures or a list of lines. One tab stop; arrow keys go from job to job. */
export function Gallery(props: GalleryProps) {
  const { handle, id, jobs, more, view, total, selected, returnTo, pathOf, onOpen, onReach, onInView, onNearEnd } =
    props
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const layout = useLayout(list, props)
  const [active, setActive] = useState<string | null>(null)
  const stop = [active, selected].find((key) => key !== null && layout.rowOf.has(key)) ?? tilesOf(layout.rows)[0]?.key
  const focused = () => list.current?.querySelector<HTMLElement>('[data-tile]:focus')?.dataset.tile ?? null
  const { shown, showTile } = useGalleryWindow({ list, layout, id, anchor: () => focused() ?? selected })

  const rows = layout.rows.slice(Math.max(0, shown.first), shown.last + 1)
  const stopRow = layout.rows[layout.rowOf.get(stop ?? '') ?? -1]
  // The tab stop stays in the page wherever one scrolls, and the focus with it.
  const tiles = tilesOf(stopRow && !rows.includes(stopRow) ? [...rows, stopRow] : rows)
  const [first, last] = [tilesOf(rows)[0]?.index, tilesOf(rows).at(-1)?.index]
  useReport(first, last, onInView, jobs)
  const isNearEnd = shown.last >= layout.rows.length - nearEnd && layout.rows.length > 0 && more
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list at its end asks again, a new callback does not
  useEffect(() => {
    if (isNearEnd) onNearEnd()
  }, [isNearEnd, jobs.length])

  const focusJob = (key: string) => {
    flushSync(() => setActive(key))
    showTile(key)
    list.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
  }
  useReturn(returnTo, layout, focusJob)
  useImperativeHandle(handle, () => ({
    isLookedAt: () => list.current !== null && isLookedAt(list.current),
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
      onFocus={({ target }) => setActive(target.dataset.tile ?? null)}
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
          isStop={tile.key === stop}
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

function useLayout(list: RefObject<HTMLElement | null>, { id, jobs, more, view }: GalleryProps): Layout {
  const format = useFormat()
  const measures = useMeasures(list)
  const { width = 0, dayHeight = 0, rowHeight = 0, tileMin = 0, tileMax = 0 } = measures ?? {}
  // A tile keeps its shape while its list is open: a job that finishes moves nothing around it.
  const shapes = useRef({ id, known: new Map<FoundJob['jobId'], number>() })
  const dayOf = useMemo(() => {
    const known = new Map<number, string>()
    return (at: number) => {
      const quarter = Math.floor(at / quarterHour)
      const day = known.get(quarter) ?? format.dayKey(at)
      known.set(quarter, day)
      return day
    }
  }, [format])
  return useMemo(() => {
    if (shapes.current.id !== id) shapes.current = { id, known: new Map() }
    const { known } = shapes.current
    const shapeOf = (job: FoundJob) => {
      const key = `${job.agent}/${job.jobId}`
      const shape = known.get(key) ?? tileShape(job)
      known.set(key, shape)
      return shape
    }
    const shownJobs = width > 0 ? jobs : []
    return layOut(shownJobs, { view, more, dayOf }, { width, dayHeight, rowHeight, tileMin, tileMax }, shapeOf)
  }, [id, jobs, more, view, dayOf, width, dayHeight, rowHeight, tileMin, tileMax])
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

function useReport(
  first: number | undefined,
  last: number | undefined,
  report: GalleryProps['onInView'],
  jobs: unknown,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: other jobs in view are news, a new callback is not
  useEffect(() => {
    if (first !== undefined && last !== undefined) report(first, last)
  }, [first, last, jobs])
}

const tilesOf = (rows: readonly Row[]): Tile[] => rows.flatMap((row) => (row.kind === 'jobs' ? row.tiles : []))

function isLookedAt(list: Element): boolean {
  return viewOf(list).top > 0 || list.matches(':hover') || list.contains(document.activeElement)
}

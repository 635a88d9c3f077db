import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { scrollerOf } from '../../components/scroller.ts'
import { type JobRow, type Layout, rowsBetween } from './layout.ts'

/** What is drawn beyond the view on either side, in pixels. */
const beyond = 600
/** What is left below a tile that is scrolled into view, for its ring. */
const margin = 12
const mostPlaces = 20

/** A job at a distance from the top of the view, in pixels. */
interface Place {
  key: string
  distance: number
}
/** Where each list was left. */
const places = new Map<string, Place>()

export interface Shown {
  /** The rows to draw, by index; -1 and -1 for none. */
  first: number
  last: number
  /** The first row in view. */
  top: number
  /** The row of the day whose heading stays at the top; -1 before anything is there. */
  day: number
}

interface GalleryWindowOptions {
  list: RefObject<HTMLElement | null>
  layout: Layout
  /** Tells one list from another. */
  id: string
  /** The job that must not move under the user's eyes; null for whichever is the first in view. */
  anchor: string | null
}

/**
 * Which rows of a gallery are in or near the view of whatever scrolls it. When rows change, the job that the user looks at keeps
 * its place on screen; a list that was left is taken up where it was.
 */
export function useGalleryWindow({ list, layout, id, anchor }: GalleryWindowOptions) {
  const [shown, setShown] = useState<Shown>({ first: -1, last: -1, top: 0, day: -1 })
  const place = useRef<Place | null>(null)
  const shownId = useRef<string | null>(null)

  const look = useEffectEvent(() => {
    const view = list.current && viewOf(list.current)
    if (!view || layout.rows.length === 0) return
    const { first, last } = rowsBetween(layout, view.top - beyond, view.bottom + beyond)
    const top = Math.max(0, rowsBetween(layout, view.top, view.bottom).first)
    const day = dayAt(layout, top)
    setShown((before) => {
      const same = before.first === first && before.last === last && before.top === top && before.day === day
      return same ? before : { first, last, top, day }
    })
    list.current?.style.setProperty('--push', `${pushOf(layout, day, view.top)}px`)
    place.current = placeOf(layout, view, anchor)
    if (place.current) remember(id, place.current)
    else places.delete(id)
  })

  useLayoutEffect(() => {
    const element = list.current
    if (!element || layout.rows.length === 0) return
    const isAnother = shownId.current !== id
    const isFirst = shownId.current === null
    shownId.current = id
    const kept = isAnother ? places.get(id) : place.current
    const row = kept && layout.rows[layout.rowOf.get(kept.key) ?? -1]
    const { top } = viewOf(element)
    if (row) scrollBy(element, row.top - kept.distance - top)
    else if (isAnother && !isFirst && top > 0) scrollBy(element, -top)
    look()
  }, [list, layout, id])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another anchor has another place
  useEffect(() => look(), [anchor])

  useEffect(() => {
    const element = list.current
    if (!element) return
    const onScroll = ({ target }: Event) => target instanceof Node && target.contains(element) && look()
    document.addEventListener('scroll', onScroll, { capture: true, passive: true })
    const observer = new ResizeObserver(() => look())
    observer.observe(scrollerOf(element))
    return () => {
      document.removeEventListener('scroll', onScroll, { capture: true })
      observer.disconnect()
    }
  }, [list])

  /** Scrolls as little as it takes to have the whole tile of a job in view. */
  const showTile = (key: string) => {
    const row = layout.rows[layout.rowOf.get(key) ?? -1]
    if (!list.current || !row) return
    const { top, bottom } = viewOf(list.current)
    const above = row.top - (layout.rows[0]?.height ?? 0) - top
    const under = row.top + row.height - bottom
    if (above < 0) scrollBy(list.current, above)
    else if (under > 0) scrollBy(list.current, under + margin)
  }
  return { shown, showTile }
}

/** What of the list is in view, in pixels from its top. `--covered` is the height of what sticks above it. */
export function viewOf(list: Element): { top: number; bottom: number } {
  const scroller = scrollerOf(list)
  const start = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top
  const covered = Number.parseFloat(getComputedStyle(list).scrollMarginTop)
  return { top: start + covered, bottom: start + scroller.clientHeight }
}

const scrollBy = (list: Element, distance: number) => scrollerOf(list).scrollBy({ top: distance, behavior: 'instant' })

/** The job to hold on to: the anchor while it is in view, else the first one in view; none at the very top. */
function placeOf(
  layout: Layout,
  { top, bottom }: { top: number; bottom: number },
  anchor: string | null,
): Place | null {
  const anchored = anchor === null ? undefined : layout.rows[layout.rowOf.get(anchor) ?? -1]
  if (anchor !== null && anchored && anchored.top + anchored.height > top && anchored.top < bottom) {
    return { key: anchor, distance: anchored.top - top }
  }
  if (top <= 0) return null
  const { first, last } = rowsBetween(layout, top, bottom)
  const row = layout.rows.slice(Math.max(0, first), last + 1).find((one): one is JobRow => one.kind === 'jobs')
  return row ? { key: row.key, distance: row.top - top } : null
}

function dayAt({ rows }: Layout, row: number): number {
  for (let index = row; index >= 0; index--) if (rows[index]?.kind === 'day') return index
  return -1
}

/** How far the heading of the next day pushes the one at the top out of view; zero or less. */
function pushOf({ rows }: Layout, day: number, top: number): number {
  for (let index = day + 1; index < rows.length; index++) {
    const row = rows[index]
    if (row?.kind === 'day') return Math.min(0, row.top - top - row.height)
  }
  return 0
}

function remember(id: string, place: Place): void {
  places.delete(id)
  places.set(id, place)
  const [oldest] = places.keys()
  if (places.size > mostPlaces && oldest !== undefined) places.delete(oldest)
}

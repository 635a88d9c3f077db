import { scrollerOf } from '../ui/scroller.ts'
import { emptyLayout, heightOf, type ListLayout, type PlacedTile } from './list-layout.ts'
import { type Extent, findPlace, type Heading, headingAt, type Place, placeInView, pushAt } from './scroll-anchor.ts'
import { barAt, isAstray, type Scrolled, scaleOf, scrolled, shiftAt, toPage } from './scroll-scale.ts'

/** What is drawn beyond the view on either side, in pixels. */
export const beyond = 400
/** What is drawn changes by so many pixels at a time. */
const stride = 200
/** What is left below a tile that is scrolled into view, for its ring. */
const margin = 12
/** No wheel and no key scrolls by more views at once. */
const mostViews = 8
const mostPlaces = 20

/** Where each list was left. */
const places = new Map<string, Place>()

export interface Shown {
  /** What to draw, in pixels from the top of the list. */
  from: number
  to: number
  /** The height of the page that scrolls, and by how much further down the list is than it. */
  page: number
  shift: number
  /** Roughly the top of the view, in pixels from the top of the list. */
  top: number
  /** The day whose heading stays at the top; null before anything is there. */
  day: Heading | null
}

export const nothingShown: Shown = { from: 0, to: 0, page: 0, shift: 0, top: 0, day: null }

interface Listed {
  layout: ListLayout
  /** Tells one list from another. */
  id: string
  /** The job that must not move under the user's eyes; null for whichever is the first in view. */
  anchor: string | null
}

export type GalleryWindow = ReturnType<typeof createGalleryWindow>

/**
 * Watches what of a gallery is in or near the view of whatever scrolls `list`. When rows change, the job that the user looks at
 * keeps its place on screen; a list that was left is taken up where it was.
 */
export function createGalleryWindow(list: HTMLElement, publish: (shown: Shown) => void) {
  let listed: Listed = { layout: emptyLayout, id: '', anchor: null }
  let scale = scaleOf(0, 1)
  let shown = nothingShown
  let at: Scrolled = { page: 0, shift: 0 }
  let place: Place | null = null
  /** A place to be taken up once it is read. */
  let goal: Place | null = null
  let isScrolling = false
  let holdsBar = false

  /** What is in view, in pixels from the top of the list. */
  function extent(): Extent {
    const { top, bottom } = viewOf(list)
    return { top: top + at.shift, bottom: bottom + at.shift }
  }

  /** Notes what is held on to from now on. */
  function hold(): void {
    const { layout, id, anchor } = listed
    place = goal ?? placeInView(layout, extent(), anchor)
    if (place) remember(id, place)
    else places.delete(id)
  }

  function look(): void {
    const { layout } = listed
    if (layout.parts.length === 0) return
    const view = extent()
    // A page may stand a fraction of a pixel above the day that it was sent to.
    const top = Math.max(0, view.top + 1)
    list.style.setProperty('--push', `${pushAt(layout, top)}px`)
    const from = Math.floor(view.top / stride) * stride - beyond
    const to = Math.ceil(view.bottom / stride) * stride + beyond
    const day = headingAt(layout, top)
    const isSameDay = shown.day?.at === day?.at && shown.day?.part === day?.part
    const isSamePage = shown.page === scale.page && shown.shift === at.shift
    if (isSameDay && isSamePage && shown.from === from && shown.to === to) return
    shown = { from, to, page: scale.page, shift: at.shift, top: view.top, day }
    publish(shown)
  }

  /** Makes the page as high as the list needs it. Under a held bar it stays: browsers lose moves of the pointer otherwise. */
  function setHeight(): void {
    const height = heightOf(listed.layout)
    scale = holdsBar ? { list: height, page: scale.page } : scaleOf(height, devicePixelRatio)
    list.style.setProperty('--height', `${scale.page}px`)
  }

  /** Scrolls the page to where it stands for a place of the list. */
  function moveTo(top: number): void {
    const distance = toPage(scale, top) - viewOf(list).top
    if (Math.abs(distance) >= 1) scrollerOf(list).scrollBy({ top: distance, behavior: 'instant' })
    const page = viewOf(list).top
    at = { page, shift: shiftAt(scale, top, page) }
  }

  /**
   * Puts a place back to where it was on screen. A page that is being scrolled is left alone as long as it can be, and all the
   * time while its bar is held: the next move of the pointer would undo it.
   */
  function restore(wanted: Place | null): void {
    const found = wanted && findPlace(listed.layout, wanted)
    if (found?.isExact !== false) goal = null
    const page = viewOf(list).top
    const top = wanted && found ? found.top - wanted.distance : page + at.shift
    at = { page, shift: top - page }
    if (!holdsBar && (!isScrolling || isAstray(scale, at))) moveTo(top)
    // A job that is held on to stays it, so that a width that comes and goes leaves everything where it was.
    if (wanted !== place || !wanted?.key || !found) hold()
  }

  /** The bar was let go, or whatever else scrolled the page came to rest. */
  function rest(): void {
    isScrolling = false
    holdsBar = false
    setHeight()
    moveTo(at.page + at.shift)
    look()
  }

  return {
    extent,
    /** Takes up a list, or what changed in it. */
    update(next: Listed): void {
      if (next.layout.parts.length === 0) return
      const isAnother = next.id !== listed.id
      const isFirst = listed.id === ''
      const isAnchored = next.anchor === listed.anchor
      const isPlaced = next.layout === listed.layout && !isAnother
      listed = next
      // What takes the focus may have been scrolled into view by it.
      if (isPlaced) {
        hold()
        return
      }
      setHeight()
      if (isAnother) {
        goal = places.get(next.id) ?? null
        place = null
        if (!goal && !isFirst && extent().top > 0) moveTo(0)
      }
      restore(goal ?? place)
      if (!isAnchored) hold()
      look()
    },
    onScroll(): void {
      isScrolling = true
      const { top, bottom } = viewOf(list)
      if (Math.abs(top - at.page) >= 1) goal = null
      at = scrolled(scale, at, top, (bottom - top) * (holdsBar ? 1 : mostViews))
      if (isAstray(scale, at)) {
        if (holdsBar) at = barAt(scale, top)
        else moveTo(top + at.shift)
      }
      hold()
      look()
    },
    onScrollEnd: rest,
    onResize: look,
    /** The pointer was pressed on the scroller itself, where its bar is. */
    onGrab(): void {
      holdsBar = true
    },
    /** The pointer let go; a page that it scrolled ends to do so a moment later. */
    onRelease(): void {
      if (holdsBar && !isScrolling) rest()
    },
    /** Goes to a place, and stays there until it is read. */
    goTo(wanted: Place): void {
      goal = wanted
      restore(wanted)
      look()
    },
    /** Scrolls as little as it takes to have the whole tile of a job in view. */
    show({ top, row }: PlacedTile): void {
      const view = extent()
      const above = top - listed.layout.dayHeight - view.top
      const under = top + row.height - view.bottom
      if (above < 0) moveTo(view.top + above)
      else if (under > 0) moveTo(view.top + under + margin)
      hold()
      look()
    },
  }
}

/** What of the page is in view, in pixels from the top of a list. `--covered` is the height of what sticks above it. */
export function viewOf(list: Element): Extent {
  const scroller = scrollerOf(list)
  const start = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top
  const covered = Number.parseFloat(getComputedStyle(list).scrollMarginTop)
  return { top: start + covered, bottom: start + scroller.clientHeight }
}

function remember(id: string, place: Place): void {
  places.delete(id)
  places.set(id, place)
  const [oldest] = places.keys()
  if (places.size > mostPlaces && oldest !== undefined) places.delete(oldest)
}

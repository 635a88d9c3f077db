import { scrollerOf } from '../ui/scroller.ts'
import { emptyLayout, heightOf, type ListLayout, type PlacedTile } from './list-layout.ts'
import {
  anchorInView,
  type Heading,
  headingAt,
  headingShiftAt,
  locateAnchor,
  type ScrollAnchor,
  type Viewport,
} from './scroll-anchor.ts'
import { barAt, hasDrifted, type Scrolled, scaleOf, scrolled, shiftAt, toCanvas } from './scroll-scale.ts'

/** Pixels that are rendered above and below the viewport. */
export const overscan = 400
/** The render window moves in steps of this many pixels, so that not every scroll event renders. */
const stride = 200
/** Pixels below a tile that is scrolled into view: room for its focus ring. */
const margin = 12
/** No wheel event and no key scrolls by more viewports at once. */
const maxViewports = 8
const maxAnchors = 20

/** The scroll anchors of the lists that were shown last, by their ids. */
const anchors = new Map<string, ScrollAnchor>()

/** The part of a list that is rendered. */
export interface RenderWindow {
  /** Pixels from the top of the list. */
  from: number
  to: number
  /** The height of the canvas, and how much further down the list is than the canvas. */
  canvas: number
  shift: number
  /** The top of the viewport at the last change, in pixels from the top of the list. */
  top: number
  /** The day whose heading sticks to the top; null before anything is loaded. */
  day: Heading | null
}

export const emptyWindow: RenderWindow = { from: 0, to: 0, canvas: 0, shift: 0, top: 0, day: null }

interface ShownList {
  layout: ListLayout<unknown>
  /** Identifies the list. */
  id: string
  /** The key of the item that must stay in place; null for the first visible item. */
  anchorKey: string | null
}

export type GalleryViewport = ReturnType<typeof createViewport>

/**
 * Tracks the viewport of the element that scrolls `list`, and publishes what to render. When rows change, the anchor keeps its
 * position on screen; a list that is shown again starts at its last anchor.
 */
export function createViewport(list: HTMLElement, stuck: HTMLElement, publish: (renderWindow: RenderWindow) => void) {
  let frame = frameOf(list)
  let shown: ShownList = { layout: emptyLayout, id: '', anchorKey: null }
  let scale = scaleOf(0, 1)
  let renderWindow = emptyWindow
  let at: Scrolled = { canvas: 0, shift: 0 }
  let anchor: ScrollAnchor | null = null
  /** An anchor to scroll to once its page is loaded. */
  let goal: ScrollAnchor | null = null
  let isScrolling = false
  let holdsBar = false

  /** The viewport in pixels from the top of the list. */
  function viewport(): Viewport {
    const { top, bottom } = viewportOf(list, frame)
    return { top: top + at.shift, bottom: bottom + at.shift }
  }

  function saveAnchor(): void {
    const { layout, id, anchorKey } = shown
    anchor = goal ?? anchorInView(layout, viewport(), anchorKey)
    if (anchor) remember(id, anchor)
    else anchors.delete(id)
  }

  function publishWindow(): void {
    const { layout } = shown
    if (layout.pages.length === 0) return
    const view = viewport()
    // The canvas may be a fraction of a pixel above the day that it was scrolled to.
    const top = Math.max(0, view.top + 1)
    stuck.style.setProperty('--push', `${headingShiftAt(layout, top)}px`)
    const from = Math.floor(view.top / stride) * stride - overscan
    const to = Math.ceil(view.bottom / stride) * stride + overscan
    const day = headingAt(layout, top)
    const isSameDay = renderWindow.day?.at === day?.at && renderWindow.day?.page === day?.page
    const isSameCanvas = renderWindow.canvas === scale.canvas && renderWindow.shift === at.shift
    if (isSameDay && isSameCanvas && renderWindow.from === from && renderWindow.to === to) return
    renderWindow = { from, to, canvas: scale.canvas, shift: at.shift, top: view.top, day }
    publish(renderWindow)
  }

  /**
   * Sets the height of the canvas. It waits while the scroll bar is held: browsers lose moves of the pointer otherwise.
   */
  function setHeight(): void {
    const height = heightOf(shown.layout)
    scale = holdsBar ? { list: height, canvas: scale.canvas } : scaleOf(height, devicePixelRatio)
    list.style.setProperty('--height', `${scale.canvas}px`)
  }

  /** Scrolls the canvas so that `top` of the list is at the top of the viewport. */
  function moveTo(top: number): void {
    const distance = toCanvas(scale, top) - viewportOf(list, frame).top
    if (Math.abs(distance) >= 1) frame.scroller.scrollBy({ top: distance, behavior: 'instant' })
    const canvas = viewportOf(list, frame).top
    at = { canvas, shift: shiftAt(scale, top, canvas) }
  }

  /**
   * Puts an anchor back to its position on screen. The canvas is not scrolled while its bar is held, since the next move of the
   * pointer would undo it, and while the user scrolls only if page and list would drift too far apart.
   */
  function restore(wanted: ScrollAnchor | null): void {
    const found = wanted && locateAnchor(shown.layout, wanted)
    if (found?.isExact !== false) goal = null
    const canvas = viewportOf(list, frame).top
    const top = wanted && found ? found.top - wanted.distance : canvas + at.shift
    at = { canvas, shift: top - canvas }
    if (!holdsBar && (!isScrolling || hasDrifted(scale, at))) moveTo(top)
    // An item stays the anchor, so that a width that changes and changes back leaves everything in place.
    if (wanted !== anchor || !wanted?.key || !found) saveAnchor()
  }

  /** The scroll bar was released, or scrolling ended. */
  function onSettled(): void {
    isScrolling = false
    holdsBar = false
    setHeight()
    moveTo(at.canvas + at.shift)
    publishWindow()
  }

  return {
    viewport,
    /** Shows a list, or the changes of the one that is shown. */
    update(next: ShownList): void {
      if (next.layout.pages.length === 0) return
      const isOther = next.id !== shown.id
      const isFirst = shown.id === ''
      const isSameAnchor = next.anchorKey === shown.anchorKey
      const isSameLayout = next.layout === shown.layout && !isOther
      shown = next
      // Focus may have scrolled the new anchor into view.
      if (isSameLayout) {
        saveAnchor()
        return
      }
      if (list.clientWidth !== frame.width) frame = frameOf(list)
      setHeight()
      if (isOther) {
        goal = anchors.get(next.id) ?? null
        anchor = null
        if (!goal && !isFirst && viewport().top > 0) moveTo(0)
      }
      restore(goal ?? anchor)
      if (!isSameAnchor) saveAnchor()
      publishWindow()
    },
    onScroll(): void {
      isScrolling = true
      const { top, bottom } = viewportOf(list, frame)
      if (Math.abs(top - at.canvas) >= 1) goal = null
      at = scrolled(scale, at, top, (bottom - top) * (holdsBar ? 1 : maxViewports))
      if (hasDrifted(scale, at)) {
        if (holdsBar) at = barAt(scale, top)
        else moveTo(top + at.shift)
      }
      saveAnchor()
      publishWindow()
    },
    onScrollEnd: onSettled,
    onResize(): void {
      frame = frameOf(list)
      publishWindow()
    },
    /** The pointer was pressed on the scroller itself, which is its scroll bar. */
    onGrab(): void {
      holdsBar = true
    },
    /** The pointer was released. If it scrolled the canvas, `onScrollEnd` follows. */
    onRelease(): void {
      if (holdsBar && !isScrolling) onSettled()
    },
    /** Scrolls to an anchor, and again when its page is loaded. */
    goTo(wanted: ScrollAnchor): void {
      goal = wanted
      restore(wanted)
      publishWindow()
    },
    /** Scrolls to the first row, also before the browser has reported the scroll. */
    goToTop(): void {
      goal = null
      moveTo(0)
      saveAnchor()
      publishWindow()
    },
    /** Scrolls as little as necessary to show the whole tile of an item. */
    show({ top, row }: PlacedTile<unknown>): void {
      const view = viewport()
      const above = top - shown.layout.dayHeight - view.top
      const under = top + row.height - view.bottom
      if (above < 0) moveTo(view.top + above)
      else if (under > 0) moveTo(view.top + under + margin)
      saveAnchor()
      publishWindow()
    },
  }
}

/** What scrolls a list, and the height in pixels of sticky content above the list (`--covered`). */
interface Frame {
  scroller: Element
  covered: number
  /** The width of the list in pixels: on a narrow page another element scrolls. */
  width: number
}

/** Reads computed styles, so keep it while a list is in use. */
export const frameOf = (list: Element): Frame => ({
  scroller: scrollerOf(list),
  covered: Number.parseFloat(getComputedStyle(list).scrollMarginTop),
  width: list.clientWidth,
})

/** The viewport in pixels from the top of the canvas. */
export function viewportOf(
  list: Element,
  { scroller, covered }: Pick<Frame, 'scroller' | 'covered'> = frameOf(list),
): Viewport {
  const start = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top
  return { top: start + covered, bottom: start + scroller.clientHeight }
}

function remember(id: string, anchor: ScrollAnchor): void {
  anchors.delete(id)
  anchors.set(id, anchor)
  const [oldest] = anchors.keys()
  if (anchors.size > maxAnchors && oldest !== undefined) anchors.delete(oldest)
}

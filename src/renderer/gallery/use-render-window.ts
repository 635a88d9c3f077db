import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import { scrollerOf } from '../ui/scroller.ts'
import type { ListLayout } from './list-layout.ts'
import { createViewport, emptyWindow, type GalleryViewport, type RenderWindow } from './viewport.ts'

interface RenderWindowOptions {
  list: RefObject<HTMLElement | null>
  /** Holds the heading that sticks to the top. */
  stuck: RefObject<HTMLElement | null>
  /** Holds the viewport once the list is mounted. */
  viewport: RefObject<GalleryViewport | null>
  layout: ListLayout<unknown>
  /** Identifies the list. */
  id: string
  /** The key of the item that must stay in place; null for the first visible item. */
  anchorKey: string | null
}

/** The part of a list to render, renewed as the user scrolls and as the list changes. */
export function useRenderWindow({ list, stuck, viewport, layout, id, anchorKey }: RenderWindowOptions): RenderWindow {
  const [renderWindow, setRenderWindow] = useState<RenderWindow>(emptyWindow)

  useLayoutEffect(() => {
    const element = list.current
    if (!element || !stuck.current) return
    viewport.current ??= createViewport(element, stuck.current, setRenderWindow)
    viewport.current.update({ layout, id, anchorKey })
  }, [list, stuck, viewport, layout, id, anchorKey])

  useEffect(() => {
    const element = list.current
    if (!element) return
    const watched = (handle: (seen: GalleryViewport) => void) => (event: Event) => {
      if (viewport.current && event.target instanceof Node && event.target.contains(element)) handle(viewport.current)
    }
    const onScroll = watched((seen) => seen.onScroll())
    const onScrollEnd = watched((seen) => seen.onScrollEnd())
    const onGrab = ({ target }: Event) => target === scrollerOf(element) && viewport.current?.onGrab()
    const onRelease = () => viewport.current?.onRelease()
    const options = { capture: true, passive: true }
    document.addEventListener('scroll', onScroll, options)
    document.addEventListener('scrollend', onScrollEnd, options)
    document.addEventListener('pointerdown', onGrab, options)
    document.addEventListener('pointerup', onRelease, options)
    const observer = new ResizeObserver(() => viewport.current?.onResize())
    observer.observe(scrollerOf(element))
    return () => {
      document.removeEventListener('scroll', onScroll, options)
      document.removeEventListener('scrollend', onScrollEnd, options)
      document.removeEventListener('pointerdown', onGrab, options)
      document.removeEventListener('pointerup', onRelease, options)
      observer.disconnect()
    }
  }, [list, viewport])
  return renderWindow
}

import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import { scrollerOf } from '../ui/scroller.ts'
import type { ListLayout } from './list-layout.ts'
import { createGalleryWindow, type GalleryWindow, nothingShown, type Shown } from './viewport.ts'

interface GalleryWindowOptions {
  list: RefObject<HTMLElement | null>
  /** Holds the window once the list is there. */
  window: RefObject<GalleryWindow | null>
  layout: ListLayout
  /** Tells one list from another. */
  id: string
  /** The job that must not move under the user's eyes; null for whichever is the first in view. */
  anchor: string | null
}

/** What of a gallery is in or near the view. */
export function useGalleryWindow({ list, window, layout, id, anchor }: GalleryWindowOptions): Shown {
  const [shown, setShown] = useState<Shown>(nothingShown)

  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    window.current ??= createGalleryWindow(element, setShown)
    window.current.update({ layout, id, anchor })
  }, [list, window, layout, id, anchor])

  useEffect(() => {
    const element = list.current
    if (!element) return
    const watched = (handle: (seen: GalleryWindow) => void) => (event: Event) => {
      if (window.current && event.target instanceof Node && event.target.contains(element)) handle(window.current)
    }
    const onScroll = watched((seen) => seen.onScroll())
    const onScrollEnd = watched((seen) => seen.onScrollEnd())
    const onGrab = ({ target }: Event) => target === scrollerOf(element) && window.current?.onGrab()
    const onRelease = () => window.current?.onRelease()
    const options = { capture: true, passive: true }
    document.addEventListener('scroll', onScroll, options)
    document.addEventListener('scrollend', onScrollEnd, options)
    document.addEventListener('pointerdown', onGrab, options)
    document.addEventListener('pointerup', onRelease, options)
    const observer = new ResizeObserver(() => window.current?.onResize())
    observer.observe(scrollerOf(element))
    return () => {
      document.removeEventListener('scroll', onScroll, options)
      document.removeEventListener('scrollend', onScrollEnd, options)
      document.removeEventListener('pointerdown', onGrab, options)
      document.removeEventListener('pointerup', onRelease, options)
      observer.disconnect()
    }
  }, [list, window])
  return shown
}

import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { FoundJob } from '../../shared/views.ts'
import { reach, type Target, targetOf } from './arrow-keys.ts'
import { findTile, type ListLayout, type PlacedTile } from './list-layout.ts'
import type { PlaceInDay } from './list-page.ts'
import { placeOf, placeOfDay } from './scroll-anchor.ts'
import type { GalleryWindow } from './viewport.ts'

interface GalleryFocusOptions {
  list: RefObject<HTMLElement | null>
  window: RefObject<GalleryWindow | null>
  layout: ListLayout
  /** The job that was open: it takes the focus back where nothing else has it. */
  returnTo: string | null
  /** Called as the arrow keys reach a job. */
  onReach: (job: FoundJob) => void
}

/** The one tab stop of a gallery, and the keys that lead it from job to job, through parts that have to be read on the way. */
export function useGalleryFocus({ list, window, layout, returnTo, onReach }: GalleryFocusOptions) {
  const [active, setActive] = useState<string | null>(null)
  const [hasFocus, setHasFocus] = useState(false)
  /** Where the focus goes once it is read. */
  const awaited = useRef<Target | null>(null)
  const returned = useRef<string | null>(null)

  const focusTile = (found: PlacedTile) => {
    const { key } = found.tile
    flushSync(() => setActive(key))
    window.current?.show(found)
    list.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
  }
  const arrive = (target: Target) => {
    const found = reach(layout, target)
    awaited.current = found ? null : target
    if (!found) return
    focusTile(found)
    onReach(found.tile.job)
  }

  useEffect(() => {
    const target = awaited.current
    // An effect may not render at once, as the focus needs it.
    if (target && reach(layout, target)) queueMicrotask(() => awaited.current === target && arrive(target))
  })
  useEffect(() => {
    if (returnTo === null) returned.current = null
    const found = returned.current === returnTo ? null : findTile(layout, returnTo)
    if (!found) return
    returned.current = returnTo
    queueMicrotask(() => document.activeElement === document.body && focusTile(found))
  })

  return {
    active,
    focused: hasFocus ? active : null,
    /** Goes to a day, with the focus on a job of it. */
    goToDay(inDay: PlaceInDay) {
      window.current?.goTo({ key: null, inDay, distance: 0 })
      arrive({ place: placeOfDay(layout, inDay), x: null })
    },
    onFocus({ target }: { target: HTMLElement }) {
      awaited.current = null
      setActive(target.dataset.tile ?? null)
      setHasFocus(true)
    },
    onBlur() {
      awaited.current = null
      setHasFocus(false)
    },
    onKeyDown(event: KeyboardEvent) {
      const from = findTile(layout, (event.target as HTMLElement).dataset.tile ?? null)
      if (!from || !window.current || event.altKey || event.metaKey || event.shiftKey) return
      const { top, bottom } = window.current.extent()
      const target = targetOf(layout, from, event.key, event.ctrlKey, bottom - top)
      if (!target) return
      event.preventDefault()
      if (!reach(layout, target)) window.current.goTo(placeOf(layout, target.place))
      arrive(target)
    },
  }
}

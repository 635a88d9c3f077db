import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Target, targetOf, tileOfTarget } from './arrow-keys.ts'
import { findTile, type ListLayout, type PlacedTile } from './list-layout.ts'
import type { DayPosition } from './list-page.ts'
import { anchorAt, indexOfDay } from './scroll-anchor.ts'
import type { GalleryViewport } from './viewport.ts'

interface GalleryFocusOptions<Item> {
  list: RefObject<HTMLElement | null>
  viewport: RefObject<GalleryViewport | null>
  layout: ListLayout<Item>
  /** The key of the item that was open: it takes the focus back if nothing else has it. */
  returnTo: string | null
  /** Called when the arrow keys reach an item. */
  onReach: (item: Item) => void
}

/**
 * The single tab stop of a gallery (a roving tabindex), and the keys that move it. `focus()` in the key handler would miss
 * an item whose page is not loaded, so a target waits in a ref until a render brings its page.
 */
export function useGalleryFocus<Item>({ list, viewport, layout, returnTo, onReach }: GalleryFocusOptions<Item>) {
  const [active, setActive] = useState<string | null>(null)
  const [hasFocus, setHasFocus] = useState(false)
  const awaited = useRef<Target | null>(null)
  const returned = useRef<string | null>(null)

  const focusTile = (found: PlacedTile<Item>) => {
    const { key } = found.tile
    flushSync(() => setActive(key))
    viewport.current?.show(found)
    list.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
  }
  const arrive = (target: Target) => {
    const found = tileOfTarget(layout, target)
    awaited.current = found ? null : target
    if (!found) return
    focusTile(found)
    onReach(found.tile.item)
  }

  // In a microtask: the element has to be rendered first, and an effect must not call `flushSync`.
  useEffect(() => {
    const target = awaited.current
    if (target && tileOfTarget(layout, target)) queueMicrotask(() => awaited.current === target && arrive(target))
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
    /** Scrolls to a day and focuses its item at a position. */
    goToDay(inDay: DayPosition) {
      viewport.current?.goTo({ key: null, inDay, distance: 0 })
      arrive({ index: indexOfDay(layout, inDay), x: null })
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
      if (!from || !viewport.current || event.altKey || event.metaKey || event.shiftKey) return
      const { top, bottom } = viewport.current.viewport()
      const target = targetOf(layout, from, event.key, event.ctrlKey, bottom - top)
      if (!target) return
      event.preventDefault()
      if (!tileOfTarget(layout, target)) viewport.current.goTo(anchorAt(layout, target.index))
      arrive(target)
    },
  }
}

import { type RefObject, useLayoutEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Measures } from './page-layout.ts'

/** Sizes in CSS pixels at a root font size of 16 pixels; they grow with the text size of the user. */
export interface GallerySizes extends Omit<Measures, 'width'> {
  /** Below this width a row of the list is `tallRowHeight` high. */
  narrowBelow: number
  tallRowHeight: number
}

/**
 * The measures of a gallery for its width and the user's text size; null before it is measured. `sizes` must be stable.
 */
export function useMeasures(list: RefObject<HTMLElement | null>, sizes: GallerySizes): Measures | null {
  const [size, setSize] = useState<{ width: number; rem: number } | null>(null)

  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const width = element.clientWidth
      setSize((before) => (before?.width === width && before.rem === rem ? before : { width, rem }))
    }
    measure()
    // Synchronously, so that no frame shows the old rows in the new width.
    const observer = new ResizeObserver(() => flushSync(measure))
    observer.observe(element)
    return () => observer.disconnect()
  }, [list])

  return useMemo(() => {
    if (!size || size.width === 0) return null
    const unit = size.rem / 16
    const isNarrow = size.width < sizes.narrowBelow * unit
    return {
      width: size.width,
      dayHeight: sizes.dayHeight * unit,
      rowHeight: (isNarrow ? sizes.tallRowHeight : sizes.rowHeight) * unit,
      tileMin: sizes.tileMin * unit,
      tileMax: sizes.tileMax * unit,
    }
  }, [size, sizes])
}

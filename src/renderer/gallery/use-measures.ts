import { type RefObject, useLayoutEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { useSettings } from '../data/settings.ts'
import type { Measures } from './page-layout.ts'

/** Under this width a row of the list takes two lines. */
const twoLines = 520

/** The measures of a gallery for its width, the density and the user's text size; null before the first look. */
export function useMeasures(list: RefObject<HTMLElement | null>): Measures | null {
  const [settings] = useSettings()
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
    // At once, so that no frame shows the old rows in the new width.
    const observer = new ResizeObserver(() => flushSync(measure))
    observer.observe(element)
    return () => observer.disconnect()
  }, [list])

  const compact = settings?.density === 'compact'
  return useMemo(() => {
    if (!size || size.width === 0) return null
    const unit = size.rem / 16
    const lines = size.width < twoLines * unit ? (compact ? 52 : 60) : compact ? 32 : 36
    return {
      width: size.width,
      dayHeight: 44 * unit,
      rowHeight: lines * unit,
      tileMin: (compact ? 112 : 130) * unit,
      tileMax: (compact ? 128 : 180) * unit,
    }
  }, [size, compact])
}

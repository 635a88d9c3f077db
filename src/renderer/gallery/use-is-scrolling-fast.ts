import { type RefObject, useEffect, useState } from 'react'
import { frameOf, viewportOf } from './viewport.ts'

/** Content that crosses the viewport faster than one eye fixation (milliseconds) is not being looked at. */
const eyeFixation = 250
/** The speed is measured over this many milliseconds: from frame to frame it varies by half. */
const sampleTime = 100
/** Scrolling has ended after this many frames without a move. */
const restFrames = 3

/** Whether content passes too fast to be looked at. Pictures are worth loading only below that speed. */
export function useIsScrollingFast(list: RefObject<HTMLElement | null>): boolean {
  const [isScrollingFast, setScrollingFast] = useState(false)
  useEffect(() => {
    const element = list.current
    if (!element) return
    let frame: number | null = null
    let around = frameOf(element)
    let still = 0
    let last = 0
    let from: { top: number; time: number } | null = null
    const watch = (time: number) => {
      const { top, bottom } = viewportOf(element, around)
      still = Math.abs(top - last) < 1 ? still + 1 : 0
      last = top
      from ??= { top, time }
      const moved = Math.abs(top - from.top)
      const elapsed = time - from.time
      const isJump = moved > bottom - top
      if (isJump || elapsed >= sampleTime) {
        setScrollingFast(isJump || moved / elapsed > (bottom - top) / eyeFixation)
        from = { top, time }
      }
      if (still >= restFrames) setScrollingFast(false)
      frame = still < restFrames ? requestAnimationFrame(watch) : null
    }
    const onScroll = ({ target }: Event) => {
      if (frame !== null || !(target instanceof Node) || !target.contains(element)) return
      still = 0
      from = null
      around = frameOf(element)
      frame = requestAnimationFrame(watch)
    }
    const observed = { capture: true, passive: true }
    document.addEventListener('scroll', onScroll, observed)
    return () => {
      document.removeEventListener('scroll', onScroll, observed)
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [list])
  return isScrollingFast
}

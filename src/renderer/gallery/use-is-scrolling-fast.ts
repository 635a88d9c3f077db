import { type RefObject, useEffect, useState } from 'react'
import { viewOf } from './viewport.ts'

/** What crosses the view in less is not looked at: an eye rests for about so many milliseconds. */
const glance = 250
/** From one frame to the next the speed of an even movement varies by half: it is taken over so many milliseconds. */
const sample = 100
/** The view rests once it did not move for so many frames. */
const restFrames = 3

/** Whether what is in view flies by: pictures are worth loading only once it slows down. */
export function useIsFlying(list: RefObject<HTMLElement | null>): boolean {
  const [isFlying, setFlying] = useState(false)
  useEffect(() => {
    const element = list.current
    if (!element) return
    let frame: number | null = null
    let still = 0
    let last = 0
    let from: { top: number; time: number } | null = null
    const watch = (time: number) => {
      const { top, bottom } = viewOf(element)
      still = Math.abs(top - last) < 1 ? still + 1 : 0
      last = top
      from ??= { top, time }
      const moved = Math.abs(top - from.top)
      const elapsed = time - from.time
      const isJump = moved > bottom - top
      if (isJump || elapsed >= sample) {
        setFlying(isJump || moved / elapsed > (bottom - top) / glance)
        from = { top, time }
      }
      if (still >= restFrames) setFlying(false)
      frame = still < restFrames ? requestAnimationFrame(watch) : null
    }
    const onScroll = ({ target }: Event) => {
      if (frame !== null || !(target instanceof Node) || !target.contains(element)) return
      still = 0
      from = null
      frame = requestAnimationFrame(watch)
    }
    const observed = { capture: true, passive: true }
    document.addEventListener('scroll', onScroll, observed)
    return () => {
      document.removeEventListener('scroll', onScroll, observed)
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [list])
  return isFlying
}

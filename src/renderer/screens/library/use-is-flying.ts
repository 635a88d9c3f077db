import { type RefObject, useEffect, useState } from 'react'
import { viewOf } from './gallery-window.ts'

/** What crosses the view in less is not looked at, in milliseconds. */
const glance = 150
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
    let last = { top: 0, time: 0 }
    const watch = (time: number) => {
      const { top, bottom } = viewOf(element)
      const moved = Math.abs(top - last.top)
      still = moved < 1 ? still + 1 : 0
      if (moved / (time - last.time) > (bottom - top) / glance) setFlying(true)
      else if (moved >= 1 || still >= restFrames) setFlying(false)
      last = { top, time }
      frame = still < restFrames ? requestAnimationFrame(watch) : null
    }
    const onScroll = ({ target }: Event) => {
      if (frame !== null || !(target instanceof Node) || !target.contains(element)) return
      still = 0
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

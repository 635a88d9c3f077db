import { createContext } from 'react'

/** Whether content passes too fast to be looked at, as in a fast scroll. Costly content such as pictures then does not load. */
export const PassesFast = createContext(false)

/** The nearest scrolling ancestor of an element. */
export function scrollerOf(element: Element): Element {
  let scroller: Element = element.parentElement ?? document.documentElement
  while (scroller.parentElement && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
    scroller = scroller.parentElement
  }
  return scroller
}

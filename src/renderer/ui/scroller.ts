import { createContext } from 'react'

/** Whether the list scrolls too fast to look at its content. Costly content such as pictures then does not load. */
export const ScrollsFast = createContext(false)

/** The nearest scrolling ancestor of an element. */
export function scrollerOf(element: Element): Element {
  let scroller: Element = element.parentElement ?? document.documentElement
  while (scroller.parentElement && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
    scroller = scroller.parentElement
  }
  return scroller
}

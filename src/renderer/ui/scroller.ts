import { createContext } from 'react'

/** Whether content is being scrolled past too fast to be looked at. What is costly to load, such as a picture, waits. */
export const ScrollsFast = createContext(false)

/** The nearest ancestor that scrolls an element. */
export function scrollerOf(element: Element): Element {
  let scroller: Element = element.parentElement ?? document.documentElement
  while (scroller.parentElement && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
    scroller = scroller.parentElement
  }
  return scroller
}

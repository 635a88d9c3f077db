/** The nearest ancestor that scrolls an element. */
export function scrollerOf(element: Element): Element {
  let scroller: Element = element.parentElement ?? document.documentElement
  while (scroller.parentElement && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
    scroller = scroller.parentElement
  }
  return scroller
}

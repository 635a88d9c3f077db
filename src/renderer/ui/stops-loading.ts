/**
 * As a ref, lets go of what a picture, film or sound is still loading once it leaves the page. A browser may go on with it, and a
 * download that nobody waits for takes the place of one that is in view.
 */
export function stopsLoading(element: HTMLImageElement | HTMLMediaElement | null) {
  return () => {
    element?.removeAttribute('src')
    if (element instanceof HTMLMediaElement) element.load()
  }
}

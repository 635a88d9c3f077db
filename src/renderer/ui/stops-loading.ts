/**
 * A ref callback that cancels the loading of a picture, video or sound when its element is removed. Browsers may
 * continue such downloads and thereby delay the visible ones.
 */
export function stopsLoading(element: HTMLImageElement | HTMLMediaElement | null) {
  return () => {
    element?.removeAttribute('src')
    if (element instanceof HTMLMediaElement) element.load()
  }
}

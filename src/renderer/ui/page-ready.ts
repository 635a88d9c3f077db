const ready = Promise.withResolvers<void>()
let isReported = false

/** Resolves when the page has painted its first data. Code and texts that are not on screen load only then. */
export const pageReady = ready.promise

/** Call when the first data of a screen is painted, or the reason why there is none. */
export function reportReady(): void {
  root()?.setAttribute('data-ready', '')
  if (isReported) return
  isReported = true
  // After the frame that shows the data: what loads then would delay it.
  requestAnimationFrame(() => setTimeout(ready.resolve))
}

/** Call when the user has left the screen and the next one is not there yet. */
export function reportNotReady(): void {
  root()?.removeAttribute('data-ready')
}

const root = () => document.getElementById('root')

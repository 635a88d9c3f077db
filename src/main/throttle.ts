const restMs = 1_000

/** Returns a function that runs `act` a second after its first call; calls in between wait for the same run. */
export function atMostOncePerSecond(act: () => Promise<void>): () => void {
  let isPlanned = false
  return () => {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => {
      isPlanned = false
      void act()
    }, restMs)
  }
}

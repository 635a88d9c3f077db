import { useEffect, useState } from 'react'

/** Milliseconds without a key after which the results of a search are looked at: less than one eye fixation. */
const pauseMs = 150

/**
 * Whether a search is being typed, until its list has been shown for a moment without another key. Meanwhile everything but the
 * visible results waits: on a small machine, their pictures and counts take three times as long as the results themselves.
 */
export function useIsTyping(text: string | undefined, isCurrent: boolean): boolean {
  const [looked, setLooked] = useState(text)
  useEffect(() => {
    if (!isCurrent || text === looked) return
    const timer = setTimeout(() => setLooked(text), pauseMs)
    return () => clearTimeout(timer)
  }, [text, looked, isCurrent])
  return text !== looked
}

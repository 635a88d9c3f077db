import { useEffect, useEffectEvent, useRef, useState } from 'react'

/** Who types fast is asked for no more often than this: a search whose results nobody sees only delays the next one. */
const shortestPauseMs = 80

/**
 * The text of a search field, and a setter for every key press; `commit` is called at once, but within a pause only with the
 * last text. What comes from elsewhere, such as the back button, replaces the text.
 */
export function useSearchText(committed: string, commit: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(committed)
  const sent = useRef(committed)
  const sentAt = useRef(Number.NEGATIVE_INFINITY)
  const send = (value: string) => {
    sent.current = value
    sentAt.current = performance.now()
    commit(value)
  }
  const sendLater = useEffectEvent(send)
  const change = (value: string) => {
    setText(value)
    if (performance.now() - sentAt.current >= shortestPauseMs) send(value)
  }

  useEffect(() => {
    if (committed === sent.current) return
    sent.current = committed
    setText(committed)
  }, [committed])

  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => sendLater(text), sentAt.current + shortestPauseMs - performance.now())
    return () => clearTimeout(timer)
  }, [text])

  return [text, change]
}

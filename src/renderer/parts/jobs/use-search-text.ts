import { useEffect, useEffectEvent, useRef, useState } from 'react'

/**
 * The least time between two searches while the user types: results that are replaced at once only delay the next ones.
 */
const minPauseMs = 50

/**
 * The text of a search field and its setter. `commit` is called at once for a first key, which a debounce would delay, and
 * within the pause only for the last text. A text that was committed elsewhere, such as by the Back button, replaces it.
 */
export function useSearchText(committed: string, commit: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(committed)
  // Our own commit returns as `committed`, and must not overwrite newer typing.
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
    if (performance.now() - sentAt.current >= minPauseMs) send(value)
  }

  useEffect(() => {
    if (committed === sent.current) return
    sent.current = committed
    setText(committed)
  }, [committed])

  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => sendLater(text), sentAt.current + minPauseMs - performance.now())
    return () => clearTimeout(timer)
  }, [text])

  return [text, change]
}

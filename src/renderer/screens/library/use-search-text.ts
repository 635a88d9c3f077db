import { useEffect, useEffectEvent, useRef, useState } from 'react'

const debounceMs = 24

/**
 * The text of a search field, and a setter for every key press; `commit` is called once the typing pauses. What comes from
 * elsewhere, such as the back button, replaces the text.
 */
export function useSearchText(committed: string, commit: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(committed)
  const sent = useRef(committed)
  const send = useEffectEvent((value: string) => {
    sent.current = value
    commit(value)
  })

  useEffect(() => {
    if (committed === sent.current) return
    sent.current = committed
    setText(committed)
  }, [committed])

  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => send(text), debounceMs)
    return () => clearTimeout(timer)
  }, [text])

  return [text, setText]
}

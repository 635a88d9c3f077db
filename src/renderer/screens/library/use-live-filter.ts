import { useEffect, useEffectEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { jobPath, type LibraryFilter, libraryPath, useLibraryFilter, useSelectedJob } from '../../navigation/paths.ts'

/** Milliseconds without a key after which the address follows. */
const pauseMs = 400

export interface LiveFilter {
  filter: LibraryFilter
  /** Filters the list, whether a job is open or not. `typing`: one of many changes that are one step in the history. */
  change: (next: LibraryFilter, how?: 'typing') => void
  /** Writes what was typed to the address now, for example before the user goes elsewhere. */
  settle: () => void
}

/**
 * The filter of the list. It is kept in the address, except for words that are being typed: these filter the list at once, and
 * the address follows after a pause, because it only has to serve the history.
 */
export function useLiveFilter(): LiveFilter {
  const [, navigate] = useLocation()
  const selected = useSelectedJob()
  const address = useLibraryFilter()
  const [typed, setTyped] = useState<{ text: string; over: string | undefined } | null>(null)
  // Words count only over the address at which they were typed: Back and links replace them.
  const text = typed && typed.over === address.text ? typed.text : null
  const filter = text === null ? address : { ...address, text: text || undefined }

  const write = (next: LibraryFilter, replace: boolean) => {
    setTyped(null)
    navigate(selected ? jobPath(selected, next) : libraryPath(next), { replace })
  }
  const settle = () => {
    if (text !== null) write(filter, true)
  }
  const settleLater = useEffectEvent(settle)
  useEffect(() => {
    if (text === null) return
    const timer = setTimeout(() => settleLater(), pauseMs)
    return () => clearTimeout(timer)
  }, [text])

  return {
    filter,
    change(next, how) {
      if (how === 'typing') setTyped({ text: next.text ?? '', over: address.text })
      else write(next, false)
    },
    settle,
  }
}

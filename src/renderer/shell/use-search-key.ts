import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useBridge } from '../data/hooks.ts'

const editable = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'

/** In Hangul mode the input method handles the key, and only `code` identifies it. */
const isSlash = ({ key, code, shiftKey }: KeyboardEvent) =>
  key === '/' || (key === 'Process' && code === 'Slash' && !shiftKey)

/** Ctrl+F or Cmd+F; in a browser that key belongs to the browser. */
const isFind = ({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) =>
  code === 'KeyF' && ctrlKey !== metaKey && !altKey && !shiftKey

/**
 * The key `/`, and in Electron Ctrl+F or Cmd+F, focuses the search field of the screen; if there is none, it opens the
 * Library's search.
 */
export function useSearchKey(): void {
  const [path, navigate] = useLocation()
  const hasFind = useBridge().host === 'electron'
  /** Whether the search of the Library gets the focus once the Library is shown. */
  const opensSearch = useRef(false)
  useEffect(() => {
    if (opensSearch.current && path === '/library') requestAnimationFrame(focusSearch)
    opensSearch.current = false
  }, [path])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing) return
      if (!(hasFind && isFind(event))) {
        if (!isSlash(event) || event.ctrlKey || event.metaKey || event.altKey) return
        if (event.target instanceof Element && event.target.closest(editable)) return
      }
      event.preventDefault()
      if (focusSearch()) return
      opensSearch.current = true
      navigate('/library')
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [navigate, hasFind])
}

function focusSearch(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')]
  const field = fields.find((field) => field.checkVisibility())
  field?.focus()
  field?.select()
  return field !== undefined
}

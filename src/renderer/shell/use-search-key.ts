import { useEffect } from 'react'
import { useLocation } from 'wouter'

const editable = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'

/** In Hangul mode an input method takes the key, and only its code tells which it was. */
const isSlash = ({ key, code, shiftKey }: KeyboardEvent) =>
  key === '/' || (key === 'Process' && code === 'Slash' && !shiftKey)

/** The key `/` focuses the search field of the screen; if there is none, it opens the Library's search. */
export function useSearchKey(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const focusSearch = () => {
      const fields = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')]
      const field = fields.find((field) => field.checkVisibility())
      field?.focus()
      field?.select()
      return field !== undefined
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isSlash(event) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (event.target instanceof Element && event.target.closest(editable)) return
      event.preventDefault()
      if (focusSearch()) return
      navigate('/library')
      requestAnimationFrame(focusSearch)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [navigate])
}

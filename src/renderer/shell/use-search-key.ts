import { useEffect } from 'react'
import { useLocation } from 'wouter'

const editable = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'

/** The key `/` focuses the search of the screen, or goes to the one of the Library. */
export function useSearchKey(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const focusSearch = () => {
      const fields = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')]
      const field = fields.find((one) => one.checkVisibility())
      field?.focus()
      field?.select()
      return field !== undefined
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
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

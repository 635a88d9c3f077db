import { useEffect } from 'react'

/** Marks the page as ready once a screen has painted its first data. */
export function useReady(painted: boolean): void {
  useEffect(() => {
    if (painted) document.getElementById('root')?.setAttribute('data-ready', '')
  }, [painted])
}

import { useSyncExternalStore } from 'react'

export const narrowSidebar = '(max-width: 1119px)'
export const narrowPage = '(max-width: 719px)'
/** The sidebar shows icons without their names; on a narrow page it is a bar with names. */
export const iconSidebar = `${narrowSidebar} and (min-width: 720px)`

export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

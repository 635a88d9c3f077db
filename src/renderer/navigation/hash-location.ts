import { useSyncExternalStore } from 'react'
import type { BaseLocationHook } from 'wouter'

// wouter's own hash location puts the search before the hash, so the host would have to serve such addresses.
const split = () => {
  const [path, search = ''] = location.hash.slice(1).split('?')
  return { path: path || '/', search }
}
const path = () => split().path
const search = () => split().search

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** `to` is a path (`/library?kind=image`), or only a search (`?kind=image`) to keep the current path. */
function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const oldURL = location.href
  const hash = `#${to.startsWith('?') ? path() : ''}${to}`.replace(/\?$/, '')
  history[replace ? 'replaceState' : 'pushState'](null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }))
}

/** The path and search within the address's fragment: `#/library?kind=image`. */
export const useHashPath: BaseLocationHook = () => [useSyncExternalStore(subscribe, path), navigate]
export const useHashSearch = () => useSyncExternalStore(subscribe, search)
export const hashHref = (to: string) => `#${to}`

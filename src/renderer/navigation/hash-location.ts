import { useSyncExternalStore } from 'react'
import type { BaseLocationHook } from 'wouter'

// wouter's own hash location keeps the search in the address before the hash, which a host would have to serve.
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

/** `to` is a path (`/library?kind=image`) or, to stay on the path, a search alone (`?kind=image`). */
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

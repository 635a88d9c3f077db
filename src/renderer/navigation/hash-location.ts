import { useSyncExternalStore } from 'react'
import type { BaseLocationHook } from 'wouter'

/** Loads what the screen at a path needs; null if nothing is missing. */
export type Prepare = (path: string) => Promise<unknown> | null

let prepare: Prepare = () => null
/** The address whose screen is shown; null before the first screen. */
let shown: string | null = null
const listeners = new Set<() => void>()

// wouter's own hash location puts the search before the hash, so the host would have to serve such addresses.
const split = (hash: string) => {
  const [path, search = ''] = hash.slice(1).split('?')
  return { path: path || '/', search }
}
const path = () => split(shown ?? location.hash).path
const search = () => split(shown ?? location.hash).search

/** The path in the address. */
export const addressedPath = (): string => split(location.hash).path

/** Whether an address is held: its screen is not ready, so the page still shows the previous screen. */
const isHeld = () => shown !== null && shown !== location.hash

/** From now on, a new address is held until `next` has loaded its screen; until then the previous screen stays. */
export function preparePathsWith(next: Prepare): void {
  prepare = next
}

async function follow(): Promise<void> {
  const { hash } = location
  const preparing = prepare(split(hash).path)
  if (preparing) {
    tell()
    // The screen itself says what failed.
    await preparing.catch(() => {})
    // The user has gone to another address meanwhile.
    if (location.hash !== hash) return
  }
  shown = hash
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    shown = location.hash
    addEventListener('hashchange', follow)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) removeEventListener('hashchange', follow)
  }
}

/** `to` is a path (`/library?kind=image`), or only a search (`?kind=image`) to keep the current path. */
function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  // The screen that is being left writes its filter to the address late: that must not undo the user's choice.
  if (replace && isHeld()) return
  const oldURL = location.href
  const hash = `#${to.startsWith('?') ? addressedPath() : ''}${to}`.replace(/\?$/, '')
  history[replace ? 'replaceState' : 'pushState'](null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }))
}

/** The path and search within the address's fragment: `#/library?kind=image`. */
export const useHashPath: BaseLocationHook = () => [useSyncExternalStore(subscribe, path), navigate]
export const useHashSearch = () => useSyncExternalStore(subscribe, search)
/** The path in the address, also while it is held. */
export const useAddressedPath = () => useSyncExternalStore(subscribe, addressedPath)
/** Whether the page still shows another screen than the addressed one. */
export const useIsHeld = () => useSyncExternalStore(subscribe, isHeld)
export const hashHref = (to: string) => `#${to}`

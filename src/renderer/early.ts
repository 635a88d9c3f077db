/** A script of its own, which runs while the rest of the page is still loaded and compiled. */
import type { Bridge } from '../shared/bridge.ts'
import { getBridge } from './bridge/index.ts'
import { type FirstRequests, sendFirstRequests } from './data/first-requests.ts'
import { loadTexts } from './i18n/texts.ts'

/** Used until the settings are loaded. */
export const systemLanguage = navigator.language.startsWith('ko') ? 'ko' : 'en'
export const systemTexts = loadTexts(systemLanguage)
// Without words the page can say nothing; `main.tsx` then loads it again.
systemTexts.catch(() => {})

/**
 * The bridge and the requests that were sent; null if no core answers. The rest of the page is run only now: while it runs,
 * nothing could be sent, and the core would wait.
 */
export const core: { bridge: Bridge; first: FirstRequests } | null = await getBridge().then(
  (bridge) => ({ bridge, first: sendFirstRequests(bridge, location.hash.slice(1) || '/', systemLanguage) }),
  () => null,
)

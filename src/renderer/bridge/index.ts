import type { Bridge } from '../../shared/bridge.ts'
import { openBrowserBridge } from './browser.ts'

declare global {
  interface Window {
    /** Set by the preload script of the Electron host. */
    caratBridge?: Bridge
  }
}

/** Opens the bridge to the core. Rejects with `disconnected` if the page was opened without a valid hand-over code. */
export async function getBridge(): Promise<Bridge> {
  return window.caratBridge ?? openBrowserBridge()
}

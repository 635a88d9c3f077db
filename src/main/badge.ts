import { app, type BrowserWindow, nativeImage } from 'electron'
import { label } from '../core/host/messages.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { Settings } from '../shared/settings.ts'
import type { CaseCounts } from '../shared/views.ts'
import { atMostOncePerSecond } from './throttle.ts'

export interface BadgeParts {
  core(): Promise<Pick<CoreClient, 'request'> | null>
  settings(): Settings
  windows(): BrowserWindow[]
  /** A small picture that Windows lays over the taskbar button. */
  overlayIcon: string
  platform?: NodeJS.Platform
}

/** Returns a function to call after records or settings changed: the icon then shows how many cases ask for attention. */
export function createBadge({
  core,
  settings,
  windows,
  overlayIcon,
  platform = process.platform,
}: BadgeParts): () => void {
  async function count(): Promise<number> {
    if (!settings().showsBadge) return 0
    const answer = await (await core())?.request('refunds.counts', {})
    return answer?.ok ? (answer.data as CaseCounts).attention : 0
  }

  // A sync changes records many times in a second.
  return atMostOncePerSecond(async () => {
    const cases = await count()
    if (platform !== 'win32') return void app.setBadgeCount(cases)
    const icon = cases > 0 ? nativeImage.createFromPath(overlayIcon) : null
    const text = cases > 0 ? label('nav.toCheck', settings().language, { count: cases }) : ''
    for (const window of windows()) window.setOverlayIcon(icon, text)
  })
}

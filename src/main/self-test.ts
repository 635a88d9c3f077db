import { setTimeout as wait } from 'node:timers/promises'
import { app, type BrowserWindow } from 'electron'
import type { HostCore } from '../core/workers/launch.ts'
import type { SyncState } from '../shared/views.ts'

const limitMs = 60_000

/**
 * Proves a packaged app, into which its fuses let no debugger look: the core runs, the account is synced, and the page shows
 * data. Prints one line of JSON and ends the app with 0, or with 1 after a minute.
 */
export async function selfTest(window: BrowserWindow, core: HostCore): Promise<void> {
  const end = Date.now() + limitMs
  const isSynced = async () => {
    const state = await core.request('sync.state', {})
    return state.ok && (state.data as SyncState).status === 'idle'
  }
  const isDrawn = () => window.webContents.executeJavaScript("document.querySelector('#root[data-ready]') !== null")
  const found = { synced: false, drawn: false }
  while (!(found.synced && found.drawn) && Date.now() < end) {
    found.synced ||= await isSynced()
    found.drawn ||= (await isDrawn()) as boolean
    await wait(100)
  }
  console.log(JSON.stringify({ version: app.getVersion(), electron: process.versions.electron, ...found }))
  if (!found.synced || !found.drawn) return app.exit(1)
  app.quit()
}

import { setTimeout as wait } from 'node:timers/promises'
import { app, type BrowserWindow } from 'electron'
import type { HostCore } from '../core/workers/launch.ts'
import type { UpdateState } from '../shared/updates.ts'
import type { SyncState } from '../shared/views.ts'

const limitMs = 60_000

/**
 * Proves a packaged app, into which its fuses let no debugger look: the core runs, the account is synced, the page shows data,
 * and an update is found if the package has an address for it. Prints one line of JSON and ends the app with 0, or with 1 after
 * a minute.
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
  const updates = await updateStatus(core, end)
  console.log(JSON.stringify({ version: app.getVersion(), electron: process.versions.electron, ...found, updates }))
  if (!found.synced || !found.drawn) return app.exit(1)
  app.quit()
}

/** Where a check for updates ends: `off`, `idle`, `ready` or `failed`. */
async function updateStatus(core: HostCore, end: number): Promise<UpdateState['status'] | null> {
  const ask = async (route: 'updates.check' | 'updates.state') => {
    const answer = await core.request(route, {})
    return answer.ok ? (answer.data as UpdateState).status : null
  }
  let status = await ask('updates.check')
  while (status === 'downloading' && Date.now() < end) {
    await wait(100)
    status = await ask('updates.state')
  }
  return status
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { Updates } from '../core/host/desktop-actions.ts'
import type { Log } from '../core/ports.ts'
import type { UpdateState } from '../shared/updates.ts'

export interface UpdateParts {
  /** Null if updates are off; see `loadUpdater`. */
  updater: Promise<AppUpdater | null>
  /** Whether a download would slow the user down now, such as in the first sync. */
  isBusy(): Promise<boolean>
  log: Log
}

/** The wait after a start, and while the app is busy. */
const delayMs = 60_000
const checkIntervalMs = 6 * 60 * 60_000

/** The updater of an installed app. Null if the package names no address of updates: unsigned builds, checkouts. */
export async function loadUpdater(): Promise<AppUpdater | null> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null
  const { default: updater } = await import('electron-updater')
  return updater.autoUpdater
}

/**
 * Downloads newer versions in the background; they are installed when the app ends. The updater checks the signature, and
 * refuses older versions. Failed checks are logged, and repeated at the next interval.
 */
export function createUpdates({ updater: loading, isBusy, log }: UpdateParts): Updates {
  let updater: AppUpdater | null = null
  let state: UpdateState = { status: 'off', version: null }
  const set = (status: UpdateState['status'], version: string | null = null) => {
    state = { status, version }
  }

  const ready = loading.then((loaded) => {
    if (!loaded) return
    updater = loaded
    loaded.logger = null
    loaded.allowDowngrade = false
    loaded.allowPrerelease = false
    // By default this is an id of the installation, which the server of the updates does not need.
    loaded.requestHeaders = { 'x-user-staging-id': '' }
    set('idle')
    loaded.on('checking-for-update', () => set('checking'))
    loaded.on('update-available', ({ version }) => set('downloading', version))
    loaded.on('update-not-available', () => set('idle'))
    loaded.on('update-downloaded', ({ version }) => {
      set('ready', version)
      log.info('update_ready', { version })
    })
    loaded.on('error', (error) => {
      set('failed')
      log.warn('update_failed', { error: String((error as NodeJS.ErrnoException).code ?? error.name) })
    })
    checkLater(delayMs)
  })

  async function check(): Promise<void> {
    await ready
    if (state.status === 'ready' || state.status === 'downloading') return
    // The event `error` has said why.
    await updater?.checkForUpdates().catch(() => {})
  }

  function checkLater(waitMs: number): void {
    setTimeout(async () => {
      const busy = await isBusy()
      if (!busy) await check()
      checkLater(busy ? delayMs : checkIntervalMs)
    }, waitMs).unref()
  }

  return {
    state: () => state,
    check,
    install: () => {
      if (state.status === 'ready') updater?.quitAndInstall(true, true)
    },
  }
}

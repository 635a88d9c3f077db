/** The built app in Electron, and the reasons why Electron may not run here. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { Host, HostOptions } from './host.ts'

const root = join(import.meta.dirname, '../..')

/** Why Electron cannot run for this user; null if it can. */
export function noElectronReason(): string | null {
  const name = join(root, 'node_modules/electron/path.txt')
  if (!existsSync(name) || !existsSync(join(root, 'node_modules/electron/dist', readFileSync(name, 'utf8')))) {
    return "Electron's binary is not installed (npx install-electron)"
  }
  if (process.platform !== 'linux') return null
  if (process.getuid?.() === 0) return 'Electron does not run as root on Linux'
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? null : 'there is no display'
}

export interface ElectronHost extends Host {
  app: ElectronApplication
  window: Page
}

/** Starts the built app and returns once its window is open. */
export async function startElectron({ args = [], env = {}, dataDir }: HostOptions = {}): Promise<ElectronHost> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'carat-electron-'))
  const app = await _electron.launch({
    // As in a browser without a window, scrolling ends at once.
    args: ['--disable-smooth-scrolling', root, `--data=${folder}`, ...args],
    env: { ...(process.env as Record<string, string>), ...env },
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
  })
  const window = await app.firstWindow()
  return {
    app,
    window,
    url: 'app://carat/',
    dataDir: folder,
    pid: app.process().pid as number,
    async stop() {
      await app.close()
      if (!dataDir) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

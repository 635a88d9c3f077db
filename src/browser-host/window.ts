import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { System } from '../core/host/start-options.ts'

const linuxNames = ['google-chrome-stable', 'google-chrome', 'chromium', 'microsoft-edge-stable', 'microsoft-edge']
const macNames = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPaths = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]
/** A browser that ends sooner handed the address to an instance that was already running. */
const minVisitMs = 3_000

/** The first Chromium-based browser of this system; null if there is none. */
export function findBrowser(
  { platform, env, home }: System,
  exists: (path: string) => boolean = existsSync,
): string | null {
  return candidates(platform, env, home).find(exists) ?? null
}

function candidates(platform: NodeJS.Platform, env: System['env'], home: string): string[] {
  if (platform === 'win32') {
    const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((root) => root !== undefined)
    return windowsPaths.flatMap((path) => roots.map((root) => `${root}\\${path}`))
  }
  if (platform === 'darwin') {
    return macNames.flatMap((name) =>
      ['', home].map((root) => `${root}/Applications/${name}.app/Contents/MacOS/${name}`),
    )
  }
  // A snap can read neither hidden folders nor /tmp, where the data folder usually is.
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder !== '' && !folder.startsWith('/snap/'))
  return linuxNames.flatMap((name) => folders.map((folder) => `${folder}/${name}`))
}

/** Whether a window can appear. As root, Chromium runs only without its sandbox, and we never disable that. */
export function hasDisplay({ platform, env }: System, userId = process.getuid?.()): boolean {
  if (platform !== 'linux') return true
  return userId !== 0 && Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

export interface AppWindow {
  close(): void
}

/** Opens `address` as an app window with a profile inside the data folder. Calls `onClosed` when the user closes it. */
export function openWindow(browser: string, address: string, dataDir: string, onClosed: () => void): AppWindow {
  const handOver = join(dataDir, 'open.html')
  // Arguments are visible to every user of the machine; this file is not.
  rmSync(handOver, { force: true })
  writeFileSync(handOver, handOverPage(address), { mode: 0o600 })
  const profile = join(dataDir, 'window')
  const child = spawn(browser, windowArguments(pathToFileURL(handOver).href, profile), {
    stdio: 'ignore',
    // On Linux, the profile option alone does not keep crash settings and caches inside the data folder.
    env: { ...process.env, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile },
  })
  const openedAt = performance.now()
  let closing = false
  child.once('error', () => {})
  child.once('exit', () => {
    if (!closing && performance.now() - openedAt > minVisitMs) onClosed()
  })
  return {
    close() {
      closing = true
      child.kill()
      rmSync(handOver, { force: true })
    },
  }
}

function windowArguments(url: string, profile: string): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--window-size=1280,800',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-features=Translate',
    '--password-store=basic',
  ]
}

function handOverPage(address: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Carat Companion</title><meta http-equiv="refresh" content="0;url=${address}">\n`
}

/** The Chromium that the end-to-end tests drive. Run directly, it brings one where the machine has none. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

/** The path of a Chromium, Chrome or Edge on this machine, or of Playwright's own; undefined where there is none. */
export function findBrowser(): string | undefined {
  return [...installedBrowsers(), chromium.executablePath()].find((path) => existsSync(path) && !isSnap(path))
}

function installedBrowsers(): string[] {
  const { env, platform } = process
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    )
    return folders.flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ])
  }
  const folders = (env.PATH ?? '').split(delimiter)
  return ['chromium', 'google-chrome', 'microsoft-edge'].flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** A browser from a snap sees a /tmp of its own, where it cannot find the profile that Playwright makes for it. */
function isSnap(path: string): boolean {
  return basename(realpathSync(path)) === 'snap'
}

function bringBrowser(): void {
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  const isRoot = process.getuid?.() === 0
  if (isRoot && isDebian() && run('apt-get', 'update') && run('apt-get', 'install', '-y', 'chromium')) return
  const playwright = join(import.meta.dirname, '../../node_modules/@playwright/test/cli.js')
  run(process.execPath, playwright, 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium')
}

/** Ubuntu's package of this name only installs a snap. */
function isDebian(): boolean {
  const release = '/etc/os-release'
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, 'utf8'))
}

if (import.meta.main) {
  if (!findBrowser()) bringBrowser()
  const path = findBrowser()
  console.log(
    path ?? 'There is no browser, and none could be installed. Install Chromium or Google Chrome and try again.',
  )
  if (!path) process.exitCode = 1
}

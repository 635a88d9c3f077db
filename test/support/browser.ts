/**
 * The browser of the end-to-end tests. Run directly, it installs a browser if there is none, preferably the faster one.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { findBrowser as findInstalled } from '../../src/browser-host/window.ts'
import { currentSystem } from '../../src/core/host/start-options.ts'

/** Chromium without a window: the same engine in two thirds of the time. */
const headlessShell = '/usr/bin/chromium-headless-shell'

/** The path of a Chromium, Chrome or Edge of this machine, or of Playwright's own; undefined if there is none. */
export function findBrowser(): string | undefined {
  const candidates = [headlessShell, findInstalled(currentSystem()), chromium.executablePath()]
  return candidates.find((path): path is string => path !== null && existsSync(path))
}

const isRoot = process.getuid?.() === 0
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ===
  0

function bringHeadlessShell(): void {
  if (run('apt-get', 'update')) run('apt-get', 'install', '-y', 'chromium-headless-shell')
}

function bringPlaywrights(): void {
  const playwright = join(import.meta.dirname, '../../node_modules/@playwright/test/cli.js')
  run(process.execPath, playwright, 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium')
}

/** Ubuntu's package of this name installs only a snap, which cannot read Playwright's temporary profiles. */
function isDebian(): boolean {
  const release = '/etc/os-release'
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, 'utf8'))
}

if (import.meta.main) {
  if (isRoot && isDebian() && !existsSync(headlessShell)) bringHeadlessShell()
  if (!findBrowser()) bringPlaywrights()
  const path = findBrowser()
  console.log(
    path ?? 'There is no browser, and none could be installed. Install Chromium or Google Chrome and try again.',
  )
  if (!path) process.exitCode = 1
}

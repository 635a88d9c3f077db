import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findBrowser, hasDisplay, openWindow } from '../../src/browser-host/window.ts'
import type { System } from '../../src/core/host/start-options.ts'
import { temporaryFolder } from '../support/core.ts'

const system = (platform: NodeJS.Platform, env: System['env'] = {}): System => ({
  platform,
  env,
  home: '/home/ada',
  cwd: '/',
  exists: () => false,
})
const find = (given: System, ...installed: string[]) => findBrowser(given, (path) => installed.includes(path))

describe('a browser for the window', () => {
  it('is found in the folders of each system', () => {
    const linux = system('linux', { PATH: '/usr/local/bin:/usr/bin' })
    expect(find(linux, '/usr/bin/chromium')).toBe('/usr/bin/chromium')
    expect(find(linux, '/usr/bin/chromium', '/usr/bin/google-chrome')).toBe('/usr/bin/google-chrome')
    const mac = '/home/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(find(system('darwin'), mac)).toBe(mac)
    const windows = system('win32', { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Local' })
    const edge = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe'
    expect(find(windows, edge)).toBe(edge)
    expect(find(windows, edge, 'C:\\Local\\Google\\Chrome\\Application\\chrome.exe')).toMatch(/chrome\.exe$/)
  })

  it('is not found if none is installed, or only a snap, which cannot read the data folder', () => {
    expect(find(system('linux'))).toBeNull()
    expect(find(system('linux', { PATH: '/snap/bin' }), '/snap/bin/chromium')).toBeNull()
    expect(find(system('win32'), 'undefined\\Google\\Chrome\\Application\\chrome.exe')).toBeNull()
  })

  it('needs a display, and on Linux a user other than root', () => {
    expect(hasDisplay(system('linux', { DISPLAY: ':0' }), 1_000)).toBe(true)
    expect(hasDisplay(system('linux', { WAYLAND_DISPLAY: 'wayland-0' }), 1_000)).toBe(true)
    expect(hasDisplay(system('linux', { DISPLAY: ':0' }), 0)).toBe(false)
    expect(hasDisplay(system('linux'), 1_000)).toBe(false)
    expect(hasDisplay(system('darwin'), 501)).toBe(true)
    expect(hasDisplay(system('win32'), undefined)).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('the window', () => {
  const address = 'http://127.0.0.1:4321/#the-one-time-code'
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'arguments')
  })
  afterEach(() => {
    vi.restoreAllMocks()
    folder.remove()
  })

  /** A browser that writes its arguments to a file and then runs `then`. */
  function fakeBrowser(then: string): string {
    const path = join(folder.path, 'browser')
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${log}.part' && mv '${log}.part' '${log}'\n${then}\n`)
    chmodSync(path, 0o700)
    return path
  }
  const given = async () => {
    await vi.waitFor(() => expect(existsSync(log)).toBe(true), 5_000)
    return readFileSync(log, 'utf8').trim().split('\n')
  }

  it('gets its address from a file that only its owner can read, and keeps its profile in the data folder', async () => {
    const window = openWindow(fakeBrowser('exec sleep 60'), address, folder.path, () => {})
    const args = await given()
    expect(args.join(' ')).not.toMatch(/one-time-code|no-sandbox|disable-web-security|remote-debugging/)
    expect(args).toContain(`--user-data-dir=${join(folder.path, 'window')}`)
    const file = fileURLToPath(args.find((arg) => arg.startsWith('--app='))?.slice('--app='.length) ?? '')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toContain(`content="0;url=${address}"`)
    window.close()
    expect(existsSync(file)).toBe(false)
  })

  it('ends the app when the user closes it', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const closed = new Promise<void>((resolve) => {
      openWindow(fakeBrowser(`until [ -e '${log}.close' ]; do sleep 0.05; done`), address, folder.path, resolve)
    })
    await given()
    clock.mockReturnValue(3_001)
    writeFileSync(`${log}.close`, '')
    await closed
  })

  it('does not end the app if the browser hands over to a running browser', async () => {
    const onClosed = vi.fn()
    openWindow(fakeBrowser(''), address, folder.path, onClosed)
    await given()
    // A second browser that ends after the first has ended.
    await new Promise<void>((resolve) => {
      vi.spyOn(performance, 'now').mockReturnValueOnce(-10_000)
      openWindow(fakeBrowser(''), address, folder.path, resolve)
    })
    expect(onClosed).not.toHaveBeenCalled()
  })

  it('keeps the app running if the browser cannot be started', async () => {
    const onClosed = vi.fn()
    openWindow(join(folder.path, 'nothing'), address, folder.path, onClosed)
    await new Promise(setImmediate)
    expect(onClosed).not.toHaveBeenCalled()
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { quietLog, temporaryFolder } from '../support/core.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { applicationMenu } = await import('../../src/main/menu.ts')
const { openSecrets } = await import('../../src/main/secrets.ts')
const { createTray } = await import('../../src/main/tray.ts')
const { openWindow } = await import('../../src/main/window.ts')

beforeEach(() => {
  vi.clearAllMocks()
  fake.keyStore.state = 'works'
})

describe('the window', () => {
  const file = (size?: { width: number; height: number }) => ({ get: vi.fn(() => size), set: vi.fn() })
  const open = (platform: NodeJS.Platform, size?: { width: number; height: number }) => {
    const store = file(size)
    openWindow(store as never, '/preload.cjs', platform)
    const window = fake.windows.at(-1)
    if (!window) throw new Error('no window')
    return { window, store }
  }

  it.each(['darwin', 'win32', 'linux'] as const)('keeps the page in its sandbox on %s', (platform) => {
    const { window } = open(platform)
    // Nothing else, so Electron's secure defaults apply to every other preference.
    expect(window.options.webPreferences).toEqual({
      preload: '/preload.cjs',
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webviewTag: false,
    })
    expect(window.loadURL.mock.calls).toEqual([['app://carat/']])
  })

  it('has its default size or its last size, and is shown once it is painted', () => {
    expect(open('linux').window.options).toMatchObject({ width: 1280, height: 800, minWidth: 960, minHeight: 640 })
    const { window, store } = open('linux', { width: 1_500, height: 900 })
    expect(window.options).toMatchObject({ width: 1_500, height: 900, show: false })
    expect(window.show).not.toHaveBeenCalled()
    window.events.emit('ready-to-show')
    expect(window.show).toHaveBeenCalledOnce()
    window.events.emit('close')
    expect(store.set.mock.calls).toEqual([['window', { width: 1_000, height: 700 }]])
  })

  it('leaves the title bar to the page, with the colours of its theme', () => {
    expect(open('darwin').window.options).toMatchObject({
      titleBarStyle: 'hiddenInset',
      trafficLightPosition: { x: 16, y: 20 },
    })
    const { window } = open('win32')
    const light = { height: 51, color: '#fffefc', symbolColor: '#524e47' }
    expect(window.options).toMatchObject({ titleBarStyle: 'hidden', titleBarOverlay: light })
    fake.nativeTheme.shouldUseDarkColors = true
    fake.nativeTheme.emit('updated')
    const dark = { height: 51, color: '#1e1d1a', symbolColor: '#bdb8ad' }
    expect(window.setTitleBarOverlay).toHaveBeenLastCalledWith(dark)
    fake.nativeTheme.shouldUseDarkColors = false
    window.setTitleBarOverlay.mockClear()
    window.events.emit('closed')
    fake.nativeTheme.emit('updated')
    expect(window.setTitleBarOverlay).not.toHaveBeenCalled()
  })

  it('takes the colours of its title bar from the page', () => {
    const tokens = readFileSync(join(import.meta.dirname, '../../src/renderer/styles/tokens.css'), 'utf8')
    expect(tokens).toContain('--surface: light-dark(#fffefc, #1e1d1a)')
    expect(tokens).toContain('--ink-2: light-dark(#524e47, #bdb8ad)')
  })
})

describe('the menu', () => {
  const labels = (language: 'ko' | 'en' | 'both', platform: NodeJS.Platform) =>
    applicationMenu(language, platform).flatMap(({ label, submenu }) => [
      label,
      ...(submenu as { label?: string; type?: string }[]).filter(({ type }) => !type).map((item) => item.label),
    ])

  it('uses the language of the settings', () => {
    expect(labels('en', 'win32')).toContain('Select All')
    expect(labels('ko', 'darwin')).toContain('모두 선택')
    expect(labels('both', 'linux')).toContain('Select All(모두 선택)')
  })

  it.each(['darwin', 'win32', 'linux'] as const)('names every item on %s', (platform) => {
    expect(labels('ko', platform).filter((label) => !label || /menu\./.test(label))).toEqual([])
    expect(applicationMenu('en', platform)).toHaveLength(4)
  })

  it('of the tray shows the window and quits', () => {
    const actions = { show: vi.fn(), quit: vi.fn() }
    const name = createTray('/tray.png', actions)
    name('ko')
    const tray = fake.trays.at(-1)
    const [[{ template }] = [{ template: [] }]] = tray?.setContextMenu.mock.calls ?? []
    for (const item of template as { click(): void }[]) item.click()
    expect(actions.show).toHaveBeenCalledOnce()
    expect(actions.quit).toHaveBeenCalledOnce()
  })
})

describe('the token', () => {
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(() => folder.remove())
  const token = async (api: string, given: string | null = null) =>
    (await openSecrets(folder.path, api, given, quietLog)).accessToken()

  it('is stored encrypted, and read only for its own service', async () => {
    expect(await token('https://a.example', 'secret')).toBe('secret')
    expect(readFileSync(join(folder.path, 'sign-in.bin'), 'utf8')).not.toContain('secret')
    expect(await token('https://a.example')).toBe('secret')
    expect(await token('https://b.example')).toBeNull()
  })

  it.each(['unavailable', 'basic_text'] as const)('is not stored if the key store is %s', async (state) => {
    fake.keyStore.state = state
    expect(await token('https://a.example', 'secret')).toBe('secret')
    fake.keyStore.state = 'works'
    const expected = state === 'basic_text' && process.platform !== 'linux' ? 'secret' : null
    expect(await token('https://a.example')).toBe(expected)
  })

  it('is not read while the key has changed, and stays stored', async () => {
    await token('https://a.example', 'secret')
    fake.keyStore.state = 'changed'
    expect(await token('https://a.example')).toBeNull()
    fake.keyStore.state = 'works'
    expect(await token('https://a.example')).toBe('secret')
  })
})

it('packs the app with the fuses of the security checklist', () => {
  const config = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8')
  const [, fuses = ''] = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(config) ?? []
  expect(
    Object.fromEntries([...fuses.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, name, value]) => [name, value])),
  ).toEqual({
    runAsNode: 'false',
    enableCookieEncryption: 'true',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    grantFileProtocolExtraPrivileges: 'false',
  })
})

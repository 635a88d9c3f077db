import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WindowState } from '../../src/core/host/settings.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { contextMenu } = await import('../../src/main/context-menu.ts')
const { applicationMenu } = await import('../../src/main/menu.ts')
const { openTokens } = await import('../../src/main/tokens.ts')
const { openWindow, zoomWindow } = await import('../../src/main/window.ts')

beforeEach(() => {
  vi.clearAllMocks()
  fake.keyStore.state = 'works'
})

describe('the window', () => {
  const warn = vi.fn()
  const staysOpen = vi.fn(() => false)
  const preventDefault = vi.fn()
  const open = (platform: NodeJS.Platform, saved?: WindowState, zoom?: number) => {
    const store = { get: vi.fn((key: string) => (key === 'window' ? saved : zoom)), set: vi.fn() }
    openWindow({ file: store as never, preload: '/preload.cjs', log: { info: vi.fn(), warn }, platform, staysOpen })
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
      // On Windows and Linux it would fetch a dictionary from a server of Google.
      spellcheck: false,
    })
    expect(window.loadURL.mock.calls).toEqual([['app://carat/']])
  })

  it('has its default size or its last place, and is shown once it is painted', () => {
    expect(open('linux').window.options).toMatchObject({ width: 1280, height: 800, minWidth: 640, minHeight: 472 })
    const { window, store } = open('linux', { width: 1_500, height: 900, x: 30, y: 40, isMaximized: true })
    expect(window.options).toMatchObject({ width: 1_500, height: 900, x: 30, y: 40, show: false })
    expect(window.show).not.toHaveBeenCalled()
    window.events.emit('ready-to-show')
    expect(window.maximize).toHaveBeenCalledOnce()
    expect(window.show).toHaveBeenCalledOnce()
    window.events.emit('close', { preventDefault })
    const state = { x: 0, y: 0, width: 1_000, height: 700, isMaximized: false, isFullScreen: false }
    expect(store.set.mock.calls).toEqual([['window', state]])
  })

  it('closes although the settings file cannot be written', () => {
    const { window, store } = open('win32')
    store.set.mockImplementation(() => {
      throw new Error('EBUSY')
    })
    window.events.emit('close', { preventDefault })
    expect(warn).toHaveBeenCalledWith('window_not_saved', { error: 'Error: EBUSY' })
  })

  it('only hides if the app runs in the background', () => {
    const { window, store } = open('win32')
    window.events.emit('close', { preventDefault })
    expect([preventDefault.mock.calls.length, window.hide.mock.calls.length]).toEqual([0, 0])
    staysOpen.mockReturnValueOnce(true)
    window.events.emit('close', { preventDefault })
    expect([preventDefault.mock.calls.length, window.hide.mock.calls.length]).toEqual([1, 1])
    expect(store.set).toHaveBeenCalledTimes(2)
  })

  it('zooms in steps, remembers the factor and stops at both ends', () => {
    const { window, store } = open('linux')
    const factors = [1, 1, 1, 1, 1, 1, 0, -1, -1, -1].map((step) => {
      zoomWindow(window as never, store as never, step as -1 | 0 | 1)
      return window.contents.zoomFactor
    })
    expect(factors).toEqual([1.1, 1.25, 1.5, 1.75, 2, 2, 1, 0.9, 0.8, 0.8])
    expect(store.set).toHaveBeenLastCalledWith('zoom', 0.8)
    const { window: next } = open('linux', undefined, 1.5)
    next.contents.emit('dom-ready')
    expect(next.contents.zoomFactor).toBe(1.5)
  })

  it('marks the page as full screen, where macOS has no window buttons', () => {
    const { window } = open('darwin')
    const last = () => window.contents.executeJavaScript.mock.calls.at(-1)
    window.isFullScreen = () => true
    window.events.emit('enter-full-screen')
    expect(last()).toEqual([expect.stringContaining("('data-full-screen', true)")])
    window.isFullScreen = () => false
    window.events.emit('leave-full-screen')
    expect(last()).toEqual([expect.stringContaining("('data-full-screen', false)")])
  })

  it('opens the menu by Alt or F10 on Windows, which shows no menu bar', () => {
    const popup = vi.fn()
    fake.menu.getApplicationMenu.mockReturnValue({ popup })
    const { window } = open('win32')
    const press = (type: string, key: string, given = {}) =>
      window.contents.emit('before-input-event', {}, { type, key, control: false, shift: false, meta: false, ...given })
    press('keyDown', 'Alt')
    press('keyDown', 'Tab')
    press('keyUp', 'Alt')
    press('keyDown', 'Alt', { shift: true })
    press('keyUp', 'Alt')
    expect(popup).not.toHaveBeenCalled()
    press('keyDown', 'Alt')
    press('keyUp', 'Alt')
    press('keyDown', 'F10')
    expect(popup.mock.calls).toEqual([[{ window, x: 8, y: 52 }], [{ window, x: 8, y: 52 }]])
    const mac = open('darwin').window
    mac.contents.emit('before-input-event', {}, { type: 'keyDown', key: 'F10' })
    expect(popup).toHaveBeenCalledTimes(2)
  })

  it('leaves the title bar to the page, with the colours of its theme', () => {
    expect(open('darwin').window.options).toMatchObject({
      titleBarStyle: 'hiddenInset',
      trafficLightPosition: { x: 16, y: 20 },
    })
    expect(open('win32', undefined, 0.8).window.options).toMatchObject({ titleBarOverlay: { height: 41 } })
    const light = { height: 51, color: '#fffefc', symbolColor: '#524e47' }
    const { window } = open('win32')
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
  const actions = {
    go: vi.fn(),
    find: vi.fn(),
    sync: vi.fn(),
    zoom: vi.fn(),
    openLogs: vi.fn(),
    saveDiagnostics: vi.fn(),
  }
  type Item = ReturnType<typeof applicationMenu>[number]
  const items = (language: 'ko' | 'en' | 'both', platform: NodeJS.Platform) =>
    applicationMenu(language, platform, actions).flatMap((menu) => [menu, ...(menu.submenu as Item[])])
  const labels = (language: 'ko' | 'en' | 'both', platform: NodeJS.Platform) =>
    items(language, platform)
      .filter(({ type }) => !type)
      .map(({ label }) => label)

  it('uses the language of the settings', () => {
    expect(labels('en', 'win32')).toContain('Select All')
    expect(labels('ko', 'darwin')).toContain('모두 선택')
    expect(labels('both', 'linux')).toContain('Select All(모두 선택)')
  })

  it.each(['darwin', 'win32', 'linux'] as const)('names every item on %s, and uses each key once', (platform) => {
    expect(labels('ko', platform).filter((label) => !label || /menu\./.test(label))).toEqual([])
    const keys = items('en', platform).flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toEqual(expect.arrayContaining(['CommandOrControl+=', 'CommandOrControl+,', 'CommandOrControl+F']))
  })

  it('has the roles that macOS expects', () => {
    const roles = items('en', 'darwin').map(({ role }) => role)
    for (const role of ['about', 'close', 'window', 'help', 'hide', 'front', 'quit']) expect(roles).toContain(role)
    expect(roles).not.toContain('reload')
  })

  it('of the app does what it says', () => {
    const all = items('en', 'win32')
    const click = (label: string) => (all.find((item) => item.label === label)?.click as undefined | (() => void))?.()
    for (const label of ['Sync Now', 'Refunds', 'Settings…', 'Find', 'Zoom Out']) click(label)
    expect(actions.sync).toHaveBeenCalledOnce()
    expect(actions.go.mock.calls).toEqual([['/refunds'], ['/settings']])
    expect(actions.find).toHaveBeenCalledOnce()
    expect(actions.zoom.mock.calls).toEqual([[-1]])
  })
})

describe('the context menu', () => {
  const editFlags = { canCut: true, canCopy: true, canPaste: true, canSelectAll: true } as Electron.EditFlags
  const clicked = { isEditable: false, editFlags, selectionText: '', mediaType: 'none', srcURL: '' } as const
  const commands = { copyPicture: vi.fn(), lookUp: vi.fn(), save: vi.fn() }
  const menu = (partial: object, platform: NodeJS.Platform) =>
    contextMenu({ ...clicked, ...partial }, 'en', commands, platform)
  const roles = (partial: object, platform: NodeJS.Platform = 'win32') =>
    menu(partial, platform).map(({ role, label }) => role ?? label)

  it.each([
    [{}, []],
    [{ isEditable: true }, ['cut', 'copy', 'paste', undefined, 'selectAll']],
    [{ selectionText: 'cat' }, ['copy']],
    [{ mediaType: 'image', srcURL: 'app://carat/media/agent-1/a/b/thumbnail' }, ['Copy Picture', 'Save a Copy…']],
    [{ mediaType: 'video', srcURL: 'app://carat/media/agent-1/a/b/original' }, ['Save a Copy…']],
    [{ mediaType: 'image', srcURL: 'app://carat/assets/logo.png' }, ['Copy Picture']],
    [{ mediaType: 'image', srcURL: 'https://evil.test/a.png' }, []],
  ])('has the commands that fit %j', (partial, expected) => {
    expect(roles(partial)).toEqual(expected)
  })

  it('looks selected text up on macOS', () => {
    expect(roles({ selectionText: 'cat' }, 'darwin')).toEqual(['Look Up', 'copy'])
  })

  it('saves the result that was clicked', () => {
    const [, save] = menu({ mediaType: 'image', srcURL: 'app://carat/media/agent-1/a%2Fb/r/thumbnail' }, 'linux')
    expect(save?.label).toBe('Save a Copy…')
    save?.click?.({} as Electron.MenuItem, undefined, {})
    expect(commands.save.mock.calls).toEqual([[{ agent: 'agent-1', jobId: 'a/b', resultId: 'r', size: 'thumbnail' }]])
  })
})

describe('the token', () => {
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(() => folder.remove())
  const first = 'https://a.example'
  const signIn = (token: string) => ({ api: first, token, oauth: null, account: null })
  const openFolder = () => openTokens(folder.path, quietLog)
  const sealed = () => join(folder.path, 'sign-in.bin')
  const plain = () => join(folder.path, 'sign-in.json')

  it('is stored encrypted, and read only for its own service, until it is forgotten', async () => {
    const tokens = await openFolder()
    expect(tokens.storage).toBe('keyStore')
    await tokens.keep(signIn('secret'))
    expect(readFileSync(sealed(), 'utf8')).not.toContain('secret')
    expect(existsSync(plain())).toBe(false)
    const later = await openFolder()
    expect(await later.read(first)).toEqual(signIn('secret'))
    expect(await later.read('https://b.example')).toBeNull()
    await later.forget()
    expect(await later.read(first)).toBeNull()
    expect(existsSync(sealed())).toBe(false)
  })

  it.each(['unavailable', 'basic_text', 'broken'] as const)(
    'is stored in a file of the user if the key store is %s, and sealed once it works',
    async (state) => {
      fake.keyStore.state = state
      const tokens = await openFolder()
      if (state === 'basic_text' && process.platform !== 'linux') return expect(tokens.storage).toBe('keyStore')
      expect(tokens.storage).toBe('file')
      await tokens.keep(signIn('secret'))
      expect(statSync(plain()).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
      expect(await (await openFolder()).read('https://b.example')).toBeNull()
      fake.keyStore.state = 'works'
      const later = await openFolder()
      expect(await later.read(first)).toEqual(signIn('secret'))
      await later.keep(signIn('newer'))
      expect(existsSync(plain())).toBe(false)
      expect(await later.read(first)).toEqual(signIn('newer'))
    },
  )

  it('is asked for again while the key store does not give it out', async () => {
    await (await openFolder()).keep(signIn('secret'))
    fake.keyStore.state = 'changed'
    const tokens = await openFolder()
    await expect(tokens.read(first)).rejects.toMatchObject({ code: 'key_store_locked' })
    fake.keyStore.state = 'works'
    expect(await tokens.read(first)).toEqual(signIn('secret'))
  })
})

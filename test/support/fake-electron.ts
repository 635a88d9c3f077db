/**
 * Records the calls of the Electron host. An unknown API throws, so every new use is a decision. Known APIs are checked
 * against Electron's types, so they cannot drift.
 */
import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

/** Allows only names that Electron has. */
type Faked<T> = { [Name in keyof T]?: unknown }

/** Makes reading an unknown name throw. */
function strict<T extends object>(name: string, api: T): T {
  return new Proxy(api, {
    get(target, property, receiver) {
      if (typeof property === 'string' && !(property in target)) throw new Error(`the fake has no ${name}.${property}`)
      return Reflect.get(target, property, receiver)
    },
  })
}

const emitter = () => {
  const events = new EventEmitter()
  return {
    on: vi.fn((name: string, listener: (...args: unknown[]) => void) => events.on(name, listener)),
    once: vi.fn((name: string, listener: (...args: unknown[]) => void) => events.once(name, listener)),
    off: vi.fn((name: string, listener: (...args: unknown[]) => void) => events.off(name, listener)),
    emit: (name: string, ...args: unknown[]) => events.emit(name, ...args),
    removeAllListeners: () => events.removeAllListeners(),
  }
}

export type FakeElectron = ReturnType<typeof createFakeElectron>

export function createFakeElectron() {
  const windows: FakeWindow[] = []

  const app = {
    ...emitter(),
    isPackaged: false,
    getVersion: () => '1.2.3',
    getLocale: () => 'en-GB',
    isReady: () => true,
    dock: undefined as unknown,
    setUserTasks: vi.fn(),
    setBadgeCount: vi.fn(),
    getPath: (name: string) => `/${name}`,
    setAppLogsPath: vi.fn(),
    setAsDefaultProtocolClient: vi.fn(),
    setLoginItemSettings: vi.fn(),
    enableSandbox: vi.fn(),
    exit: vi.fn(),
    quit: vi.fn(),
    relaunch: vi.fn(),
    isInApplicationsFolder: () => true,
    moveToApplicationsFolder: vi.fn(),
    setPath: vi.fn(),
    getPreferredSystemLanguages: vi.fn(() => ['en-GB']),
    requestSingleInstanceLock: vi.fn(() => true),
    whenReady: vi.fn(async () => {}),
  }

  class FakeWindow {
    static getAllWindows = () => windows
    static getFocusedWindow = () => null
    readonly contents = {
      ...emitter(),
      send: vi.fn(),
      reload: vi.fn(),
      sendInputEvent: vi.fn(),
      copyImageAt: vi.fn(),
      showDefinitionForSelection: vi.fn(),
      startDrag: vi.fn(),
      executeJavaScript: vi.fn(async () => {}),
      zoomFactor: 1,
      getZoomFactor: () => this.contents.zoomFactor,
      setZoomFactor: (factor: number) => {
        this.contents.zoomFactor = factor
      },
      isLoadingMainFrame: () => false,
    }
    readonly webContents = strict('webContents', this.contents satisfies Faked<Electron.WebContents>)
    readonly loadURL = vi.fn(async () => {})
    readonly maximize = vi.fn()
    readonly hide = vi.fn()
    readonly setProgressBar = vi.fn()
    readonly setOverlayIcon = vi.fn()
    readonly setFullScreen = vi.fn()
    readonly setWindowButtonPosition = vi.fn()
    isMaximized = () => false
    isFullScreen = () => false
    isVisible = () => true
    isDestroyed = () => false
    readonly show = vi.fn()
    readonly focus = vi.fn()
    readonly restore = vi.fn()
    readonly setBackgroundColor = vi.fn()
    readonly setTitleBarOverlay = vi.fn()
    minimized = false
    isMinimized = () => this.minimized
    getNormalBounds = () => ({ x: 0, y: 0, width: 1_000, height: 700 })
    readonly events = emitter()
    readonly on = this.events.on
    readonly once = this.events.once
    readonly options: Electron.BrowserWindowConstructorOptions

    constructor(options: Electron.BrowserWindowConstructorOptions) {
      this.options = options
      const window = strict('BrowserWindow', this)
      windows.push(window)
      // biome-ignore lint/correctness/noConstructorReturn: the window that the host gets is the strict one.
      return window
    }
  }

  const defaultSession = {
    ...emitter(),
    resolveProxy: vi.fn(async () => 'DIRECT'),
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
  }

  class FakeTray {
    static created: FakeTray[] = []
    readonly on = emitter().on
    readonly setToolTip = vi.fn()
    readonly setContextMenu = vi.fn()
    readonly destroy = vi.fn()
    readonly iconPath: string

    constructor(iconPath: string) {
      this.iconPath = iconPath
      FakeTray.created.push(strict('Tray', this))
    }
  }

  class FakeNotification {
    static shown: FakeNotification[] = []
    static isSupported = () => true
    static handleActivation = vi.fn()
    static getHistory = vi.fn(async (): Promise<unknown[]> => [])
    readonly events = emitter()
    readonly on = this.events.on
    readonly options: Electron.NotificationConstructorOptions
    readonly show = () => FakeNotification.shown.push(this)

    constructor(options: Electron.NotificationConstructorOptions) {
      this.options = options
    }
  }

  /**
   * `works`, `unavailable`, `basic_text` (Linux without a key ring), or `changed`: stored text cannot be decrypted any
   * more.
   */
  const keyStore = { state: 'works' as 'works' | 'unavailable' | 'basic_text' | 'changed' | 'broken' }
  const safeStorage = {
    isAsyncEncryptionAvailable: async () => {
      if (keyStore.state === 'broken') throw new Error('no key store')
      return keyStore.state !== 'unavailable'
    },
    getSelectedStorageBackend: () => (keyStore.state === 'basic_text' ? 'basic_text' : 'gnome_libsecret'),
    encryptStringAsync: async (text: string) => Buffer.from(`sealed:${Buffer.from(text).toString('base64')}`),
    decryptStringAsync: async (sealed: Buffer) => {
      if (keyStore.state !== 'works') throw new Error('the key has changed')
      const result = Buffer.from(sealed.toString().replace('sealed:', ''), 'base64').toString()
      return { shouldReEncrypt: false, result }
    },
  }

  const handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>()
  const ipcMain = {
    handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => {
      handlers.set(channel, handler)
    },
    removeAllListeners: vi.fn(),
  }
  const schemes = new Map<string, (request: Request) => Response | Promise<Response>>()
  const protocol = {
    registerSchemesAsPrivileged: vi.fn(),
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
      schemes.set(scheme, handler)
    },
  }
  const workArea = { x: 0, y: 0, width: 1_920, height: 1_040 }
  const screen = {
    getAllDisplays: () => [{ size: { width: 1_920, height: 1_080 }, scaleFactor: 1.5 }],
    getPrimaryDisplay: () => ({ workArea }),
    getDisplayMatching: vi.fn(() => ({ workArea })),
  }
  const crashReporter = { start: vi.fn() }
  const clipboard = { writeText: vi.fn(async () => {}) }
  const nativeTheme = { ...emitter(), shouldUseDarkColors: false, themeSource: 'system' }
  const menu = {
    setApplicationMenu: vi.fn(),
    buildFromTemplate: (template: unknown) => ({ template, popup: vi.fn() }),
    getApplicationMenu: vi.fn(),
  }
  const dialog = {
    showErrorBox: vi.fn(),
    showMessageBox: vi.fn(async () => ({ response: 0 })),
    showSaveDialog: vi.fn(async (..._: unknown[]) => ({ canceled: true, filePath: '' })),
  }
  const image = (path: string) => ({ path, isEmpty: () => false, resize: () => ({ path }) })
  const nativeImage = { createFromPath: image, createFromBuffer: () => image('bytes') }
  const shell = { openExternal: vi.fn(async () => {}), openPath: vi.fn(async () => ''), showItemInFolder: vi.fn() }
  const powerMonitor = emitter()
  const powerSaveBlocker = { start: vi.fn(() => 7), stop: vi.fn() }
  const contextBridge = { exposeInMainWorld: vi.fn() }
  const ipcRenderer = { ...emitter(), invoke: vi.fn() }

  return {
    /** The module that `import … from 'electron'` returns. */
    module: {
      app: strict('app', app satisfies Faked<Electron.App>),
      BrowserWindow: strict('BrowserWindow', FakeWindow),
      clipboard: strict('clipboard', clipboard satisfies Faked<Electron.Clipboard>),
      crashReporter: strict('crashReporter', crashReporter satisfies Faked<Electron.CrashReporter>),
      contextBridge: strict('contextBridge', contextBridge satisfies Faked<Electron.ContextBridge>),
      dialog: strict('dialog', dialog satisfies Faked<Electron.Dialog>),
      ipcMain: strict('ipcMain', ipcMain satisfies Faked<Electron.IpcMain>),
      ipcRenderer: strict('ipcRenderer', ipcRenderer satisfies Faked<Electron.IpcRenderer>),
      Menu: strict('Menu', menu satisfies Faked<typeof Electron.Menu>),
      nativeTheme: strict('nativeTheme', nativeTheme satisfies Faked<Electron.NativeTheme>),
      nativeImage: strict('nativeImage', nativeImage satisfies Faked<typeof Electron.nativeImage>),
      Notification: strict('Notification', FakeNotification),
      powerMonitor: strict('powerMonitor', powerMonitor satisfies Faked<Electron.PowerMonitor>),
      powerSaveBlocker: strict('powerSaveBlocker', powerSaveBlocker satisfies Faked<Electron.PowerSaveBlocker>),
      protocol: strict('protocol', protocol satisfies Faked<Electron.Protocol>),
      safeStorage: strict('safeStorage', safeStorage satisfies Faked<Electron.SafeStorage>),
      screen: strict('screen', screen satisfies Faked<Electron.Screen>),
      session: strict('session', {
        defaultSession: strict('session', defaultSession satisfies Faked<Electron.Session>),
      }),
      shell: strict('shell', shell satisfies Faked<Electron.Shell>),
      Tray: strict('Tray', FakeTray),
    },
    app,
    windows,
    trays: FakeTray.created,
    notifications: FakeNotification.shown,
    defaultSession,
    keyStore,
    handlers,
    schemes,
    protocol,
    nativeTheme,
    menu,
    dialog,
    clipboard,
    ipcMain,
    workArea,
    shell,
    powerMonitor,
    powerSaveBlocker,
    contextBridge,
    ipcRenderer,
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, Menu, Notification, nativeTheme, powerMonitor, session } from 'electron'
import Store from 'electron-store'
import { errorMessage, label } from '../core/host/messages.ts'
import { loadPage } from '../core/host/page.ts'
import { languageOf, type SettingsFile, settingsFileOptions, settingsStore } from '../core/host/settings.ts'
import { currentSystem, parseStartOptions, requestedLanguage, type StartOptions } from '../core/host/start-options.ts'
import type { Log } from '../core/ports.ts'
import { prepareDataFolder, writeError } from '../core/store/data-folder.ts'
import type { CoreClient, WorkerFactory } from '../core/workers/client.ts'
import { fixedToken, launchCore } from '../core/workers/launch.ts'
import { AppError } from '../shared/errors.ts'
import type { Language } from '../shared/values.ts'
import type { Settings } from '../shared/views.ts'
import { guardNavigation, guardSession } from './guards.ts'
import { serveRequests } from './ipc.ts'
import { applicationMenu } from './menu.ts'
import { registerPageScheme, servePage } from './page.ts'
import { openSecrets } from './secrets.ts'
import { createTray } from './tray.ts'
import { openWindow } from './window.ts'

export interface AppParts {
  createWriter: WorkerFactory
  createReader: WorkerFactory
  createSandbox: WorkerFactory
  /** Paths of the built page's folder, the preload script and the tray icon. */
  pageDir: string
  preload: string
  trayIcon: string
  version: string
}

const log: Log = {
  info: () => {},
  warn: (event, fields = {}) => console.error(`carat: ${event}`, JSON.stringify(fields)),
}

/**
 * The user's arguments. A packaged app has only its executable before them; a checkout also has its folder,
 * and Electron's switches (which test drivers add) before that folder.
 */
export function ownArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const rest = argv.slice(1)
  return isPackaged ? rest : rest.slice(rest.findIndex((argument) => !argument.startsWith('-')) + 1)
}

/** Runs the Electron host: one instance per data folder, one window. `args` are the arguments after the app's path. */
export async function runApp(args: string[], parts: AppParts): Promise<void> {
  registerPageScheme()
  app.enableSandbox()
  guardNavigation()
  const locale = app.getPreferredSystemLanguages()[0] ?? 'en'
  let language = requestedLanguage(args) ?? languageOf(locale)
  try {
    const options = parseStartOptions(args, currentSystem())
    prepareDataFolder(options.dataDir)
    keepInside(options.dataDir)
    if (!app.requestSingleInstanceLock()) return app.exit()
    const file = openSettings(options, parts.version)
    const settings = settingsStore(file, locale, options.language)
    language = settings.get().language
    await app.whenReady()
    const secrets = options.api ? await openSecrets(options.dataDir, options.api, options.token, log) : fixedToken(null)
    const core = await launchCore({ ...parts, options, settings, secrets, log })
    present(core, file, settings.get(), parts)
  } catch (error) {
    const view = error instanceof AppError ? error.toView() : ({ code: 'internal', params: {} } as const)
    if (!(error instanceof AppError)) log.warn('start_failed', { error: String(error) })
    const message = errorMessage(view, language)
    console.error(message)
    await app.whenReady()
    dialog.showErrorBox('Carat Companion', message)
    app.exit(1)
  }
}

/** Chromium's own files stay below the data folder as well; the single-instance lock depends on this path. */
function keepInside(dataDir: string): void {
  const folder = join(dataDir, 'electron')
  mkdirSync(folder, { recursive: true })
  app.setPath('userData', folder)
  app.setPath('sessionData', folder)
}

function openSettings({ dataDir }: StartOptions, version: string): Store<SettingsFile> {
  const { configName: name, ...options } = settingsFileOptions(dataDir, version)
  try {
    return new Store<SettingsFile>({ ...options, name })
  } catch (error) {
    throw writeError(error, dataDir)
  }
}

/** Sets up everything that needs a running core and a ready app. */
function present(core: CoreClient, file: Store<SettingsFile>, settings: Settings, parts: AppParts): void {
  guardSession(session.defaultSession)
  servePage(loadPage(parts.pageDir), core)
  serveRequests(core)

  const show = () => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) return openWindow(file, parts.preload)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  let { language } = settings
  const nameTray = createTray(parts.trayIcon, { show, quit: () => app.quit() })
  const apply = ({ theme, ...chosen }: Settings) => {
    language = chosen.language
    nativeTheme.themeSource = theme
    Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(language, process.platform)))
    nameTray(language)
  }
  apply(settings)
  core.subscribe((event) => {
    if (event.type === 'settings') apply(event.settings)
    if (event.type === 'reminder') remind(event.subject, language, show)
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send('carat:event', event)
  })

  app.on('second-instance', show)
  app.on('activate', show)
  app.on('browser-window-focus', core.wake)
  powerMonitor.on('resume', core.wake)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.once('will-quit', (event) => {
    event.preventDefault()
    core.close().finally(() => app.exit())
  })
  show()
}

/** Shows a system notification that a support case is due; a click raises the window. */
function remind(subject: string, language: Language, show: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title: label('notice.reminder', language), body: subject })
  notification.on('click', show)
  notification.show()
}

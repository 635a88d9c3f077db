import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, crashReporter, dialog, Menu, nativeTheme, powerMonitor, session, shell } from 'electron'
import Store from 'electron-store'
import type { DesktopActions } from '../core/host/desktop-actions.ts'
import { errorMessage } from '../core/host/messages.ts'
import { loadPage } from '../core/host/page.ts'
import { languageOf, type SettingsFile, settingsFileOptions, settingsStore } from '../core/host/settings.ts'
import { currentSystem, parseStartOptions, requestedLanguage, type StartOptions } from '../core/host/start-options.ts'
import { openWorkFolder, type WorkFolder } from '../core/host/work-folder.ts'
import type { SettingsStore } from '../core/ports.ts'
import { writeError } from '../core/store/file/data-folder.ts'
import type { ResultRef } from '../core/store/jobs/results.ts'
import type { WorkerFactory } from '../core/workers/client.ts'
import { type HostCore, launchCore } from '../core/workers/launch.ts'
import { AppError } from '../shared/errors.ts'
import type { CoreEvent } from '../shared/events.ts'
import type { Language } from '../shared/values.ts'
import type { Settings, SyncState } from '../shared/views.ts'
import { offerApplicationsFolder } from './applications-folder.ts'
import { hiddenSwitch, type OwnArguments } from './arguments.ts'
import { createBadge } from './badge.ts'
import { showContextMenus } from './context-menu.ts'
import { deepLinkPath, deepLinkScheme } from './deep-link.ts'
import { readDiagnostics } from './diagnostics.ts'
import { offerUsualFolder, showProblem, watchPage } from './failures.ts'
import { createFiles } from './files.ts'
import { guardNavigation, guardSession } from './guards.ts'
import { popUpMenu } from './hidden-menu.ts'
import { serveRequests } from './ipc.ts'
import type { MainLog } from './log-file.ts'
import { applicationMenu } from './menu.ts'
import { createNotifier } from './notifications.ts'
import { registerPageScheme, servePage } from './page.ts'
import { createProgressBar } from './progress.ts'
import { systemProxy } from './proxy.ts'
import { setQuickMenus } from './quick-menus.ts'
import { closeBeforeQuit } from './quit.ts'
import { selfTest } from './self-test.ts'
import { openTokens } from './tokens.ts'
import { createTray } from './tray.ts'
import { createUpdates, loadUpdater } from './updates.ts'
import { goTo, openWindow, zoomWindow } from './window.ts'

export interface AppParts {
  createWriter: WorkerFactory
  createReader: WorkerFactory
  createSandbox: WorkerFactory
  /** Paths of the built page's folder, the preload script and two icons. */
  pageDir: string
  preload: string
  trayIcon: string
  badgeIcon: string
  version: string
  log: MainLog
  /** Called with the language of the settings, and whenever it changes. */
  onLanguage(language: Language): void
}

/** The data that a second start passes to the first: the page to show. */
interface SecondStart {
  path: string | null
}

/** Runs the Electron host: one instance per data folder, one window. */
export async function runApp(
  { options: args, ignored, path, isSelfTest, isHidden }: OwnArguments,
  parts: AppParts,
): Promise<void> {
  registerPageScheme()
  app.enableSandbox()
  guardNavigation()
  let start = path
  // macOS sends a link as an event, which may come before the app is ready.
  app.on('open-url', (_, address) => {
    start = deepLinkPath(address) ?? start
  })
  const locale = app.getPreferredSystemLanguages()[0] ?? 'en'
  let language = requestedLanguage(args) ?? languageOf(locale)
  try {
    const options = parseStartOptions(args, currentSystem())
    const work = openWorkFolder(options.dataDir)
    keepInside(work.workDir, parts.log)
    if (ignored.length > 0) parts.log.warn('arguments_ignored', { arguments: ignored.join(' ') })
    if (!app.requestSingleInstanceLock({ path } satisfies SecondStart)) return app.exit()
    const file = openSettings(work, parts.version)
    const settings = settingsStore(file, locale, options.language)
    language = settings.get().language
    parts.onLanguage(language)
    await app.whenReady()
    if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme)
    const core = await present({ ...parts, options, work, file, settings, path: start, isHidden })
    const [window] = BrowserWindow.getAllWindows()
    if (isSelfTest && window) await selfTest(window, core)
    else await offerApplicationsFolder(file, language, parts.log)
  } catch (error) {
    const view = error instanceof AppError ? error.toView() : ({ code: 'internal', params: {} } as const)
    if (!(error instanceof AppError)) parts.log.warn('start_failed', { error: String(error) })
    const message = errorMessage(view, language)
    console.error(message)
    await app.whenReady()
    if (view.code === 'data_folder_on_network') await offerUsualFolder(message, language)
    else dialog.showErrorBox('Carat Companion', message)
    app.exit(1)
  }
}

/**
 * Chromium's own files, logs and crash dumps stay below the data folder as well; the single-instance lock depends on the
 * first of these paths.
 */
function keepInside(workDir: string, log: MainLog): void {
  const folder = join(workDir, 'electron')
  mkdirSync(folder, { recursive: true })
  app.setPath('userData', folder)
  app.setPath('sessionData', folder)
  app.setPath('crashDumps', join(folder, 'crashes'))
  const logs = join(workDir, 'logs')
  log.keepIn(logs)
  app.setAppLogsPath(logs)
  crashReporter.start({ uploadToServer: false })
}

function openSettings({ workDir }: WorkFolder, version: string): Store<SettingsFile> {
  const { configName: name, ...options } = settingsFileOptions(workDir, version)
  try {
    return new Store<SettingsFile>({ ...options, name })
  } catch (error) {
    throw writeError(error, workDir)
  }
}

interface Presented extends AppParts {
  options: StartOptions
  work: WorkFolder
  file: Store<SettingsFile>
  settings: SettingsStore
  /** The path of the page to start with. */
  path: string | null
  /** Starts in the tray if the app may run in the background. */
  isHidden: boolean
}

/** Whether the history was not read to its end yet; true while the core starts. */
async function isFirstSync(starting: Promise<HostCore>): Promise<boolean> {
  const answer = await starting.then((core) => core.request('sync.state', {})).catch(() => null)
  return !answer?.ok || (answer.data as SyncState).lastSuccessAt === null
}

/** Opens the window at once, and starts the core behind it. Rejects with the `AppError` of a core that does not start. */
async function present({ file, settings, options, work, path, isHidden, log, ...parts }: Presented): Promise<HostCore> {
  let { language } = settings.get()
  let isQuitting = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  // macOS keeps an app without windows by itself.
  const hasTray = () => process.platform === 'darwin' || settings.get().runsInBackground
  const staysOpen = () => !isQuitting && process.platform !== 'darwin' && settings.get().runsInBackground

  const open = (start: string | null, isHidden = false) => {
    const window = openWindow({ file, preload: parts.preload, log, path: start, isHidden, staysOpen })
    watchPage(window, failureParts)
    showContextMenus(window.webContents, () => language, saveOriginal)
    quit.watch(window)
  }
  /** Shows the window, with another screen if a path is given. */
  const show = (wanted: string | null = null) => {
    if (quit.isClosing()) return
    const [window] = BrowserWindow.getAllWindows()
    if (!window) return open(wanted)
    if (wanted) goTo(window, wanted)
    // Before its first paint it would be an empty frame; `ready-to-show` shows it.
    if (window.webContents.isLoadingMainFrame() && !window.isVisible()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  const failureParts = { log, language: () => language }
  const { dataDir } = options
  const files = createFiles({
    dataDir,
    workDir: work.workDir,
    core: () => starting,
    dragIcon: parts.badgeIcon,
    diagnostics: () => readDiagnostics({ dataDir, core, settings: settings.get }),
  })
  const saveOriginal = (result: ResultRef) => files.save(result).catch((error) => showProblem(error, failureParts))
  const windows = () => BrowserWindow.getAllWindows()
  const notify = createNotifier({
    log,
    settings: settings.get,
    isInFront: () => BrowserWindow.getFocusedWindow() !== null,
    core: () => core(),
    show,
  })
  const showProgress = createProgressBar(windows)
  const updates = createUpdates({ updater: loadUpdater(), isBusy: () => isFirstSync(starting), log })
  const showBadge = createBadge({ core: () => core(), settings: settings.get, windows, overlayIcon: parts.badgeIcon })
  const hear = (event: CoreEvent) => {
    if (event.type === 'settings') apply(event.settings)
    if (event.type === 'settings' || event.type === 'data') showBadge()
    if (event.type === 'sync' || event.type === 'data') tray.refresh()
    notify(event)
    showProgress(event)
    for (const window of windows()) window.webContents.send('carat:event', event)
  }

  const starting = start()
  // Awaited below. Requests of the page wait for it.
  starting.catch(() => {})
  const served = servePage(loadPage(parts.pageDir), starting)
  async function start(): Promise<HostCore> {
    const { api, token } = options
    const tokens = await openTokens(dataDir, log)
    const kept = api === null ? null : await tokens.read(api).catch(() => null)
    // A token of the environment cannot be renewed, so it takes the place of another token only.
    if (api !== null && token !== null && tokens.storage === 'keyStore' && !kept?.oauth) {
      const signIn = { api, token, oauth: null, account: null }
      await tokens.keep(signIn).catch((error) => log.warn('token_not_kept', { error: String(error) }))
    }
    const { delivery } = files
    const desktop: DesktopActions = {
      ...files,
      openMenu: () => inWindow(popUpMenu)(),
      updates,
      cancelMedia: (file) => served.cancel(file),
    }
    const proxyFor = (address: string) => systemProxy(session.defaultSession, address)
    return launchCore({
      ...parts,
      options,
      work,
      settings,
      file,
      tokens,
      openAddress: (address) => shell.openExternal(address),
      log,
      proxyFor,
      onEvent: hear,
      // Chromium's own files and the lock of a single instance are in the copy.
      startAnew: async () => {
        app.relaunch()
        app.quit()
      },
      delivery,
      desktop,
    })
  }
  const core = () => starting.catch(() => null)

  const quit = closeBeforeQuit(async () => (await core())?.close(), log)
  const sync = async () => void (await core())?.request('sync.now', {})
  const pause = async (isPaused: boolean) => void (await core())?.request(isPaused ? 'sync.pause' : 'sync.resume', {})
  const wake = async () => (await core())?.wake()
  const inWindow = (act: (window: BrowserWindow) => void) => () => {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
    if (window) act(window)
  }
  const menuActions = {
    go: show,
    sync,
    find: inWindow(({ webContents }) => {
      const modifiers = [process.platform === 'darwin' ? 'meta' : 'control'] as const
      webContents.sendInputEvent({ type: 'keyDown', keyCode: 'F', modifiers: [...modifiers] })
    }),
    zoom: (step: -1 | 0 | 1) => inWindow((window) => zoomWindow(window, file, step))(),
    saveDiagnostics: () => files.saveDiagnostics().catch((error) => showProblem(error, failureParts)),
    openLogs: () => void shell.openPath(app.getPath('logs')),
  }

  guardSession(session.defaultSession)
  serveRequests(starting)
  const tray = createTray({
    iconPath: parts.trayIcon,
    core,
    actions: { show: () => show(), go: show, sync, pause, quit: () => app.quit() },
  })
  function apply({ theme, ...chosen }: Settings): void {
    language = chosen.language
    parts.onLanguage(language)
    nativeTheme.themeSource = theme
    Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(language, process.platform, menuActions)))
    setQuickMenus(language, menuActions)
    tray.show(hasTray() ? language : null)
    // A checkout must not start at login in place of the installed app.
    if (app.isPackaged && process.platform !== 'linux') {
      app.setLoginItemSettings({ openAtLogin: chosen.startsAtLogin, args: [hiddenSwitch] })
    }
  }
  apply(settings.get())

  app.on('second-instance', (_, __, ___, data) => show((data as SecondStart | null)?.path ?? null))
  app.on('activate', () => show())
  app.on('open-url', (_, address) => show(deepLinkPath(address)))
  app.on('browser-window-focus', wake)
  powerMonitor.on('resume', async () => {
    // The machine may wake up in another network.
    await (await core())?.renewProxy()
    await wake()
  })
  powerMonitor.on('unlock-screen', wake)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('child-process-gone', (_, { type, reason, exitCode }) => log.warn('process_gone', { type, reason, exitCode }))
  open(path, isHidden && hasTray())
  return starting
}

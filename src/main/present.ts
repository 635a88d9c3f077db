import { app, BrowserWindow, powerMonitor, session, shell } from 'electron'
import type Store from 'electron-store'
import { loadPage } from '../core/host/page.ts'
import type { SettingsFile } from '../core/host/settings.ts'
import type { StartOptions } from '../core/host/start-options.ts'
import type { WorkFolder } from '../core/host/work-folder.ts'
import type { Log, SettingsStore } from '../core/ports.ts'
import type { ResultRef } from '../core/store/jobs/results.ts'
import type { HostCore } from '../core/workers/launch.ts'
import type { WorkerFactory } from '../core/workers/threads.ts'
import type { CoreEvent } from '../shared/events.ts'
import type { Language } from '../shared/values.ts'
import type { SyncState } from '../shared/views.ts'
import { applySettings, hasTray } from './appearance.ts'
import { createBadge } from './badge.ts'
import { showContextMenus } from './context-menu.ts'
import { deepLinkPath } from './deep-link.ts'
import { readDiagnostics } from './diagnostics.ts'
import { showProblem, watchPage } from './failures.ts'
import { createFiles } from './files.ts'
import { guardSession } from './guards.ts'
import { popUpMenu } from './hidden-menu.ts'
import { serveRequests } from './ipc.ts'
import { launchInElectron } from './launch.ts'
import type { MainLog } from './log-file.ts'
import type { MenuActions } from './menu.ts'
import { createNotifier } from './notifications.ts'
import { servePage } from './page.ts'
import { createProgressBar } from './progress.ts'
import { closeBeforeQuit } from './quit.ts'
import { createTray } from './tray.ts'
import { createUpdates, loadUpdater } from './updates.ts'
import { zoomWindow } from './window.ts'
import { createWindows, type Windows } from './windows.ts'

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
export interface SecondStart {
  path: string | null
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

/** The core; null if it does not start. */
type RunningCore = () => Promise<HostCore | null>

/** Opens the window at once, and starts the core behind it. Rejects with the `AppError` of a core that does not start. */
export async function present(parts: Presented): Promise<HostCore> {
  const { file, settings, options, work, log, badgeIcon } = parts
  const core: RunningCore = () => starting.catch(() => null)
  const failureParts = { log, language: () => settings.get().language }
  const orSayWhy = (work: Promise<unknown>) => work.catch((error) => showProblem(error, failureParts))

  const quit = closeBeforeQuit(async () => (await core())?.close(), log)
  const windows = createWindows({
    file,
    preload: parts.preload,
    log,
    quit,
    staysOpen: closingHides(settings),
    onOpen(window) {
      watchPage(window, failureParts)
      showContextMenus(window.webContents, failureParts.language, saveOriginal)
    },
  })
  const files = createFiles({
    dataDir: options.dataDir,
    workDir: work.workDir,
    core: () => starting,
    dragIcon: badgeIcon,
    diagnostics: () => readDiagnostics({ dataDir: options.dataDir, core, settings: settings.get }),
  })
  const saveOriginal = (result: ResultRef) => orSayWhy(files.save(result))
  const actions: MenuActions = {
    go: windows.show,
    sync: async () => void (await core())?.request('sync.now', {}),
    find: windows.command(pressFind),
    zoom: (step) => windows.command((window) => zoomWindow(window, file, step))(),
    saveDiagnostics: () => orSayWhy(files.saveDiagnostics()),
    openLogs: () => void shell.openPath(app.getPath('logs')),
  }
  const tray = createTray({
    iconPath: parts.trayIcon,
    core,
    actions: {
      ...actions,
      show: () => windows.show(),
      pause: async (isPaused) => void (await core())?.request(isPaused ? 'sync.pause' : 'sync.resume', {}),
      quit: () => app.quit(),
    },
  })
  const updates = createUpdates({ updater: loadUpdater(), isBusy: () => isFirstSync(core), log })

  const notify = createNotifier({
    log,
    settings: settings.get,
    isInFront: () => BrowserWindow.getFocusedWindow() !== null,
    core,
    show: windows.show,
  })
  const showProgress = createProgressBar(windows.all)
  const showBadge = createBadge({ core, settings: settings.get, windows: windows.all, overlayIcon: badgeIcon })
  const apply = () => {
    parts.onLanguage(settings.get().language)
    applySettings(settings.get(), { tray, actions })
  }
  const hear = (event: CoreEvent) => {
    if (event.type === 'settings') apply()
    if (event.type === 'settings' || event.type === 'data') showBadge()
    if (event.type === 'sync' || event.type === 'data') tray.refresh()
    notify(event)
    showProgress(event)
    for (const window of windows.all()) window.webContents.send('carat:event', event)
  }

  const starting = launchInElectron({
    ...parts,
    onEvent: hear,
    delivery: files.delivery,
    desktop: {
      ...files,
      openMenu: windows.command(popUpMenu),
      updates,
      cancelMedia: (media) => served.cancel(media),
    },
  })
  // Awaited by the caller. Requests of the page wait for it.
  starting.catch(() => {})
  const served = servePage(loadPage(parts.pageDir), starting)
  guardSession(session.defaultSession)
  serveRequests(starting)
  apply()
  followSystem(windows, core, log)
  windows.open(parts.path, parts.isHidden && hasTray(settings.get()))
  return starting
}

/** Returns a function that tells whether closing the window only hides it: not on macOS, and not while the app quits. */
function closingHides(settings: SettingsStore): () => boolean {
  let isQuitting = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  return () => !isQuitting && process.platform !== 'darwin' && settings.get().runsInBackground
}

/** Whether the history was not read to its end yet; true while the core starts. */
async function isFirstSync(core: RunningCore): Promise<boolean> {
  const answer = await (await core())?.request('sync.state', {})
  return !answer?.ok || (answer.data as SyncState).lastSuccessAt === null
}

/** The page finds by its own key. */
function pressFind({ webContents }: BrowserWindow): void {
  const modifiers = [process.platform === 'darwin' ? 'meta' : 'control'] as const
  webContents.sendInputEvent({ type: 'keyDown', keyCode: 'F', modifiers: [...modifiers] })
}

/** Answers the system: other starts, links, sleep, and the end of processes and windows. */
function followSystem(windows: Windows, core: RunningCore, log: Log): void {
  const wake = async () => (await core())?.wake()
  app.on('second-instance', (_, __, ___, data) => windows.show((data as SecondStart | null)?.path))
  app.on('activate', () => windows.show())
  app.on('open-url', (_, address) => windows.show(deepLinkPath(address)))
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
}

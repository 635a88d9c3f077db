import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, crashReporter, dialog } from 'electron'
import Store from 'electron-store'
import { errorMessage } from '../core/host/messages.ts'
import { type SettingsFile, settingsFileOptions, settingsStore } from '../core/host/settings.ts'
import { currentSystem, languageOf, parseStartOptions, requestedLanguage } from '../core/host/start-options.ts'
import { openWorkFolder, type WorkFolder } from '../core/host/work-folder.ts'
import { writeError } from '../core/store/file/data-folder.ts'
import { AppError } from '../shared/errors.ts'
import { offerApplicationsFolder } from './applications-folder.ts'
import type { OwnArguments } from './arguments.ts'
import { deepLinkPath, deepLinkScheme } from './deep-link.ts'
import { offerUsualFolder } from './failures.ts'
import { guardNavigation } from './guards.ts'
import type { MainLog } from './log-file.ts'
import { registerPageScheme } from './page.ts'
import { type AppParts, present, type SecondStart } from './present.ts'
import { selfTest } from './self-test.ts'

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

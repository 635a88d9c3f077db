import { fileURLToPath } from 'node:url'
import { app } from 'electron'
import { languageOf } from '../core/host/start-options.ts'
import createReader from '../core/workers/reader.ts?nodeWorker'
import createWriter from '../core/workers/writer.ts?nodeWorker'
import createSandbox from '../sandbox/worker.ts?nodeWorker'
import { runApp } from './app.ts'
import { ownArguments } from './arguments.ts'
import { catchFailures } from './failures.ts'
import { createLog } from './log-file.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const log = createLog()
let language = languageOf(app.getLocale())
catchFailures({ log, language: () => language })
if (process.platform === 'win32') {
  // The installer's shortcut has this id: with another one, the pinned icon and the window are two buttons. A checkout has
  // ids of its own, because Electron writes them into the shortcut at the first notification.
  app.setAppUserModelId(app.isPackaged ? 'app.carat-companion' : 'app.carat-companion.checkout')
  app.setToastActivatorCLSID(`{6F3B6C0E-3B0B-4B0C-9C5B-2C1A7E5D9A4${app.isPackaged ? 1 : 2}}`)
}

// Not awaited: Electron becomes ready only after this module has run.
runApp(ownArguments(process.argv, app.isPackaged), {
  createWriter,
  createReader,
  createSandbox,
  pageDir: path('../renderer'),
  preload: path('../preload/index.cjs'),
  // macOS colours an icon with this file name like the rest of its menu bar.
  trayIcon: path(`../../resources/icons/${process.platform === 'darwin' ? 'trayTemplate' : 'tray'}.png`),
  badgeIcon: path('../../resources/icons/badge.png'),
  version: app.getVersion(),
  log,
  onLanguage: (chosen) => {
    language = chosen
  },
})

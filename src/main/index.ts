import { fileURLToPath } from 'node:url'
import { app } from 'electron'
import createReader from '../core/workers/reader.ts?nodeWorker'
import createWriter from '../core/workers/writer.ts?nodeWorker'
import createSandbox from '../sandbox/worker.ts?nodeWorker'
import { ownArguments, runApp } from './app.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

// Not awaited: Electron becomes ready only after this module has run.
runApp(ownArguments(process.argv, app.isPackaged), {
  createWriter,
  createReader,
  createSandbox,
  pageDir: path('../renderer'),
  preload: path('../preload/index.cjs'),
  // macOS colours an icon with this file name like the rest of its menu bar.
  trayIcon: path(`../../resources/icons/${process.platform === 'darwin' ? 'trayTemplate' : 'tray'}.png`),
  version: app.getVersion(),
})

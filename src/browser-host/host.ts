import { openTokens } from '../core/host/key-ring.ts'
import { errorMessage } from '../core/host/messages.ts'
import { loadPage } from '../core/host/page.ts'
import { openSettingsFile, settingsStore } from '../core/host/settings.ts'
import {
  currentSystem,
  languageOf,
  parseStartOptions,
  requestedLanguage,
  systemLocale,
} from '../core/host/start-options.ts'
import { openCopyFolder, openWorkFolder } from '../core/host/work-folder.ts'
import type { Log } from '../core/ports.ts'
import { type HostCore, launchCore } from '../core/workers/launch.ts'
import type { WorkerFactory } from '../core/workers/threads.ts'
import { AppError } from '../shared/errors.ts'
import { createDownloads } from './downloads.ts'
import { replaceableCore } from './replaceable-core.ts'
import { startServer } from './server.ts'
import { type AppWindow, findBrowser, hasDisplay, openWindow } from './window.ts'

export interface HostParts {
  createWriter: WorkerFactory
  createReader: WorkerFactory
  createSandbox: WorkerFactory
  /** The folder of the built page. */
  pageDir: string
  version: string
}

const stopLimitMs = 3_000

const log: Log = {
  info: () => {},
  warn: (event, fields = {}) => {
    const details = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    console.error(['carat:', event, ...details].join(' '))
  },
}

/** Starts the core and the loopback server, prints the address on standard output, and opens the window. */
export async function runHost(args: string[], parts: HostParts): Promise<void> {
  let language = requestedLanguage(args) ?? languageOf(systemLocale())
  try {
    const system = currentSystem()
    const options = parseStartOptions(args, system)
    const tokens = await openTokens(options.dataDir, log)
    let work = openWorkFolder(options.dataDir)
    const downloads = createDownloads(() => work.workDir)
    const launch = async (): Promise<HostCore> => {
      const file = openSettingsFile(work.workDir, parts.version)
      const settings = settingsStore(file, systemLocale(), options.language)
      language = settings.get().language
      const own = { options, work, settings, file, tokens, log, delivery: downloads, startAnew }
      const core = await launchCore({ ...parts, ...own })
      // Only now does the data folder belong to this process alone.
      downloads.clear()
      return core
    }
    const launchAnywhere = () =>
      launch().catch((error) => {
        // There was space for the trial of a write, and too little for the database.
        if (work.readOnly || !(error instanceof AppError) || error.code !== 'disk_full') throw error
        work = openCopyFolder(options.dataDir, error)
        return launch()
      })
    const startAnew = () =>
      core.replace(() => {
        work = openWorkFolder(options.dataDir)
        return launchAnywhere()
      })
    const launching = replaceableCore(launchAnywhere)
    // The threads of the core load meanwhile.
    const page = loadPage(parts.pageDir)
    const core = await launching
    const server = await startServer(core, page, downloads, options.port).catch(async (error) => {
      await core.close()
      throw error
    })
    let window: AppWindow | null = null
    const stop = async () => {
      // Ends the process even if closing hangs.
      setTimeout(() => process.exit(), stopLimitMs).unref()
      window?.close()
      await server.close()
      downloads.clear()
      await core.close()
      process.exit()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
    const browser = options.open && hasDisplay(system) ? findBrowser(system) : null
    if (browser) window = openWindow(browser, server.invite(), work.workDir, stop)
    console.log(`Carat Companion is ready: ${server.invite()}`)
  } catch (error) {
    const view = error instanceof AppError ? error.toView() : ({ code: 'internal', params: {} } as const)
    console.error(errorMessage(view, language))
    if (!(error instanceof AppError)) log.warn('start_failed', { error: String(error) })
    process.exit(1)
  }
}

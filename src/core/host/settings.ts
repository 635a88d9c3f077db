import { join } from 'node:path'
import Conf, { type Options } from 'conf'
import { z } from 'zod'
import { settingFields } from '../../shared/host-routes.ts'
import { notificationKinds } from '../../shared/notifications.ts'
import { hour } from '../../shared/route-inputs.ts'
import { defaultNotifications, type Settings } from '../../shared/settings.ts'
import type { Language } from '../../shared/values.ts'
import type { SettingsStore } from '../ports.ts'
import { refuseInTheWay, writeError } from '../store/file/data-folder.ts'
import { languageOf } from './start-options.ts'

/** `settings.json` in the data folder. It holds only the user's choices; other settings follow the system. */
export interface SettingsFile extends Record<string, unknown>, Partial<Settings> {
  /** The address of the service that the user connected on the screen. */
  service?: string
  /** Last size and position of the window in the Electron host. */
  window?: WindowState
  /** Zoom factor of the page in the Electron host. */
  zoom?: number
  /** Whether macOS users were asked to move the app to the Applications folder. */
  wasAskedToMove?: boolean
}

/** Pixels of the system. A file of an earlier version has the size only. */
export interface WindowState {
  width: number
  height: number
  x?: number
  y?: number
  isMaximized?: boolean
  isFullScreen?: boolean
}

const coordinate = z.number().min(-100_000).max(100_000)
const size = z.number().min(1).max(100_000)
/** Keeps what a later version of the app has added. */
const schema = z.looseObject({
  ...settingFields,
  notifications: z
    .looseObject({
      muted: z.array(z.enum(notificationKinds)),
      quietHours: z.looseObject({ from: hour, until: hour }).nullable(),
      showsText: z.boolean(),
    })
    .optional(),
  service: z.string().optional(),
  window: z
    .looseObject({
      width: size,
      height: size,
      x: coordinate.optional(),
      y: coordinate.optional(),
      isMaximized: z.boolean().optional(),
      isFullScreen: z.boolean().optional(),
    })
    .optional(),
  wasAskedToMove: z.boolean().optional(),
  zoom: z.number().min(0.25).max(5).optional(),
})

/** The options with which every host opens the file, so that all of them use the same file. */
export function settingsFileOptions(dataDir: string, version: string): Options<SettingsFile> {
  return {
    cwd: dataDir,
    configName: 'settings',
    projectName: 'carat-companion',
    projectVersion: version,
    // A damaged file resets the settings; the app still starts. The package's own schemas take 40 ms of every start.
    clearInvalidConfig: true,
    deserialize: (text) => (schema.safeParse(JSON.parse(text)).data ?? {}) as SettingsFile,
  }
}

/** The settings file of a host without Electron. Throws `file_in_the_way` or `data_folder_not_writable`. */
export function openSettingsFile(dataDir: string, version: string): Conf<SettingsFile> {
  try {
    return new Conf<SettingsFile>(settingsFileOptions(dataDir, version))
  } catch (error) {
    refuseInTheWay(join(dataDir, 'settings.json'))
    throw writeError(error, dataDir)
  }
}

/**
 * The settings in the file, with defaults. `locale` is the system's language tag. `language` comes from the command line
 * and applies until the user chooses another language.
 */
export function settingsStore(file: Conf<SettingsFile>, locale: string, language: Language | null): SettingsStore {
  let override = language
  const get = (): Settings => ({
    language: override ?? file.get('language') ?? languageOf(locale),
    theme: file.get('theme') ?? 'system',
    density: file.get('density') ?? 'default',
    libraryView: file.get('libraryView') ?? 'grid',
    cacheLimit: file.get('cacheLimit') ?? 5,
    runsInBackground: file.get('runsInBackground') ?? false,
    startsAtLogin: file.get('startsAtLogin') ?? false,
    notifications: file.get('notifications') ?? defaultNotifications,
    showsBadge: file.get('showsBadge') ?? true,
    welcomeDismissed: file.get('welcomeDismissed') ?? false,
  })
  return {
    get,
    set(patch) {
      try {
        file.set(patch)
      } catch (error) {
        throw writeError(error, file.path)
      }
      if (patch.language) override = null
      return get()
    },
  }
}

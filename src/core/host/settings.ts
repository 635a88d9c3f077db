import { join } from 'node:path'
import Conf, { type Options } from 'conf'
import { notificationKinds } from '../../shared/notifications.ts'
import { defaultNotifications, type Settings } from '../../shared/settings.ts'
import { cacheLimits, type Language, languages, themes } from '../../shared/values.ts'
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

const size = { type: 'number', minimum: 1, maximum: 100_000 } as const
const coordinate = { type: 'number', minimum: -100_000, maximum: 100_000 } as const
const hour = { type: 'integer', minimum: 0, maximum: 23 } as const
const flag = { type: 'boolean' } as const
const schema: NonNullable<Options<SettingsFile>['schema']> = {
  language: { type: 'string', enum: [...languages] },
  theme: { type: 'string', enum: [...themes] },
  density: { type: 'string', enum: ['default', 'compact'] },
  libraryView: { type: 'string', enum: ['grid', 'list'] },
  cacheLimit: { type: 'number', enum: [...cacheLimits] },
  runsInBackground: flag,
  startsAtLogin: flag,
  notifications: {
    type: 'object',
    properties: {
      muted: { type: 'array', items: { type: 'string', enum: [...notificationKinds] } },
      quietHours: { type: ['object', 'null'], properties: { from: hour, until: hour }, required: ['from', 'until'] },
      showsText: flag,
    },
    required: ['muted', 'quietHours', 'showsText'],
  },
  showsBadge: flag,
  welcomeDismissed: flag,
  service: { type: 'string' },
  window: {
    type: 'object',
    properties: { width: size, height: size, x: coordinate, y: coordinate, isMaximized: flag, isFullScreen: flag },
    required: ['width', 'height'],
  },
  wasAskedToMove: flag,
  zoom: { type: 'number', minimum: 0.25, maximum: 5 },
}

/** The options with which every host opens the file, so that all of them use the same file. */
export function settingsFileOptions(dataDir: string, version: string): Options<SettingsFile> {
  return {
    cwd: dataDir,
    configName: 'settings',
    projectName: 'carat-companion',
    projectVersion: version,
    schema,
    // Our own schema needs no check against its schema, which took 40 ms of every start.
    ajvOptions: { validateSchema: false },
    // A damaged file resets the settings; the app still starts.
    clearInvalidConfig: true,
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
